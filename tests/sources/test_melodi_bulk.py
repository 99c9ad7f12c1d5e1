"""The bulk files of Melodi: small ones written by hand, with the real headers and their traps."""

import contextlib
import io
import zipfile

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terrdiag.errors import SourceFormatError, SourceUnavailableError, TerrdiagError
from terrdiag.sources import melodi
from terrdiag.sources.melodi import bulk
from terrdiag.sources.melodi.bulk import read_bulk
from terrdiag.sources.melodi.datasets import FLORES_A5, LT_COMP

# The columns of each producer's file, in an order that is not guaranteed.
JOBS = "EMP_ACTIVITY;EMPFORM;GEO;GEO_OBJECT;PCS;RP_MEASURE;SEX;OBS_STATUS;TIME_PERIOD;OBS_VALUE"
POSTS = (
    "GEO;GEO_OBJECT;ACTIVITY;NUMBER_EMPL;LEGAL_FORM_WITH_PUBLIC;FLORES_MEASURE;OBS_STATUS;"
    "TIME_PERIOD;OBS_VALUE"
)
PEOPLE = "GEO;GEO_OBJECT;FREQ;POPREF_MEASURE;TIME_PERIOD;OBS_VALUE"
SERIES = "GEO;GEO_OBJECT;RP_MEASURE;OCS;OBS_STATUS;TIME_PERIOD;OBS_VALUE"

LT = "insee-melodi-emploi-secteurs-2023"
A5 = "insee-flores-a5-2024"
A17 = "insee-flores-a17-2024"


def make_csv(header, *rows):
    """Quote texts and leave figures bare, as the producer does."""
    lines = [";".join(f'"{name}"' for name in header.split(";"))]
    for row in rows:
        *texts, year, value = row.split(";")
        lines.append(";".join([*(f'"{text}"' for text in texts), year, value]))
    return "\n".join(lines) + "\n"


def make_zip(text, name="DS_X_2023_data.csv", meta="DS_X_2023_metadata.csv"):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(meta, '"COD_VAR";"LIB_VAR";"COD_MOD";"LIB_MOD"\n')
        archive.writestr(name, text)
    return buffer.getvalue()


def job(sector, code, value, *, level="COM", mark="A", year=2023, sex="_T", form="_T", pcs="_T"):
    return f"{sector};{form};{code};{level};{pcs};NBEMP;{sex};{mark};{year};{value}"


def jobs_of(code, year=2023, **values):
    total = sum(float(value) for value in values.values())
    return [job("_T", code, total, year=year)] + [
        job(sector, code, value, year=year) for sector, value in values.items()
    ]


def as_dict(extract):
    """Tell each figure by commune, variable and year; what it is not, by its status."""
    return {
        (row.code, row.variable, row.ref_year): row.value if row.status == "ok" else row.status
        for row in extract.table.itertuples(index=False)
    }


def reasons(extract):
    return {left.reason: (left.count, left.examples) for left in extract.dropped}


@pytest.fixture
def read_jobs(write, arrondissements):
    def read(*rows, header=JOBS):
        path = write("e.zip", make_zip(make_csv(header, *rows)))
        return melodi.read_jobs_by_sector([path], LT, arrondissements)[0]

    return read


class TestJobsBySector:
    def test_sectors_and_total(self, read_jobs):
        extract = read_jobs(
            *jobs_of("65059", AZ="20.5", BE="410.25", FZ="200", GU="1500", OQ="1300.25"),
            *jobs_of("65059", 2017, AZ=25, BE=450, FZ=210, GU=1450, OQ=1250),
            *jobs_of("65059", 2012, AZ=30, BE=500, FZ=220, GU=1400, OQ=1200),
        )
        figures = as_dict(extract)
        assert figures["65059", "jobs_sectors", 2023] == 3431
        assert figures["65059", "jobs_industry", 2023] == 410.25
        assert figures["65059", "jobs_trade_services", 2017] == 1450
        assert figures["65059", "jobs_administration", 2012] == 1200
        assert len(figures) == 6 * 3
        assert extract.intervals == ((2012, 2017), (2017, 2023))
        assert extract.cog_year == 2026
        assert extract.dropped == ()

    def test_sectors_that_do_not_make_their_total(self, read_jobs):
        """One commune of 200: its figures of that year are not known, the others are as they were."""
        values = {"AZ": 1, "BE": 2, "FZ": 3, "GU": 4, "OQ": 5}
        rows = [row for n in range(1, 200) for row in jobs_of(f"65{n:03}", **values)]
        wrong = [row.replace(";15.0", ";25.0") for row in jobs_of("65999", **values)]
        extract = read_jobs(*rows, *wrong, *jobs_of("65999", 2017, **values))
        figures = as_dict(extract)
        assert {figures["65999", name, 2023] for _, name, _ in figures} == {"missing"}
        assert figures["65999", "jobs_sectors", 2017] == 15
        assert figures["65001", "jobs_industry", 2023] == 2
        [(reason, found)] = reasons(extract).items()
        assert reason.startswith("communes dont jobs_sectors n'est pas la somme de ses parts")
        assert found == (1, ("65999",))

    def test_sectors_beyond_their_total_prove_no_zero(self, read_jobs):
        """A sector without a row is not a zero where the others contradict the total."""
        values = {"AZ": 1, "BE": 2, "FZ": 3, "GU": 4, "OQ": 5}
        rows = [row for n in range(1, 200) for row in jobs_of(f"65{n:03}", **values)]
        wrong = [job("_T", "65999", 9), job("BE", "65999", 10)]
        figures = as_dict(read_jobs(*rows, *wrong))
        assert {figures["65999", name, 2023] for _, name, _ in figures} == {"missing"}

    def test_only_totals_of_the_other_dimensions_are_taken(self, read_jobs):
        details = [
            job("BE", "65059", 99, sex="M"),
            job("BE", "65059", 99, form="2"),
            job("_T", "65059", 99, pcs="6"),
        ]
        extract = read_jobs(*details, *jobs_of("65059", AZ=1, BE=2, FZ=3, GU=4, OQ=5))
        assert as_dict(extract)["65059", "jobs_industry", 2023] == 2
        assert as_dict(extract)["65059", "jobs_sectors", 2023] == 15

    def test_not_disseminated_is_missing_never_zero(self, read_jobs):
        rows = jobs_of("01001", AZ=1, BE=2, FZ=3, GU=4, OQ=5)
        hidden = [job(sector, "01002", "", mark="K") for sector in ("_T", "AZ", "BE")]
        with_a_value = job("FZ", "01002", 7, mark="K")
        extract = read_jobs(*rows, *hidden, with_a_value)
        figures = as_dict(extract)
        assert figures["01002", "jobs_sectors", 2023] == "missing"
        assert figures["01002", "jobs_industry", 2023] == "missing"
        # the value of a row that is not disseminated is not taken either
        assert figures["01002", "jobs_construction", 2023] == "missing"
        assert (
            "valeurs non diffusées (statut K : comptées avec une autre commune), manquantes"
            in reasons(extract)
        )

    def test_one_that_counts_another_commune_is_kept_and_named(self, read_jobs):
        rows = [row.replace(";A;", ";W;") for row in jobs_of("01001", AZ=1, BE=2, FZ=3, GU=4, OQ=5)]
        extract = read_jobs(*rows)
        assert as_dict(extract)["01001", "jobs_industry", 2023] == 2
        [(reason, found)] = reasons(extract).items()
        assert "comprennent aussi une autre commune (statut W)" in reason
        assert found == (1, ("01001",))

    def test_an_absent_row_is_zero_when_the_others_make_the_total(self, read_jobs):
        rows = [job("_T", "01001", 40.25), job("GU", "01001", 30), job("OQ", "01001", 10.25)]
        figures = as_dict(extract := read_jobs(*rows))
        assert figures["01001", "jobs_industry", 2023] == 0
        assert figures["01001", "jobs_agriculture", 2023] == 0
        assert any("se lit zéro" in reason for reason in reasons(extract))

    def test_an_absent_row_is_unknown_when_they_do_not(self, read_jobs):
        rows = [job("_T", "01001", 45), job("GU", "01001", 30), job("OQ", "01001", 10.25)]
        rows += jobs_of("01002", AZ=1, BE=2, FZ=3, GU=4, OQ=5)
        figures = as_dict(extract := read_jobs(*rows))
        assert figures["01001", "jobs_industry", 2023] == "missing"
        assert figures["01001", "jobs_sectors", 2023] == 45
        assert any("sans que leur total prouve un zéro" in reason for reason in reasons(extract))

    def test_nothing_is_proven_beside_a_hidden_sector(self, read_jobs):
        rows = [
            job("_T", "01001", 40),
            job("GU", "01001", 40),
            job("OQ", "01001", "", mark="K"),
            *jobs_of("01002", AZ=1, BE=2, FZ=3, GU=4, OQ=5),
        ]
        figures = as_dict(read_jobs(*rows))
        assert figures["01001", "jobs_industry", 2023] == "missing"
        assert figures["01001", "jobs_administration", 2023] == "missing"

    def test_zero_jobs(self, read_jobs):
        figures = as_dict(read_jobs(job("_T", "01001", 0)))
        assert (
            figures["01001", "jobs_sectors", 2023] == figures["01001", "jobs_industry", 2023] == 0
        )

    def test_empty_value_is_missing(self, read_jobs):
        rows = jobs_of("01001", AZ=1, BE=2, FZ=3, GU=4, OQ=5)
        rows[2] = job("BE", "01001", "")
        assert as_dict(read_jobs(*rows))["01001", "jobs_industry", 2023] == "missing"

    def test_other_levels_and_arrondissements_are_left_out(self, read_jobs):
        numbers = {"AZ": 1, "BE": 2, "FZ": 3, "GU": 4, "OQ": 5}
        paris = jobs_of("75056", **numbers)
        # an arrondissement is a level of its own; were it given as a commune, it would count twice
        own = [row.replace(";COM;", ";ARM;") for row in jobs_of("75101", **numbers)]
        wrong = jobs_of("75102", **numbers)
        region = [row.replace(";COM;", ";REG;") for row in jobs_of("11", **numbers)]
        extract = read_jobs(*paris, *own, *wrong, *region)
        assert set(extract.table["code"]) == {"75056"}
        assert reasons(extract) == {
            "lignes d'autres niveaux que la commune (ARM, REG) : ils se recomptent des communes": (
                12,
                (),
            ),
            "arrondissements de Paris, Lyon et Marseille (déjà comptés dans leur commune)": (
                1,
                ("75102",),
            ),
        }

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            (("2.5", "26.5"), "jobs_sectors n'est pas la somme de .* pour 1 commune.* : 65059"),
            (("2.5", "1.5"), "jobs_sectors n'est pas la somme"),
            (("2.5", "2,5"), "commune 65059, 2023 : « 2,5 » n'est pas un effectif"),
            (("2.5", "-2.5"), "« -2.5 » n'est pas un effectif"),
            (("2.5", "nan"), "« nan » n'est pas un effectif"),
            (("2.5", "inf"), "« inf » n'est pas un effectif"),
            (('"65059"', '"6559"'), "colonne GEO : 1 code.* « 6559 »"),
            (("2023;", "2023-01;"), "TIME_PERIOD : 1 valeur.* pas des années : « 2023-01 »"),
            (('"A";2023;2.5', '"Z";2023;2.5'), "OBS_STATUS : statut inconnu : Z"),
            (('"EMP_ACTIVITY"', '"ACTIVITE"'), "colonne absente : EMP_ACTIVITY. Colonnes trouvées"),
            (('"NBEMP"', '"POP"'), "aucune ligne de commune pour .*RP_MEASURE = NBEMP"),
            (('"COM"', '"DEP"'), "aucune ligne de commune"),
            (('"65059"', '"75101"'), "aucune commune n'a l'une des variables attendues .jobs_sectors"),
            (('"BE";"_T";', '"BE";'), "CSV illisible .*tronqué"),
            (("2.5\n", "2.5\n" + make_csv(JOBS, job("BE", "65059", 2)).split("\n", 1)[1]), "clé.* en double .*65059"),
        ],
    )  # fmt: skip
    def test_refused(self, write, arrondissements, change, message):
        text = make_csv(JOBS, *jobs_of("65059", AZ="1", BE="2.5", FZ="3", GU="4", OQ="5"))
        assert change[0] in text
        path = write("e.zip", make_zip(text.replace(*change)))
        with pytest.raises(SourceFormatError, match=message):
            melodi.read_jobs_by_sector([path], LT, arrondissements)

    def test_an_unknown_dimension_is_named(self, read_jobs):
        rows = jobs_of("65059", AZ=1, BE=2, FZ=3, GU=4, OQ=5)
        detailed = [f"{age};{row}" for row in rows for age in ("Y15T24", "Y25T54")]
        with pytest.raises(SourceFormatError, match="dimension inconnue de terrdiag : AGE"):
            read_jobs(*detailed, header=f"AGE;{JOBS}")
        # one that has a single code says nothing more
        single = read_jobs(*(f"N;{row}" for row in rows), header=f"UNIT;{JOBS}")
        assert as_dict(single)["65059", "jobs_industry", 2023] == 2


class TestPosts:
    def rows(self, code, values, employees="_T", form="1T9X7", measure="EMPL3112"):
        return [
            f"{code};COM;{sector};{employees};{form};{measure};A;2024;{value}"
            for sector, value in values.items()
        ]

    FIVE = {"_T": 150, "AZ": 0, "BE": 30, "FZ": 20, "GU": 60, "OQ": 40}  # noqa: RUF012

    def test_five_sectors(self, write, arrondissements):
        rows = [
            *self.rows("65059", self.FIVE),
            *self.rows("65059", {"_T": 9, "BE": 9}, employees="E1T4"),
            *self.rows("65059", {"_T": 12, "BE": 2}, measure="UNIT_LOC"),
        ]
        path = write("f.zip", make_zip(make_csv(POSTS, *rows)))
        (extract,) = melodi.read_posts_a5([path], A5, arrondissements)
        assert as_dict(extract) == {
            ("65059", "posts_total", 2024): 150,
            ("65059", "posts_agriculture", 2024): 0,
            ("65059", "posts_industry", 2024): 30,
            ("65059", "posts_construction", 2024): 20,
            ("65059", "posts_trade_services", 2024): 60,
            ("65059", "posts_administration", 2024): 40,
        }
        # two years of Flores were not made to be compared
        assert extract.intervals == ()

    def test_without_the_sizes_of_establishments(self, write, arrondissements):
        header = POSTS.replace("NUMBER_EMPL;", "")
        rows = [row.replace("_T;1T9X7", "1T9X7") for row in self.rows("65059", self.FIVE)]
        # the file of 2022 has no year in its name
        path = write("f.zip", make_zip(make_csv(header, *rows), "DS_FLORES_A5_data.csv"))
        (extract,) = melodi.read_posts_a5([path], A5, arrondissements)
        assert as_dict(extract)["65059", "posts_industry", 2024] == 30

    SEVENTEEN = {  # noqa: RUF012
        "_T": 190, "AZ": 1, "C1": 10, "C2": 0, "C3": 7, "C4": 8, "C5": 9, "DE": 6, "FZ": 20, "GZ": 30,
        "HZ": 5, "IZ": 6, "JZ": 7, "KZ": 8, "LZ": 3, "MN": 11, "OQ": 50, "RU": 9,
    }  # fmt: skip

    def test_seventeen_sectors(self, write, arrondissements):
        path = write("f.zip", make_zip(make_csv(POSTS, *self.rows("65059", self.SEVENTEEN))))
        (extract,) = melodi.read_posts_a17([path], A17, arrondissements)
        figures = {key[1]: value for key, value in as_dict(extract).items()}
        assert figures == {
            "posts_total": 190,
            "posts_agriculture": 1,
            "posts_industry": 10 + 0 + 7 + 8 + 9 + 6,
            "posts_construction": 20,
            "posts_trade_services": 30 + 5 + 6 + 7 + 8 + 3 + 11 + 9,
            "posts_administration": 50,
            "posts_food": 10,
            "posts_refining": 0,
            "posts_machinery": 7,
            "posts_transport_equipment": 8,
            "posts_other_manufacturing": 9,
            "posts_energy_water": 6,
        }
        assert sum(figures[f"posts_{name}"] for name in
                   ("agriculture", "industry", "construction", "trade_services", "administration")) == 190  # fmt: skip

    def test_industry_is_known_only_with_all_its_branches(self, write, arrondissements):
        rows = self.rows("65059", self.SEVENTEEN)
        rows[5] = rows[5].replace(";A;2024;8", ";K;2024;")
        path = write("f.zip", make_zip(make_csv(POSTS, *rows)))
        (extract,) = melodi.read_posts_a17([path], A17, arrondissements)
        figures = as_dict(extract)
        assert figures["65059", "posts_transport_equipment", 2024] == "missing"
        assert figures["65059", "posts_industry", 2024] == "missing"
        assert figures["65059", "posts_trade_services", 2024] == 79

    def test_a_confidential_value_is_secret(self, write, arrondissements):
        header = POSTS.replace("OBS_STATUS", "CONF_STATUS;OBS_STATUS")
        rows = [row.replace(";A;", ";F;A;") for row in self.rows("65059", self.FIVE)]
        rows[2] = rows[2].replace(";F;A;2024;30", ";C;A;2024;")
        rows[1] = rows[1].replace(";A;2024;0", ";Q;2024;")
        path = write("f.zip", make_zip(make_csv(header, *rows)))
        figures = as_dict(melodi.read_posts_a5([path], A5, arrondissements)[0])
        assert figures["65059", "posts_industry", 2024] == "secret"
        assert figures["65059", "posts_agriculture", 2024] == "secret"
        assert figures["65059", "posts_total", 2024] == 150


class TestPopulations:
    def test_reference(self, write, arrondissements):
        rows = [
            "65059;COM;A;PMUN;2023;7114",
            "65059;COM;A;PCAP;2023;261",
            "65059;COM;A;PTOT;2023;7375",
            "65;DEP;A;PMUN;2023;230956",
        ]
        path = write("p.zip", make_zip(make_csv(PEOPLE, *rows)))
        source = "insee-melodi-populations-2023"
        (extract,) = melodi.read_populations([path], source, arrondissements)
        assert as_dict(extract) == {
            ("65059", "population", 2023): 7114,
            ("65059", "population_total", 2023): 7375,
        }
        assert extract.cog_year == 2025

    def test_parts_that_do_not_sum(self, write, arrondissements):
        rows = [
            "65059;COM;A;PMUN;2023;7114",
            "65059;COM;A;PCAP;2023;261",
            "65059;COM;A;PTOT;2023;7376",
        ]
        path = write("p.zip", make_zip(make_csv(PEOPLE, *rows)))
        with pytest.raises(SourceFormatError, match="population_total n'est pas la somme"):
            melodi.read_populations([path], "insee-melodi-populations-2023", arrondissements)

    def test_census_series(self, write, arrondissements):
        rows = [
            "13071;COM;POP;_T;;2023;42372",
            "13071;COM;POP;_T;;1968;9000",
            "13071;COM;BRTH;_T;;2023;2000",
            "13071;COM;DWELLINGS;_T;;2023;23844.7",
            "13071;COM;DWELLINGS;DW_MAIN;;2023;20969.8",
            "13071;COM;DWELLINGS;DW_VAC;;2023;2290.7",
            "13071;COM;DWELLINGS;DW_SEC_DW_OCC;;2023;584.2",
            "01002;COM;POP;_T;K;2023;",
        ]
        path = write("s.zip", make_zip(make_csv(SERIES, *rows)))
        source = "insee-melodi-serie-historique-2023"
        (extract,) = melodi.read_census_series([path], source, arrondissements)
        assert as_dict(extract) == {
            # nothing is said of the dwellings of 1968: no row, and nothing missing
            ("13071", "population", 1968): 9000,
            ("13071", "population", 2023): 42372,
            ("13071", "dwellings", 2023): 23844.7,
            ("13071", "main_homes", 2023): 20969.8,
            ("13071", "second_homes", 2023): 584.2,
            ("13071", "vacant_homes", 2023): 2290.7,
            ("01002", "population", 2023): "missing",
            ("01002", "dwellings", 2023): "missing",
            ("01002", "main_homes", 2023): "missing",
            ("01002", "second_homes", 2023): "missing",
            ("01002", "vacant_homes", 2023): "missing",
        }
        assert extract.intervals == ((1968, 2023),)


class TestFile:
    TEXT = make_csv(JOBS, *jobs_of("65059", AZ=1, BE=2, FZ=3, GU=4, OQ=5))

    def read(self, path):
        return read_bulk(path, LT_COMP.wanted).table

    def test_order_of_columns_mark_and_quotes_do_not_matter(self, write):
        expected = self.read(write("a.zip", make_zip(self.TEXT)))
        header, *rows = [line.split(";") for line in self.TEXT.replace('"', "").splitlines()]
        turned = "\ufeff" + "\r\n".join(";".join(reversed(line)) for line in [header, *rows])
        got = self.read(write("b.zip", make_zip(turned)))
        pd.testing.assert_frame_equal(got[expected.columns], expected)
        pd.testing.assert_frame_equal(self.read(write("c.csv", self.TEXT)), expected)

    def test_columns_that_say_nothing_are_not_kept(self, write):
        table = self.read(write("a.zip", make_zip(self.TEXT)))
        assert sorted(table) == ["EMP_ACTIVITY", "GEO", "OBS_STATUS", "OBS_VALUE", "TIME_PERIOD"]
        assert table["GEO"].tolist() == ["65059"] * 6

    def test_a_file_longer_than_a_block(self, write, monkeypatch):
        monkeypatch.setattr(bulk, "BLOCK_BYTES", 1000)
        rows = [job("BE", f"{code:05d}", code) for code in range(1000, 3000)]
        table = self.read(write("a.zip", make_zip(make_csv(JOBS, *rows))))
        assert table["GEO"].tolist() == [f"{code:05d}" for code in range(1000, 3000)]
        assert table["OBS_VALUE"].tolist() == [str(code) for code in range(1000, 3000)]

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"", "fichier vide"),
            (b"<html><title>Maintenance</title>", "page HTML .*Maintenance"),
            (b"PK\x03\x04 rien", "archive zip tronquée"),
            (make_zip(TEXT)[:-30], "archive zip tronquée"),
            (make_zip(TEXT, "autre.csv"), r"« \*_data.csv » n'est pas dans l'archive"),
            (make_zip("<html><title>Erreur 500</title></html>"), "page HTML .*Erreur 500"),
            (make_zip(""), "fichier vide"),
            (make_zip(TEXT.splitlines()[0] + "\n"), "aucune ligne de commune"),
            (make_zip('"GEO";"GEO"\n'), "colonne absente"),
            (make_zip(TEXT.replace('"SEX"', '"PCS"')), "colonne absente : SEX"),
            (make_zip('"' + TEXT.replace("\n", " ")), "en-tête illisible|colonne absente"),
            (make_zip(TEXT.replace("_T", "é").encode("cp1252")), "CSV illisible .*réencodé"),
            (make_zip(TEXT.replace("GEO_OBJECT", "é").encode("cp1252")), "n'est pas en UTF-8"),
        ],
    )
    def test_refused(self, write, content, message):
        with pytest.raises(SourceFormatError, match=message):
            self.read(write("a.zip", content))

    def test_absent(self, tmp_path):
        with pytest.raises(SourceUnavailableError, match="fichier absent"):
            self.read(tmp_path / "a.zip")

    def test_damaged_in_the_middle(self, write, monkeypatch):
        monkeypatch.setattr(bulk, "BLOCK_BYTES", 4096)
        rows = [job("BE", f"{code:05d}", code * 7919 % 10007) for code in range(1000, 9000)]
        whole = bytearray(make_zip(make_csv(JOBS, *rows)))
        middle = len(whole) // 2
        whole[middle : middle + 20] = bytes(20)
        with pytest.raises(SourceFormatError):
            self.read(write("a.zip", bytes(whole)))

    @given(cut=st.integers(0, 400), noise=st.binary(max_size=6))
    def test_whatever_the_bytes_only_errors_of_terrdiag(self, tmp_path_factory, cut, noise):
        text = make_csv(POSTS, *TestPosts().rows("65059", TestPosts.FIVE)).encode()
        data = text[:cut] + noise + text[cut + len(noise) :]
        path = tmp_path_factory.mktemp("m") / "a.csv"
        path.write_bytes(data)
        cities = pd.DataFrame({"code_arrondissement": ["75101"], "code_commune": ["75056"]})
        # anything else than an error of terrdiag fails the test
        with contextlib.suppress(TerrdiagError):
            (extract,) = melodi.read_posts_a5([path], A5, cities)
            assert (extract.table["value"].isna() == (extract.table["status"] != "ok")).all()

    def test_nothing_is_kept_but_what_is_wanted(self):
        assert FLORES_A5.wanted == {
            "ACTIVITY": ("_T", "AZ", "BE", "FZ", "GU", "OQ"),
            "FLORES_MEASURE": ("EMPL3112",),
            "LEGAL_FORM_WITH_PUBLIC": ("1T9X7",),
            "NUMBER_EMPL": ("_T",),
        }
