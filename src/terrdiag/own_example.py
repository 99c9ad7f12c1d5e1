"""The example that ``terrdiag data add --example`` writes: a commented sidecar and a small file."""

from pathlib import Path
from typing import Final

from terrdiag.errors import OutputError

TABLE: Final = """\
code_commune;commune;annee;bibliotheques;postes
65059;Bagnères-de-Bigorre;2023;2;3,5
65059;Bagnères-de-Bigorre;2024;2;4
65123;Campan;2023;1;0,5
65123;Campan;2024;1;s
65192;Gerde;2023;0;0
65192;Gerde;2024;1;
"""

SIDECAR_TEXT: Final = """\
# Description d'un fichier de chiffres par commune, pour « terrdiag data add FICHIER --sidecar CE_FICHIER ».
# Le fichier est un CSV (point-virgule, virgule ou tabulation ; UTF-8 ou Windows-1252), un XLSX ou un GeoPackage.

[indicator]
id = "bibliotheques"                    # minuscules sans accent, chiffres et _ ; nomme les colonnes et les cartes
label = "Bibliothèques"
short = "Bibliothèques"                 # quelques mots, pour une tête de colonne
unit = "lieux"
decimals = 0
theme = "population"                    # population, habitat, emploi, industrie, energie
kind = "count"                          # « count » : effectif, additionné sur les communes
                                        # « ratio » : rapport de sommes (numerator, denominator, scale)
                                        # « rate » : taux ou médiane sans ses effectifs, donné aux communes seulement
# scale = 100                           # d'un rapport : 100 pour un pourcentage, 1000 pour « pour mille »
# min_denominator = 20                  # d'un rapport : en dessous, il n'est pas donné
definition = "Bibliothèques et points d'accès au livre ouverts au public."
note = ""

[data]
code = "code_commune"                   # colonne des codes INSEE des communes
value = "bibliotheques"                 # colonne des valeurs ; d'un rapport : numerator = "…" et denominator = "…"
year = "annee"                          # une année (2024), ou la colonne qui la donne
cog_year = 2025                         # communes au 1er janvier de cette année (depuis 2003), ou "auto"
# sheet = "Feuille1"                    # d'un classeur : la première sinon
# layer = "communes"                    # d'un GeoPackage : la première sinon
# separator = ";"                       # d'un CSV : trouvé d'après l'en-tête sinon
# header_row = 1                        # ligne de l'en-tête
secret = ["s", "c"]                     # marques du secret statistique
missing = ["nd", "n.d."]                # marques d'une valeur absente (une cellule vide en est toujours une)
# allow_negative = true                 # si des valeurs négatives sont normales
# delegated = "sum"                     # additionne les communes déléguées, si toutes celles de la commune sont là

[source]
producer = "Département des Hautes-Pyrénées"
title = "Annuaire des bibliothèques"
vintage = "2024"
licence = "Licence Ouverte 2.0"
licence_url = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
attribution = "Département des Hautes-Pyrénées, annuaire des bibliothèques, 2024"
landing_page = ""                       # une adresse https://, ou rien
note = "Exemple inventé."
"""

NAMES: Final = ("exemple.csv", "exemple.toml")


def write_example(folder: Path) -> tuple[Path, Path]:
    """Write the example in a folder, which is made if need be.

    Returns
    -------
    tuple of Path
        The file and its sidecar.

    Raises
    ------
    OutputError
        One of them is there already, or the folder cannot be written.
    """
    table, sidecar = (folder / name for name in NAMES)
    there = [str(path) for path in (table, sidecar) if path.exists()]
    if there:
        raise OutputError(f"{' et '.join(there)} : déjà là ; donnez un autre dossier.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        table.write_text(TABLE, encoding="utf-8", newline="\n")
        sidecar.write_text(SIDECAR_TEXT, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(f"{folder} : écriture impossible ({error.strerror}).") from error
    return table, sidecar
