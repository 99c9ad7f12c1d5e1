"""Filosofi: levels as published, secrecy kept, two series that never meet."""

import io
import zipfile

import pytest

from terrdiag.errors import SourceFormatError
from terrdiag.sources.filosofi import FIRST_SERIES, SECOND_SERIES, read_filosofi

HEADER = (
    '"GEO";"GEO_OBJECT";"FILOSOFI_MEASURE";"UNIT_MEASURE";"UNIT_MULT";'
    '"CONF_STATUS";"OBS_STATUS";"TIME_PERIOD";"OBS_VALUE"'
)

ROWS = [
    '"65059";"COM";"MED_SL";"EUR_YR";"0";"F";"A";"2023";"22650"',
    '"65059";"COM";"PR_MD60";"PT";"0";"F";"A";"2023";"14.2"',
    '"65016";"COM";"MED_SL";"EUR_YR";"0";"C";"A";"2023";""',  # secrecy
    '"65016";"COM";"PR_MD60";"PT";"0";"C";"A";"2023";"0"',  # a zero under secrecy is not a zero
    '"55039";"COM";"MED_SL";"EUR_YR";"0";"F";"O";"2023";""',  # a destroyed village: nobody
    '"246500482";"EPCI";"MED_SL";"EUR_YR";"0";"F";"A";"2023";"23010"',
    '"65";"DEP";"MED_SL";"EUR_YR";"0";"F";"A";"2023";"22480"',
    '"2A";"DEP";"MED_SL";"EUR_YR";"0";"F";"A";"2023";"22900"',
    '"76";"REG";"PR_MD60";"PT";"0";"F";"A";"2023";"17.5"',
    '"FM";"FRANCE";"MED_SL";"EUR_YR";"0";"F";"A";"2023";"25760"',
    '"F";"FRANCE";"MED_SL";"EUR_YR";"0";"F";"A";"2023";"25000"',
    '"75101";"ARM";"MED_SL";"EUR_YR";"0";"F";"A";"2023";"38000"',
    '"002";"AAV2020";"MED_SL";"EUR_YR";"0";"F";"A";"2023";"26000"',
    '"65059";"COM";"D1_SL";"EUR_YR";"0";"F";"A";"2023";"11000"',
    '"65059";"COM";"NUM_HH";"HH";"0";"F";"A";"2023";"3500"',
]

SOURCE = "insee-filosofi-2023"


def archive(*rows, member="DS_FILOSOFI_CC_2023_data.csv"):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        opened.writestr(member, "\r\n".join([HEADER, *rows]) + "\r\n")
        opened.writestr("DS_FILOSOFI_CC_metadata.csv", "COD_VAR;LIB_VAR\r\n")
    return buffer.getvalue()


def read(write, arrondissements, *rows, source=SOURCE):
    [extract] = read_filosofi([write("a.zip", archive(*rows))], source, arrondissements)
    return extract


def test_figures_as_published(write, arrondissements):
    extract = read(write, arrondissements, *ROWS)
    found = {
        (row.level, row.code, row.variable): (row.value, row.status)
        for row in extract.table.itertuples(index=False)
    }
    median, poverty = SECOND_SERIES.values()
    known = {place: value for place, (value, status) in found.items() if status == "ok"}
    assert known == {
        ("commune", "65059", median): 22650,
        ("commune", "65059", poverty): 14.2,
        ("epci", "246500482", median): 23010,
        ("departement", "65", median): 22480,
        ("departement", "2A", median): 22900,
        ("region", "76", poverty): 17.5,
        ("france", "00FR", median): 25760,  # metropolitan France
    }
    assert found["commune", "65016", median][1] == "secret"
    assert found["commune", "65016", poverty][1] == "secret"
    assert found["commune", "55039", median][1] == "missing"
    assert (extract.table["value"].isna() == (extract.table["status"] != "ok")).all()
    assert set(extract.table["ref_year"]) == {2023}
    assert extract.cog_year == 2025
    assert extract.rates == set(SECOND_SERIES.values())


def test_what_is_left_out_is_named(write, arrondissements):
    dropped = {one.reason: one for one in read(write, arrondissements, *ROWS).dropped}
    assert dropped["lieux d'un niveau non repris (ARM)"].examples == ("75101",)
    assert dropped["lieux d'un niveau non repris (FRANCE)"].examples == ("F",)
    assert dropped["lieux d'un niveau non repris (AAV2020)"].count == 1
    withheld = "valeurs sous secret statistique : median_living_standard_eur"
    assert dropped[withheld].examples == ("65016",)


def test_the_two_series_bear_no_common_name(write, arrondissements):
    older = [row.replace('"2023"', '"2021"') for row in ROWS]
    first = read(write, arrondissements, *older, source="insee-filosofi-2021").table
    second = read(write, arrondissements, *ROWS).table
    assert set(first["variable"]) == set(FIRST_SERIES.values())
    assert set(first["variable"]) & set(second["variable"]) == set()


def test_a_file_rewritten_in_place_is_refused(write, arrondissements):
    with pytest.raises(
        SourceFormatError, match=r"revenus de 2023.*insee-filosofi-2021 est celle de 2021"
    ):
        read(write, arrondissements, *ROWS, source="insee-filosofi-2021")
    both = [*ROWS, ROWS[0].replace('"2023"', '"2021"')]
    with pytest.raises(SourceFormatError, match="revenus de 2021 et 2023"):
        read(write, arrondissements, *both)


def test_thousands_of_euros(write, arrondissements):
    row = '"65059";"COM";"MED_SL";"EUR_YR";"3";"F";"A";"2023";"22.65"'
    assert read(write, arrondissements, row).table["value"].tolist() == pytest.approx([22650])


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (ROWS[0].replace("22650", "2 650"), "ligne 2, colonne OBS_VALUE"),
        (ROWS[0].replace("22650", "22.65"), "MED_SL hors de"),
        (ROWS[1].replace("14.2", "142"), "PR_MD60 hors de"),
        (ROWS[0].replace("65059", "6505"), "ligne 2, colonne GEO"),
        (ROWS[5].replace("246500482", "65059"), "colonne GEO"),
        (ROWS[0].replace("2023", ""), "une année est vide"),
        (ROWS[13], "aucune ligne MED_SL ou PR_MD60"),
        (ROWS[0] + "\r\n" + ROWS[0], "en double"),
        (ROWS[0][:20], "cellule|illisible"),
    ],
)
def test_refused(write, arrondissements, row, message):
    with pytest.raises(SourceFormatError, match=message):
        read(write, arrondissements, row)


def test_archive_without_data(write, arrondissements):
    path = write("a.zip", archive(*ROWS, member="autre.csv"))
    with pytest.raises(SourceFormatError, match="n'est pas dans l'archive"):
        read_filosofi([path], SOURCE, arrondissements)


def test_column_gone(write, arrondissements):
    text = HEADER.replace("OBS_STATUS", "STATUT") + "\n" + ROWS[0] + "\n"
    with pytest.raises(SourceFormatError, match="colonne absente : OBS_STATUS"):
        read_filosofi([write("a.csv", text)], SOURCE, arrondissements)
