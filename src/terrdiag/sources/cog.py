"""The « Code officiel géographique » of INSEE: communes, upper levels, events between communes.

Geography: 1 January of the year in the name of the file. A ``TYPECOM`` of ``COM`` is a commune;
``COMD`` and ``COMA`` (delegated and associated communes) repeat the code of one, and ``ARM`` are
the arrondissements of Paris, Lyon and Marseille.

Every reader takes the file of INSEE, or the archive of them all (``cog_ensemble_AAAA_csv.zip``).
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from terrdiag.catalogue.load import load_sources
from terrdiag.errors import SourceFormatError, SourceUnavailableError
from terrdiag.sources.extract import Dropped, Extract, check_unique
from terrdiag.sources.files import FETCH_AGAIN, find_zip_member, read_csv, read_zip_member
from terrdiag.sources.tables import (
    COMMUNE_PATTERN,
    check_codes,
    make_extract,
    name_dropped,
)

SOURCE_ID: Final = "insee-cog-2026"

COMMUNE_COLUMNS: Final = ("TYPECOM", "COM", "REG", "DEP", "LIBELLE", "COMPARENT")
EVENT_COLUMNS: Final = (
    "MOD", "DATE_EFF", "TYPECOM_AV", "COM_AV", "LIBELLE_AV", "TYPECOM_AP", "COM_AP", "LIBELLE_AP",
)  # fmt: skip

TYPES: Final = {
    "COMD": "communes déléguées (elles répètent le code d'une commune)",
    "COMA": "communes associées (elles répètent le code d'une commune)",
    "ARM": "arrondissements municipaux de Paris, Lyon et Marseille",
}

ARCHIVE: Final = ".zip"


def find_file(paths: Sequence[Path], kind: str) -> Path:
    """Find the file to read: the one of its kind, or the archive of them all.

    Parameters
    ----------
    paths
        The files of the source that are there.
    kind
        ``commune``, ``mvt_commune``, ``departement`` or ``region``.

    Returns
    -------
    Path
        For the reader of that kind; the file of its own wins over the archive.

    Raises
    ------
    SourceUnavailableError
        Neither is there.

    Examples
    --------
    >>> find_file([Path("cog_ensemble_2026_csv.zip"), Path("v_commune_2026.csv")], "commune").name
    'v_commune_2026.csv'
    >>> find_file([Path("cog_ensemble_2026_csv.zip")], "region").name
    'cog_ensemble_2026_csv.zip'
    """
    own = [path for path in paths if re.fullmatch(rf"v_{kind}_\d{{4}}\.csv", path.name.casefold())]
    whole = [path for path in paths if path.suffix.casefold() == ARCHIVE]
    if not own + whole:
        raise SourceUnavailableError(
            f"v_{kind}_AAAA.csv est absent du code officiel géographique "
            f"(trouvé : {', '.join(path.name for path in paths) or 'rien'}). {FETCH_AGAIN}"
        )
    return (own + whole)[0]


def read_communes(path: Path) -> Extract:
    """Read the communes (``v_commune_AAAA.csv``).

    Returns
    -------
    Extract
        ``code_commune, nom, code_departement, code_region``, sorted by code.

    Raises
    ------
    SourceFormatError
        The file is not the one expected, or is not whole.
    """
    raw = _read(path, "commune", COMMUNE_COLUMNS)
    check_codes(raw["COM"], COMMUNE_PATTERN, path)
    unknown = sorted(set(raw["TYPECOM"]) - {"COM", *TYPES})
    if unknown:
        raise SourceFormatError(
            f"{path}, colonne TYPECOM : valeur inconnue : {', '.join(unknown)}."
        )
    communes = raw[raw["TYPECOM"] == "COM"]
    check_unique(communes, ["COM"], path)
    orphan = communes.loc[(communes["DEP"] == "") | (communes["REG"] == ""), "COM"]
    if not orphan.empty:
        raise SourceFormatError(
            f"{path} : commune(s) sans département ou sans région : {', '.join(orphan.head(5))}."
        )
    table = communes[["COM", "LIBELLE", "DEP", "REG"]].sort_values("COM")
    table.columns = pd.Index(["code_commune", "nom", "code_departement", "code_region"])
    dropped = [
        name_dropped(label, raw.loc[raw["TYPECOM"] == kind, "COM"]) for kind, label in TYPES.items()
    ]
    return make_extract(SOURCE_ID, table, [path], sum(dropped, ()))


def read_arrondissements_municipaux(path: Path) -> Extract:
    """Read the arrondissements of Paris, Lyon and Marseille, with the commune they are part of.

    Returns
    -------
    Extract
        ``code_arrondissement, nom, code_commune``, sorted by code.
    """
    raw = _read(path, "commune", COMMUNE_COLUMNS)
    rows = raw[raw["TYPECOM"] == "ARM"]
    if rows.empty:
        raise SourceFormatError(f"{path} : aucun arrondissement municipal (TYPECOM = ARM).")
    check_unique(rows, ["COM"], path)
    check_codes(rows["COM"], COMMUNE_PATTERN, path)
    check_codes(rows["COMPARENT"], COMMUNE_PATTERN, path)
    table = rows[["COM", "LIBELLE", "COMPARENT"]].sort_values("COM")
    table.columns = pd.Index(["code_arrondissement", "nom", "code_commune"])
    return make_extract(SOURCE_ID, table, [path])


def read_departements(path: Path) -> Extract:
    """Read the départements: ``code, nom, code_region``."""
    return _read_upper(path, "DEP", r"\d\d|2[AB]|97\d", ["code", "nom", "code_region"])


def read_regions(path: Path) -> Extract:
    """Read the régions: ``code, nom``."""
    return _read_upper(path, "REG", r"\d\d", ["code", "nom"])


def _read(path: Path, kind: str, columns: Sequence[str]) -> pd.DataFrame:
    """Read a file, or its member of the archive, refusing that of another year."""
    if path.suffix.casefold() != ARCHIVE:
        _check_year(path.name, path)
        return read_csv(path, columns)
    # a pattern without the year would find v_commune_depuis_1943.csv and v_commune_comer_2026.csv too
    member = find_zip_member(path, f"v_{kind}_[12][0-9][0-9][0-9].csv")
    _check_year(member, path)
    return read_csv(path, columns, data=read_zip_member(path, member))


def _check_year(name: str, path: Path) -> None:
    """Refuse a file whose name bears another year than that of the register."""
    expected = load_sources()[SOURCE_ID].cog_year
    found = re.search(r"_(\d{4})\.csv$", name.casefold())
    if found and int(found[1]) != expected:
        raise SourceFormatError(
            f"{path} : fichier du Code officiel géographique de {found[1]} ({name}), alors que celui de "
            f"{expected} est attendu. Prenez celui du 1er janvier {expected}, ou mettez terrdiag à jour."
        )


def _check_last_event(dates: pd.Series, path: Path) -> None:
    """Refuse events later than the year of the register: those of a later file."""
    expected = load_sources()[SOURCE_ID].cog_year
    last = dates.max()
    if last > pd.Timestamp(expected, 1, 1):
        raise SourceFormatError(
            f"{path} : un événement du {last:%d/%m/%Y} est postérieur au 1er janvier {expected} : c'est le fichier "
            f"d'une autre année. Prenez celui du 1er janvier {expected}, ou mettez terrdiag à jour."
        )


def _read_upper(path: Path, code: str, pattern: str, names: list[str]) -> Extract:
    columns = [code, "LIBELLE", "REG"][: len(names)]
    raw = _read(path, "departement" if code == "DEP" else "region", columns)
    check_codes(raw[code], pattern, path)
    check_unique(raw, [code], path)
    table = raw[columns].sort_values(code)
    table.columns = pd.Index(names)
    return make_extract(SOURCE_ID, table, [path])


def read_events(path: Path) -> Extract:
    """Read the events between communes since 1943 (``v_mvt_commune_AAAA.csv``).

    Only pairs from a commune to a commune are kept: they are enough to follow a code forward.
    A merger is several ``code_before`` for one ``code_after``, the commune that keeps its code
    among them; a split (``kind`` 21) is one ``code_before`` for several ``code_after``, the
    commune that remains among them; a code that moves (41, 50) is one to one. Several kinds may
    bear on one code on one day: pairs of a day are read together, never one after the other.

    Returns
    -------
    Extract
        ``date`` (``datetime64``), ``kind`` (INSEE's ``MOD``), ``code_before``, ``nom_before``,
        ``code_after``, ``nom_after``, sorted by date.
    """
    raw = _read(path, "mvt_commune", EVENT_COLUMNS)
    to_commune, from_commune = raw["TYPECOM_AP"] == "COM", raw["TYPECOM_AV"] == "COM"
    pairs = raw[from_commune & to_commune]
    check_codes(pairs["MOD"], r"\d\d", path)
    check_codes(pairs["COM_AV"], COMMUNE_PATTERN, path)
    check_codes(pairs["COM_AP"], COMMUNE_PATTERN, path)
    table = pd.DataFrame(
        {
            "date": _parse_dates(pairs["DATE_EFF"], path),
            "kind": pairs["MOD"].astype("int16"),
            "code_before": pairs["COM_AV"],
            "nom_before": pairs["LIBELLE_AV"],
            "code_after": pairs["COM_AP"],
            "nom_after": pairs["LIBELLE_AP"],
        }
    ).sort_values(["date", "kind", "code_before", "code_after"])
    check_unique(table, ["date", "kind", "code_before", "code_after"], path)
    _check_last_event(table["date"], path)
    born = raw[to_commune & (raw["TYPECOM_AV"] == "")]
    gone = raw[from_commune & (raw["TYPECOM_AP"] == "")]
    others = len(raw) - len(pairs) - len(born) - len(gone)
    dropped = (
        *name_dropped("communes créées sans commune d'origine nommée", born["COM_AP"]),
        *name_dropped("communes supprimées sans commune d'arrivée nommée", gone["COM_AV"]),
        Dropped("événements de communes déléguées, associées ou d'arrondissements", others),
    )
    return make_extract(SOURCE_ID, table, [path], dropped)


def _parse_dates(texts: pd.Series, path: Path) -> pd.Series:
    dates = pd.to_datetime(texts, format="%Y-%m-%d", errors="coerce")
    if dates.isna().any():
        raise SourceFormatError(
            f"{path}, colonne DATE_EFF : date illisible : « {texts[dates.isna()].iloc[0]} »."
        )
    return dates
