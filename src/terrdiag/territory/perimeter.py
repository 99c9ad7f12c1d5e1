"""The perimeter of a study: the union of what it lists at its date, in today's communes."""

import dataclasses
import datetime as dt

import pandas as pd

from terrdiag.edition import Edition
from terrdiag.edition.store import read_commune_list
from terrdiag.errors import PerimeterError, StudyFileError
from terrdiag.study import KINDS, Study
from terrdiag.territory import notice
from terrdiag.territory.groups import find_groups, groups_around
from terrdiag.territory.history import find_history
from terrdiag.territory.model import Group, Perimeter, format_date
from terrdiag.territory.unknown import explain_unknown
from terrdiag.wording import format_number


def resolve_perimeter(study: Study, edition: Edition) -> Perimeter:
    """Resolve the perimeter of a study.

    Parameters
    ----------
    study
        The study.
    edition
        The edition, whose COG the communes are brought to.

    Returns
    -------
    Perimeter
        The union of its parts; what is listed twice counts once.

    Raises
    ------
    PerimeterError
        A code designates nothing at the date, or the date is later than the edition.
    StudyFileError
        The perimeter is not what ``[expect]`` says.
    """
    date = study.perimeter.date or edition.date
    if date > edition.date:
        raise PerimeterError(
            f"{study.where('perimeter', 'date')} : {date} est après l'édition {edition.info.id}, "
            f"qui s'arrête au {format_date(edition.date)}. Ôtez la date, ou changez d'édition."
        )
    parts = _resolve_parts(study, edition, date)
    inside = {code for part in parts for code in part.communes}
    names = read_commune_list(edition)
    communes = names[names["code_commune"].isin(inside)]
    perimeter = _assemble(study, edition, parts, communes)
    check_expectations(study, perimeter, float(communes["area_km2"].sum()))
    sentences = _write_notice(perimeter, edition, communes, names)
    if study.comparators.include is None:
        sentences += notice.describe_comparison(perimeter.departements, perimeter.communes)
    partial = notice.describe_partial_epci(perimeter.epci, perimeter.communes)
    # a commune alone is always a part of its EPCI
    warnings = (*perimeter.warnings, *(partial if len(perimeter.communes) > 1 else ()))
    return dataclasses.replace(perimeter, notice=tuple(sentences), warnings=warnings)


def _resolve_parts(study: Study, edition: Edition, date: dt.date) -> tuple[Group, ...]:
    keys = [(kind, code) for kind, codes in study.perimeter.codes.items() for code in codes]
    found = find_groups(edition, keys, date)
    faults = []
    for kind, code in dict.fromkeys(keys):
        if (kind, code) not in found:
            where = study.where("perimeter", KINDS[kind].key)
            faults.append(f"{where} : {explain_unknown(edition, kind, code, date)}")
    if faults:
        raise PerimeterError("\n".join(faults))
    return tuple(found.values())


def _assemble(
    study: Study, edition: Edition, parts: tuple[Group, ...], communes: pd.DataFrame
) -> Perimeter:
    codes = tuple(communes["code_commune"])
    around = groups_around(edition, ("epci", "departement", "region"), codes)
    in_epci = {code for group in around["epci"] for code in group.communes}
    return Perimeter(
        id=study.id,
        name=study.perimeter.name or (parts[0].name if len(parts) == 1 else study.title),
        date=study.perimeter.date or edition.date,
        parts=parts,
        communes=codes,
        epci=around["epci"],
        departements=around["departement"],
        regions=around["region"],
        without_epci=tuple(code for code in codes if code not in in_epci),
        notice=(),
        warnings=study.remarks,
    )


def check_expectations(study: Study, perimeter: Perimeter, area_km2: float) -> None:
    """Check what the study expects of its perimeter.

    Parameters
    ----------
    study
        The study.
    perimeter
        Its perimeter.
    area_km2
        Area of the communes, in km².

    Raises
    ------
    StudyFileError
        Something differs; every difference is named, expected and found.
    """
    expect = study.expect
    found = {
        "communes": len(perimeter.communes),
        "epci": len(perimeter.epci),
        "departements": len(perimeter.departements),
        "regions": len(perimeter.regions),
    }
    faults = [
        f"{study.where('expect', key)} : {expected} attendu, {count} trouvé"
        for key, count in found.items()
        if (expected := getattr(expect, key)) is not None and expected != count
    ]
    tolerance = expect.area_tolerance_km2
    if expect.area_km2 is not None and abs(area_km2 - expect.area_km2) > tolerance:
        faults.append(
            f"{study.where('expect', 'area_km2')} : {format_number(expect.area_km2, 2)} km² "
            f"attendus à {format_number(tolerance, 2)} près, {format_number(area_km2, 2)} trouvés"
        )
    if faults:
        advice = "Corrigez le périmètre, sa date, ou cette attente."
        raise StudyFileError("\n".join(f"{fault}." for fault in faults) + f"\n{advice}")


def _write_notice(
    perimeter: Perimeter, edition: Edition, communes: pd.DataFrame, every: pd.DataFrame
) -> list[str]:
    """Describe the perimeter in sentences."""
    codes = perimeter.communes
    names = every.set_index("code_commune")["nom"]
    history = find_history(edition, perimeter.epci, codes)
    return [
        notice.describe_communes(communes, edition.date),
        *notice.describe_date(perimeter.parts, perimeter.date, edition.date),
        *notice.describe_whole_epci(perimeter.epci, codes),
        *notice.describe_partial_epci(perimeter.epci, codes),
        *notice.describe_islands([names[code] for code in perimeter.without_epci]),
        notice.describe_upper(perimeter.departements, perimeter.regions, codes),
        *notice.describe_history(history, names),
        *notice.describe_sources(edition, perimeter.parts, communes),
    ]
