"""The embedded edition against the real official files, piece by piece.

The whole build takes minutes: it is made again, and compared byte for byte, only when
``TERRDIAG_FULL_BUILD=1``.
"""

import json
import os

import numpy as np
import pandas as pd
import pytest
import shapely

from terrdiag.edition import (
    open_edition,
    outlines,
    read_commune_list,
    read_communes,
    read_events,
    read_figures,
    read_memberships,
)
from terrdiag.edition.bench import Workbench
from terrdiag.edition.build import COG_YEAR, build_edition
from terrdiag.edition.build_figures import build_figures
from terrdiag.edition.build_memberships import build_memberships, read_upper_names
from terrdiag.edition.provenance import record_file
from terrdiag.sources import cog, comparateur

pytestmark = pytest.mark.mirror


@pytest.fixture(scope="module")
def edition():
    return open_edition()


@pytest.fixture(scope="module")
def bench(mirror):
    return Workbench(mirror, lambda _: None)


@pytest.fixture(scope="module")
def communes(mirror):
    return cog.read_communes(mirror / "insee/cog/v_commune_2026.csv").table


@pytest.fixture(scope="module")
def events(mirror):
    return cog.read_events(mirror / "insee/cog/v_mvt_commune_2026.csv").table


@pytest.fixture(scope="module")
def memberships(bench, mirror, communes, events):
    return build_memberships(
        bench,
        communes,
        events,
        read_upper_names(bench, sorted((mirror / "insee/cog").iterdir())),
        COG_YEAR,
    )


@pytest.fixture(scope="module")
def figures(bench, mirror, communes, events, memberships):
    arrondissements = cog.read_arrondissements_municipaux(mirror / "insee/cog/v_commune_2026.csv")
    return build_figures(bench, arrondissements.table, communes, events, memberships, COG_YEAR)


def as_text(table):
    """Texts as plain objects, so that two ways of storing them compare."""
    texts = table.select_dtypes(exclude="number").columns
    return table.astype(dict.fromkeys(texts, "object")).reset_index(drop=True)


def test_communes_and_events(edition, communes, events):
    listed = read_commune_list(edition)
    pd.testing.assert_frame_equal(
        as_text(listed[list(communes.columns)]), as_text(communes), check_dtype=False
    )
    pd.testing.assert_frame_equal(
        as_text(read_events(edition)[list(events.columns)].astype(str)),
        as_text(events.astype(str)),
        check_dtype=False,
    )


def test_memberships(edition, memberships):
    embedded = read_memberships(edition)
    keys = ["kind", "code", "code_commune", "valid_from"]
    tables = [
        as_text(table.sort_values(keys).astype(str))
        for table in (embedded, memberships[embedded.columns])
    ]
    pd.testing.assert_frame_equal(*tables)


def test_figures(edition, figures):
    keys = ["level", "code", "variable", "ref_year"]
    both = [
        as_text(table).set_index(keys).sort_index() for table in (read_figures(edition), figures)
    ]
    differing = both[0].index.symmetric_difference(both[1].index)
    assert differing.empty, f"reconstruisez l'édition : {list(differing[:10])}"
    pd.testing.assert_frame_equal(*both, check_dtype=False, check_index_type=False, rtol=1e-12)


COUNTS = ("population", "jobs_total", "dwellings", "establishments_total", "births")


def test_no_count_is_lost_on_the_way(mirror, figures):
    """National sums are those of the file: communes merged and split are all there."""
    path = mirror / "insee/comparateur/base_cc_comparateur_csv.zip"
    raw = comparateur.read_comparateur(path, "insee-comparateur-2018").table
    for variable in COUNTS:
        rows = figures[(figures["variable"] == variable) & (figures["ref_year"] == 2018)]
        expected = raw.loc[(raw["variable"] == variable) & (raw["ref_year"] == 2018), "value"].sum()
        assert rows["value"].sum() == pytest.approx(expected, rel=1e-9), variable


def test_mergers_that_the_censuses_do_not_know_are_missing(figures):
    # the re-published file has Saint-Denis without Pierrefitte (merged 2025): 115,240 in 2022
    population = figures[(figures["variable"] == "population") & (figures["level"] == "commune")]
    years = population.groupby("code")["ref_year"].agg(set)
    assert years["93066"] == {2013, 2018, 2023}
    assert years["01187"] == {2013, 2018, 2023}
    assert years["65059"] == {2011, 2013, 2016, 2018, 2022, 2023}


@pytest.mark.parametrize(
    ("reference", "files"),
    [
        ("cchb", ["65"]),
        ("mel", ["59"]),
        ("metz", ["57"]),
        # CC des Deux Rives goes on into the Lot-et-Garonne
        ("ti_gers_tarnetgaronne", ["32", "82", "47"]),
    ],
)
def test_areas_are_those_of_the_reference_contours(mirror, edition, reference, files):
    text = (mirror / f"reference/ref_{reference}_full.geojson").read_text(encoding="utf-8")
    features = json.loads(text)["features"]
    codes = [feature["properties"]["code"] for feature in features]
    shapes = np.array(
        [shapely.from_geojson(json.dumps(feature["geometry"])) for feature in features]
    )
    expected = outlines.measure_areas(codes, shapes)
    folder = mirror / "etalab/geo-api/departements"
    read = outlines.read_contours([folder / f"{name}.geojson.gz" for name in files], workers=1)
    measured = read.table.set_index("code_commune")["area_km2"]
    assert measured[codes].to_numpy() == pytest.approx(expected, rel=1e-3)
    embedded = read_commune_list(edition).set_index("code_commune")["area_km2"]
    assert embedded[measured.index].to_numpy() == pytest.approx(measured.to_numpy(), rel=1e-12)


def test_older_departement_is_generalised_alone(mirror):
    paths = [mirror / "etalab/geo-api-2023/departements/12.geojson.gz"]
    detailed = outlines.read_contours(paths, workers=1).table
    simple = outlines.generalise(detailed["geometry"].to_numpy(), outlines.METRO_X_SCALE)
    assert shapely.coverage_is_valid(simple)
    assert outlines.measure_areas(detailed["code_commune"], simple).sum() == pytest.approx(
        detailed["area_km2"].sum(), rel=1e-3
    )


def test_outlines_stay_close_to_the_full_detail(mirror, edition):
    """What is drawn is within 600 m of the full detail, within 300 m for 19 communes of 20."""
    path = mirror / "etalab/geo-api/departements/65.geojson.gz"
    detailed = outlines.read_contours([path], workers=1).table.set_index("code_commune")
    simple = read_communes(edition, codes=detailed.index).set_index("code_commune").geometry
    distance = shapely.hausdorff_distance(
        detailed["geometry"].to_numpy(), simple[detailed.index].to_numpy()
    )
    assert distance.max() < 0.008  # degrees: about 600 m
    assert np.quantile(distance, 0.95) < 0.004


def test_recorded_digests_are_those_of_the_files(mirror, edition):
    recorded = {file.path: file for source in edition.info.sources for file in source.files}
    assert len(recorded) > 120
    for path, file in recorded.items():
        if file.size < 3_000_000:
            assert record_file(mirror / path, mirror) == file


@pytest.mark.skipif(
    os.environ.get("TERRDIAG_FULL_BUILD") != "1",
    reason="construction nationale complète (minutes) : demandez-la avec TERRDIAG_FULL_BUILD=1",
)
def test_whole_build_gives_the_embedded_bytes(mirror, edition, tmp_path):
    build_edition(mirror, tmp_path / "edition", edition.info.built_at)
    differing = [
        path.name
        for path in sorted(edition.root.iterdir())
        if path.read_bytes() != (tmp_path / "edition" / path.name).read_bytes()
    ]
    assert differing == []
