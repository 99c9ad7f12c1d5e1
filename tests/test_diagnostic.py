"""A whole diagnostic on the embedded edition: the output contract, the checked figures, what happens when it fails."""

import csv
import datetime as dt
import errno
import hashlib
import json
import os
import re
import shutil
from dataclasses import replace
from html import unescape
from pathlib import Path
from xml.etree.ElementTree import fromstring

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import rasterio
from affine import Affine

from terrdiag import diagnostic
from terrdiag.catalogue import load_indicators
from terrdiag.edition import open_edition, read_figures
from terrdiag.errors import ElevationError, OutputError
from terrdiag.territory import resolve_target
from terrdiag.values import STATUS_CODES_FR, STATUSES_WITH_VALUE, VALUE_DTYPES

ROOT = Path(__file__).parent.parent
STUDIES = ROOT / "pipelines"
DAY = dt.date(2026, 11, 22)


def run(target: str, out: Path, edition=None, dem=()) -> diagnostic.Diagnostic:
    edition = edition or open_edition()
    study = replace(resolve_target(target, edition, STUDIES), dem=dem)
    return diagnostic.run_diagnostic(
        study,
        edition,
        out,
        generated=DAY,
        command=f"terrdiag diagnostic {target}",
        progress=lambda _: None,
    )


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="session")
def cchb(tmp_path_factory):
    out = tmp_path_factory.mktemp("cchb")
    run("cchb", out)
    return out


@pytest.fixture(scope="session")
def values(cchb):
    return pd.read_parquet(cchb / "data/processed/cchb/indicators.parquet")


DRAWINGS = (
    *("perimetre-2017-01-01-2026-01-01", "soldes-naturel-et-apparent"),
    *("indice-population", "indice-population-detail", "indice-emploi-publie"),
    *("quotients-etablissements", "quotients-emplois", "effets-emplois"),
    *("communes-par-altitude", "altitude-second-homes-share-pct"),
)


class TestContract:
    def test_files(self, cchb):
        # those of the sources that only a local edition has are not drawn
        known = set(read_figures(open_edition())["variable"]) | {"area_km2", "communes"}
        mapped = {
            name
            for name, one in load_indicators().items()
            if one.map and {text.partition(":")[0] for text in one.inputs} <= known
        }
        assert {path.name for path in (cchb / "data/processed/cchb").iterdir()} == {
            *(
                "indicators.csv",
                "indicators.parquet",
                "indicators.xlsx",
                "communes.gpkg",
                "manifest.json",
            )
        }
        assert {path.name for path in (cchb / "maps/cchb").iterdir()} == {
            "index.html",
            *(f"{n}.html" for n in mapped),
            *(f"{n}.svg" for n in DRAWINGS),
        }
        assert not [path for path in cchb.rglob("*") if path.name.startswith(".")]

    def test_parquet_columns(self, values):
        assert list(values.columns) == list(VALUE_DTYPES)
        given = values["status"].isin(STATUSES_WITH_VALUE)
        assert (given == values["value"].notna()).all()
        assert not values.duplicated(["level", "code", "indicator", "ref_year"]).any()
        assert set(values["level"]) == {
            "commune",
            "epci",
            "territoire",
            "perimetre",
            "tranche_altitude",
            "epci_comparable",
            "ti",
            "departement",
            "region",
            "france",
        }
        assert (values["cog_year"] == 2026).all()
        assert (values.loc[given, "source_id"] != "").all()

    def test_csv_is_the_same_table_in_french(self, cchb, values):
        raw = (cchb / "data/processed/cchb/indicators.csv").read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(raw.decode("utf-8-sig").splitlines(), delimiter=";"))
        assert rows[0] == [
            "territoire",
            "niveau",
            "code",
            "nom",
            "indicateur",
            "libelle",
            "annee",
            "valeur",
            "unite",
            "numerateur",
            "denominateur",
            "couverture_pct",
            "statut",
            "source",
        ]
        assert len(rows) == len(values) + 1
        share = next(
            r for r in rows if r[1] == "territoire" and r[4] == "industry_establishments_share_pct"
        )
        assert share[6] == "2018"
        assert float(share[7].replace(",", ".")) == pytest.approx(100 * 49 / 559)
        assert (share[9], share[10], share[11], share[12]) == ("49", "559", "100", "ok")
        assert {row[12] for row in rows[1:]} <= set(STATUS_CODES_FR.values())

    def test_workbook_has_a_sheet_a_theme(self, cchb):
        book = openpyxl.load_workbook(cchb / "data/processed/cchb/indicators.xlsx")
        assert {"Population", "Relief", "Sources", "Notes"} <= set(book.sheetnames)
        for sheet in book:
            for row in sheet.iter_rows():
                assert all(cell.data_type != "f" for cell in row)

    def test_layer(self, cchb):
        layer = pyogrio.read_dataframe(cchb / "data/processed/cchb/communes.gpkg", layer="communes")
        assert len(layer) == 25
        assert layer.crs.to_epsg() == 2154
        bagneres = layer.set_index("code").loc["65059"]
        assert bagneres["nom"] == "Bagnères-de-Bigorre"
        assert bagneres["industry_establishments_2018"] == 31

    def test_manifest_knows_every_output(self, cchb):
        manifest = json.loads(
            (cchb / "data/processed/cchb/manifest.json").read_text(encoding="utf-8")
        )
        found = digests(cchb)
        found.pop("data/processed/cchb/manifest.json")
        assert {name: one["sha256"] for name, one in manifest["outputs"].items()} == found
        assert manifest["territory"]["communes"] == sorted(manifest["territory"]["communes"])
        assert str(cchb) not in json.dumps(manifest)
        assert manifest["warnings"]

    def test_no_page_asks_for_anything(self, cchb):
        for page in (cchb / "maps/cchb").glob("*.html"):
            html = page.read_text(encoding="utf-8")
            asked = re.findall(
                r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"']?(?!data:|#)", html
            )
            assert asked == [], page.name
            assert "default-src 'none'" in html

    def test_page_bears_the_title_of_the_study(self, cchb):
        html = (cchb / "maps/cchb/index.html").read_text(encoding="utf-8")
        assert "Diagnostic territorial de la Haute-Bigorre" in html
        assert "<h1>Communauté de communes de la Haute-Bigorre</h1>" in html

    def test_what_a_user_has_edited_is_kept(self, cchb, tmp_path):
        shutil.copytree(cchb, tmp_path, dirs_exist_ok=True)
        csv_file = tmp_path / "data/processed/cchb/indicators.csv"
        csv_file.write_text("ma version")
        (csv_file.parent / "notes.txt").write_text("mes notes")
        done = run("cchb", tmp_path)
        assert len(done.kept) == 1
        assert (tmp_path / done.kept[0]).read_text() == "ma version"
        assert (csv_file.parent / "notes.txt").read_text() == "mes notes"

    def test_sizes(self, cchb):
        for page in (cchb / "maps/cchb").glob("*.html"):
            limit = 900_000 if page.name == "index.html" else 200_000
            assert page.stat().st_size <= limit, page.name

    def test_same_run_same_bytes(self, cchb, tmp_path):
        run("cchb", tmp_path)
        assert digests(tmp_path) == digests(cchb)


# Checked figures: official tables of INSEE and DGCL as listed with the embedded edition's sources.
@pytest.mark.parametrize(
    ("level", "indicator", "year", "value", "tolerance"),
    [
        # RP 2011, 2016, 2022 (municipal population of the 25 communes)
        ("territoire", "population", 2011, 17_352, 0),
        ("territoire", "population", 2016, 16_955, 0),
        ("territoire", "population", 2022, 16_511, 0),
        # comparateur de territoires, RP 2018 edition (P13_EMPLT, P18_EMPLT), and the next one (P22_EMPLT)
        ("territoire", "jobs", 2013, 6129.4, 0.05),
        ("territoire", "jobs", 2018, 5921.6, 0.05),
        ("territoire", "jobs", 2022, 6130.5, 0.05),
        # comparateur: ETBE18 over ETTOT18, ETBE24 over ETTOT24
        ("territoire", "industry_establishments_share_pct", 2018, 100 * 49 / 559, 1e-9),
        ("territoire", "industry_establishments_share_pct", 2024, 100 * 55 / 606, 1e-9),
        ("region", "industry_establishments_share_pct", 2018, 6.66, 0.005),
        # RP 2022, complementary exploitation, as published
        ("territoire", "industry_jobs_share_pct", 2022, 11.40, 0),
        ("region", "industry_jobs_share_pct", 2022, 9.43, 0),
        ("france", "industry_jobs_share_pct", 2022, 11.62, 0),
        # IGN altitudes: Cieutat, Bagnères-de-Bigorre
        ("territoire", "altitude_min_m", 2025, 327, 0),
        ("territoire", "altitude_max_m", 2025, 2872, 0),
    ],
)
def test_checked_figures_of_haute_bigorre(values, level, indicator, year, value, tolerance):
    row = values[
        (values["level"] == level)
        & (values["indicator"] == indicator)
        & (values["ref_year"] == year)
    ]
    assert row["value"].item() == pytest.approx(value, abs=tolerance or 1e-9)


def test_area_of_haute_bigorre(values):
    row = values[
        (values["level"] == "territoire") & (values["indicator"] == "population_density")
    ].iloc[0]
    assert row["denominator"] == pytest.approx(391.2, abs=0.5)


def test_comparators_do_not_borrow_the_newer_figures_of_the_territory(values):
    newer = values[(values["indicator"] == "jobs") & (values["ref_year"] == 2022)].set_index(
        "level"
    )
    assert newer.loc["territoire", "status"] == "ok"
    for level in ("ti", "departement", "region", "france"):
        assert newer.loc[level, "status"] == "missing"


# Counted by hand in the files: communes with one to four establishments, and with none.
@pytest.mark.parametrize(("year", "few", "none"), [(2018, 13, 2), (2024, 15, 0)])
def test_small_denominators_are_not_shaded(values, year, few, none):
    rows = values[
        (values["level"] == "commune")
        & (values["indicator"] == "industry_establishments_share_pct")
        & (values["ref_year"] == year)
    ].set_index("name")
    assert (rows["status"] == "too_small").sum() == few
    assert (rows["status"] == "not_applicable").sum() == none
    assert rows.loc["Antist", "denominator"] == {2018: 1, 2024: 4}[year]
    # no industry among 11 and 13 establishments: a true zero
    assert rows.loc["Gerde", ["value", "status"]].tolist() == [0, "ok"]


@pytest.mark.parametrize(
    ("target", "communes", "epci"),
    [
        ("lacq-pau-tarbes", 489, 10),
        ("gers-tarn-et-garonne", 298, 11),
        ("metz-metropole", 46, 1),
        ("mel", 95, 1),
        ("nouvelle-aquitaine", 4293, 156),
        ("departement:2A", 124, 7),
        ("region:04", 24, 5),
        ("commune:75056", 1, 1),
    ],
)
def test_other_territories(tmp_path, target, communes, epci):
    done = run(target, tmp_path)
    perimeter = done.content.perimeter
    assert (len(perimeter.communes), len(perimeter.epci)) == (communes, epci)
    assert done.page.stat().st_size > 100_000
    manifest = json.loads((done.data_dir / "manifest.json").read_text(encoding="utf-8"))
    assert len(manifest["territory"]["communes"]) == communes


def test_figures_of_gers_tarn_et_garonne(tmp_path):
    done = run("gers-tarn-et-garonne", tmp_path)
    rows = done.content.values.set_index(["level", "indicator", "ref_year"]).sort_index()
    share = rows.loc[("territoire", "industry_establishments_share_pct", 2018)]
    assert (share["numerator"], share["denominator"]) == (453, 5941)
    assert rows.loc[("territoire", "population", 2022), "value"] == 202_638
    # eleven EPCI: a share published by EPCI becomes an estimate, and says so
    assert rows.loc[("territoire", "industry_jobs_share_pct", 2022), "status"] == "estimate"
    for page in done.page.parent.glob("*_pct.html"):
        assert page.stat().st_size <= 300_000, page.name


class TestFailures:
    @pytest.fixture
    def previous(self, cchb, tmp_path):
        shutil.copytree(cchb, tmp_path, dirs_exist_ok=True)
        return digests(tmp_path)

    @pytest.mark.parametrize(
        "step", ["write_tables", "render_page", "write_manifest", "build_scene"]
    )
    def test_a_full_disk_leaves_the_previous_results(self, monkeypatch, tmp_path, previous, step):
        def full(*_, **__):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(diagnostic, step, full)
        with pytest.raises(OutputError, match=r"plein|espace"):
            run("cchb", tmp_path)
        assert digests(tmp_path) == previous
        assert not list(tmp_path.rglob(".*"))

    def test_a_damaged_edition_writes_nothing(self, tmp_path, previous):
        edition = tmp_path / "edition"
        shutil.copytree(open_edition().root, edition)
        table = edition / "figures.parquet"
        table.write_bytes(table.read_bytes()[:1_000_000])
        before = digests(tmp_path)
        with pytest.raises(Exception, match="illisible"):
            run("cchb", tmp_path, open_edition(edition))
        assert digests(tmp_path) == before


def rename_communes(table: Path, names: dict[str, str]) -> None:
    """Give communes of an edition other names, in place."""
    rows = pq.read_table(table)
    codes, column = rows["code_commune"].to_pylist(), rows.column_names.index("nom")
    renamed = [
        names.get(code, name) for code, name in zip(codes, rows["nom"].to_pylist(), strict=True)
    ]
    field = rows.schema.field("nom")
    pq.write_table(rows.set_column(column, field, pa.array(renamed, field.type)), table)


def test_a_hostile_name_is_only_a_name(tmp_path):
    edition = tmp_path / "edition"
    shutil.copytree(open_edition().root, edition)
    hostile = {
        "65059": "<script>alert(1)</script>",
        "65016": "=cmd|' /C calc'!A0",
        "65024": "</script><img src=x onerror=alert(2)>",
    }
    rename_communes(edition / "communes.parquet", hostile)
    run("cchb", tmp_path, open_edition(edition))
    pages = list((tmp_path / "maps/cchb").glob("*.html"))
    assert len(pages) > 20
    for page in pages:
        html = page.read_text(encoding="utf-8")
        assert "<script>alert" not in html
        assert "<img src=x" not in html
    table = (tmp_path / "data/processed/cchb/indicators.csv").read_text(encoding="utf-8-sig")
    assert ";'=cmd" in table
    assert ";=cmd" not in table


# --- Drawings, and a run with an elevation model ---------------------------------------------------------------


def test_every_drawing_is_a_file_that_stands_alone(cchb):
    for path in (cchb / "maps/cchb").glob("*.svg"):
        root = fromstring(path.read_text("utf-8"))  # noqa: S314  # our own file
        assert root.tag == "{http://www.w3.org/2000/svg}svg", path.name
        words = " ".join(root.itertext())
        assert "Communauté de communes de la Haute-Bigorre" in words, path.name
        assert "Sources\u00a0:" in words, path.name
        assert "édition 2026.1" in words, path.name
        assert "http" not in path.read_text("utf-8").replace("http://www.w3.org/", ""), path.name


@pytest.fixture(scope="session")
def plane(tmp_path_factory):
    """A raster of 0.01° over Haute-Bigorre that rises southwards: 100 m at 43.3° N, 10 m more each 0.01°."""
    path = tmp_path_factory.mktemp("dem") / "plan.tif"
    rows, columns = 60, 50
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=rows,
        width=columns,
        count=1,
        dtype="float32",
        crs="EPSG:4326",
        transform=Affine(0.01, 0, -0.05, 0, -0.01, 43.3),
    ) as raster:
        raster.write(np.repeat(105.0 + 10 * np.arange(rows)[:, None], columns, 1).astype("f4"), 1)
    return path


@pytest.fixture(scope="session")
def with_model(plane, tmp_path_factory):
    out = tmp_path_factory.mktemp("with_model")
    run("246500482", out, dem=(plane,))
    return out


class TestElevationModel:
    def test_altitudes_of_the_model_stand_beside_the_official_ones(self, with_model):
        table = pd.read_parquet(with_model / "data/processed/246500482/indicators.parquet")
        own = table[table["level"] == "territoire"].set_index("indicator")
        # Haute-Bigorre lies between 42.81 and 43.17° N: from 235 to 595 m on the plane, the official table says 2,872
        assert 230 <= own["value"]["altitude_min_dem_m"] < own["value"]["altitude_mean_dem_m"]
        assert own["value"]["altitude_max_dem_m"] <= 600
        assert own["value"]["altitude_max_m"] == 2872
        assert own["value"]["area_above_500_pct"] < 50
        assert own["value"]["area_above_1000_pct"] == 0
        bands = own[own.index.str.match(r"area_\d+_\d+_dem_km2")]["value"].sum()
        assert bands == pytest.approx(391.4, rel=0.005)
        communes = table[table["level"] == "commune"]
        assert (communes["indicator"] == "altitude_mean_dem_m").sum() == 25

    def test_its_file_is_among_the_sources(self, with_model, plane):
        folder = with_model / "data/processed/246500482"
        [source] = json.loads((folder / "manifest.json").read_text("utf-8"))["sources"]
        [file] = source["files"]
        assert file["sha256"] == hashlib.sha256(plane.read_bytes()).hexdigest()
        assert "plan.tif" in source["title"]
        html = unescape((with_model / "maps/246500482/index.html").read_text("utf-8"))
        assert "plan.tif" in html
        # the table and the plane disagree by hundreds of metres: it is said at the top of the page
        assert "ne s'accordent pas" in html

    def test_its_pictures_are_files_too(self, with_model):
        names = {path.stem for path in (with_model / "maps/246500482").glob("*.svg")}
        assert {"carte-du-relief", "courbe-hypsometrique", "superficie-par-altitude"} <= names
        assert "repartition-par-altitude-du-sol" in names

    def test_a_model_of_elsewhere_loses_nothing(self, with_model, tmp_path, plane):
        shutil.copytree(with_model, tmp_path, dirs_exist_ok=True)
        before = digests(tmp_path)
        with pytest.raises(ElevationError, match=r"plan\.tif"):
            run("200093201", tmp_path, dem=(plane,))
        assert digests(tmp_path) == before
