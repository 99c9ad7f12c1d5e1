import shutil
from pathlib import Path

import pandas as pd
import pytest
import shapely

from terrdiag.edition import (
    open_edition,
    read_commune_list,
    read_communes,
    read_events,
    read_figures,
    read_memberships,
)
from terrdiag.edition.store import EMBEDDED
from terrdiag.errors import EditionError

CODES = ["01001", "01002", "01003", "01004", "01014", "03001", "03002", "03003", "03004"]
CODES += ["2A004", "75056", "97601"]


@pytest.fixture
def copy(minifrance_edition, tmp_path):
    """Folder of an edition to damage."""
    return Path(shutil.copytree(minifrance_edition.root, tmp_path / "édition copiée"))


def test_communes(minifrance_edition):
    communes = read_communes(minifrance_edition)
    assert communes["code_commune"].tolist() == CODES
    assert communes.crs == "EPSG:4326"
    assert list(communes.columns) == [
        "code_commune", "nom", "code_departement", "code_region", "area_km2", "contour_year", "geometry",
    ]  # fmt: skip
    assert communes["contour_year"].tolist() == [2026] * 5 + [2023] * 4 + [2026] * 3
    listed = read_commune_list(minifrance_edition)
    pd.testing.assert_frame_equal(listed, pd.DataFrame(communes.drop(columns="geometry")))


@pytest.mark.parametrize(
    ("bbox", "codes"),
    [
        # the north-west corner of the grid, and the border of 01002
        ((2.01, 46.63, 2.02, 46.64), ["01001"]),
        ((2.01, 46.61, 2.07, 46.64), ["01001", "01002", "01003"]),
        ((45, -13, 46, -12), ["97601"]),
        ((0, 0, 1, 1), []),
    ],
)
def test_communes_of_a_box(minifrance_edition, bbox, codes):
    assert read_communes(minifrance_edition, bbox=bbox)["code_commune"].tolist() == codes


def test_communes_by_code(minifrance_edition):
    communes = read_communes(minifrance_edition, codes={"2A004", "01001", "99999"})
    assert communes["code_commune"].tolist() == ["01001", "2A004"]
    assert shapely.get_num_geometries(communes.geometry.to_numpy()).tolist() == [1, 2]
    assert read_communes(minifrance_edition, codes=[]).empty


def test_memberships(minifrance_edition):
    rows = read_memberships(minifrance_edition, kinds=["epci"], communes=["01012"])
    assert rows[["code", "code_commune"]].to_numpy().tolist() == [
        ["200100001", "01012"],
        ["240100001", "01012"],
    ]
    assert rows["valid_from"].tolist() == [pd.Timestamp(2021, 1, 1), pd.Timestamp(2019, 1, 1)]
    assert rows["valid_to"].tolist() == [pd.Timestamp(2022, 1, 1), pd.Timestamp(2021, 1, 1)]
    two = read_memberships(minifrance_edition, kinds=["departement", "region"], codes=["01", "84"])
    assert two.groupby(["kind", "code"]).size().to_dict() == {
        ("departement", "01"): 5,
        ("region", "84"): 9,
    }
    assert read_memberships(minifrance_edition, kinds=[]).empty
    assert len(read_memberships(minifrance_edition)) > 60


def test_figures(minifrance_edition):
    figures = read_figures(
        minifrance_edition, levels=["commune"], codes=["01001"], variables=["births", "deaths"]
    )
    assert figures[["code", "variable", "ref_year", "value"]].to_numpy().tolist() == [
        ["01001", "births", 2018, 50.0],
        ["01001", "births", 2022, 60.0],
        ["01001", "deaths", 2018, 60.0],
        ["01001", "deaths", 2022, 70.0],
    ]
    assert isinstance(figures["code"].dtype, pd.CategoricalDtype)
    above = read_figures(minifrance_edition, levels=["epci", "france"])
    assert set(above["level"]) == {"epci", "france"}
    assert read_figures(minifrance_edition, codes=[]).empty


def test_events(minifrance_edition):
    events = read_events(minifrance_edition)
    assert events["date"].dt.year.tolist() == [2020, 2022, 2022, 2024, 2024, 2025, 2025]
    assert events["kind"].tolist() == [10, 32, 32, 21, 21, 32, 32]


def test_embedded_edition_is_the_default():
    edition = open_edition()
    assert edition.root == EMBEDDED
    assert edition.date.year == edition.info.cog_year == 2026
    assert edition.sources["insee-cog-2026"].licence.startswith("Licence Ouverte")


# --- What is not an edition ---------------------------------------------------------------------------


def test_absent_folder(tmp_path):
    with pytest.raises(EditionError, match=r"n'est pas une édition.*terrdiag edition build"):
        open_edition(tmp_path / "rien")


def test_file_in_the_place_of_the_folder(tmp_path):
    path = tmp_path / "edition.toml"
    path.write_text("x")
    with pytest.raises(EditionError, match="n'est pas une édition"):
        open_edition(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"id = ", "illisible"),
        (b"id = '\xe9'", "illisible"),
        (b"id = '2026.1'", "cog_year"),
        (b"<html><title>Erreur 404</title></html>", "illisible"),
    ],
)
def test_broken_description(copy, content, message):
    (copy / "edition.toml").write_bytes(content)
    with pytest.raises(EditionError, match=message):
        open_edition(copy)


def test_description_of_another_version(copy):
    path = copy / "edition.toml"
    path.write_text(f"colonnes = 3\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    with pytest.raises(EditionError, match=r"colonnes[\s\S]*Reconstruisez l'édition"):
        open_edition(copy)


@pytest.mark.parametrize("name", ["communes", "memberships", "figures", "events"])
def test_absent_table(copy, name):
    (copy / f"{name}.parquet").unlink()
    with pytest.raises(EditionError, match=rf"absente\(s\) : {name}\."):
        open_edition(copy)


READERS = {
    "communes": read_communes,
    "memberships": read_memberships,
    "figures": read_figures,
    "events": read_events,
}


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: data[: len(data) // 2], id="truncated"),
        pytest.param(lambda data: b"", id="empty"),
        pytest.param(lambda data: b"<html><title>Erreur 404</title></html>", id="web page"),
        pytest.param(lambda data: data[:4] + b"\0" * (len(data) - 12) + data[-8:], id="zeros"),
    ],
)
def test_damaged_table(copy, name, damage):
    path = copy / f"{name}.parquet"
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(EditionError, match=rf"{name}\.parquet est illisible.*Reconstruisez"):
        READERS[name](open_edition(copy))


@pytest.mark.parametrize("name", READERS)
def test_table_of_another_shape(copy, name):
    pd.DataFrame({"x": ["1"]}).to_parquet(copy / f"{name}.parquet")
    with pytest.raises(EditionError, match=rf"{name}\.parquet est illisible"):
        READERS[name](open_edition(copy))
