import json

import numpy as np
import pandas as pd
import pytest

from maps.decoder import unpack
from maps.example import EAST_EPCI, NORTH_EPCI, SOUTH_EPCI, make_indicator, make_values
from terrdiag.errors import CatalogueError
from terrdiag.maps.view import build_view, build_views
from terrdiag.wording import NBSP, NNBSP

RATES = [
    ("commune", "01001", 2018, 4.0),
    ("commune", "01002", 2018, 8.04),
    ("commune", "01003", 2018, None, "too_small"),
    ("commune", "01004", 2018, 12.0, "partial"),
    ("commune", "01005", 2018, None, "secret"),
    # 01006, the island: no row
    ("commune", "02001", 2018, 99.0),
    ("commune", "01001", 2022, 16.0),
    ("epci", NORTH_EPCI, 2018, 50.0),
    ("territoire", "ici", 2018, 7.5),
    ("france", "00FR", 2018, 6.25, "estimate"),
    ("france", "00FR", 2022, 6.5),
]


def view_of(rows=RATES, year=2018, scene=None, **changes):
    return build_view(
        make_indicator(**changes), year, make_values(rows), scene, source="Source : essai."
    )


def counts(view):
    return {row.label: row.count for row in view.legend}


def test_values_are_aligned_on_the_scene_and_rounded(scene):
    view = view_of(scene=scene)
    np.testing.assert_equal(view.values[:4], [4.0, 8.0, np.nan, 12.0])
    # a neighbour is left out, even with a value; a commune without a row is missing
    assert view.statuses == ("ok", "ok", "too_small", "partial", "secret", "missing", "", "", "")
    assert np.isnan(view.values[4:]).all()


def test_the_legend_counts_this_year_with_the_classes_of_all_years(scene):
    view = view_of(scene=scene)
    # four values in all (4, 8, 12 and 16 in 2022): quantiles at a third and two thirds are 8 and 12
    assert view.classes.breaks == (4, 8, 12, 16)
    assert counts(view) == {
        "12,0 à 16,0": 1,
        "8,0 à 12,0": 1,
        "4,0 à 8,0": 1,
        "Effectif trop faible": 1,
        "Secret statistique": 1,
        "Non disponible (n.d.)": 1,
        "dont valeur partielle": 1,
    }
    assert view_of(scene=scene, year=2022).classes == view.classes
    assert counts(view_of(scene=scene, year=2022)) == {
        "12,0 à 16,0": 1,
        "8,0 à 12,0": 0,
        "4,0 à 8,0": 0,
        "Non disponible (n.d.)": 5,
    }
    assert view.notes[0].startswith("Borne inférieure comprise")


def test_classes_and_statuses_count_every_place_of_the_territory(scene):
    view = view_of(scene=scene)
    classes = sum(row.count for row in view.legend if row.color)
    without = sum(
        row.count for row in view.legend if row.pattern and not row.label.startswith("dont")
    )
    assert classes + without == sum(scene.commune.inside)


def test_only_present_statuses_are_in_the_legend(scene):
    rows = [("commune", f"0100{i}", 2018, i) for i in range(1, 7)]
    assert [row.status for row in view_of(rows, scene=scene).legend] == [None] * 3


def test_a_map_by_epci_shows_those_around_that_have_a_row(scene):
    rows = [
        ("epci", NORTH_EPCI, 2022, 10.0),
        ("epci", EAST_EPCI, 2022, 20.0),
        ("epci", "999999999", 2022, 90.0),
    ]
    view = view_of(rows, 2022, scene, map={"level": "epci"})
    assert view.statuses == ("ok", "missing", "ok")
    # an EPCI that the scene does not hold sets no class
    assert view.classes.labels == ("10,0", "20,0")
    assert view.legend[0].count_text == f"1{NBSP}EPCI"
    without = view_of(rows[:1], 2022, scene, map={"level": "epci"})
    assert without.statuses == ("ok", "missing", "")


def test_references_are_the_upper_levels_of_the_year(scene):
    assert view_of(scene=scene).references == (
        ("ici", f"7,5{NBSP}%"),
        ("00FR", f"6,3{NBSP}% (estimation)"),
    )
    assert view_of(scene=scene, year=2022).references == (("00FR", f"6,5{NBSP}%"),)


def test_words_of_a_place(scene):
    view = view_of(scene=scene)
    assert [view.word(place) for place in (0, 2, 3, 5, 6)] == [
        f"4,0{NBSP}%",
        "effectif trop faible",
        f"12,0{NBSP}% (partiel)",
        "n.d.",
        "",
    ]


def test_signed_values_bear_their_sign(scene):
    rows = [("commune", "01001", 2018, 0.42), ("commune", "01002", 2018, -0.42)]
    view = view_of(rows, scene=scene, signed=True)
    assert [view.word(place) for place in (0, 1)] == [f"+0,4{NBSP}%", f"−0,4{NBSP}%"]


def test_json(scene):
    content = json.loads(view_of(scene=scene).to_json())
    assert content["values"] == "4.0,8.0,,12.0_5_"
    assert unpack(content["marks"]["too_small"]) == [2]
    assert unpack(content["marks"]["partial"]) == [3]
    assert set(content["marks"]) == {"too_small", "partial", "secret", "missing"}
    assert content["classes"]["breaks"] == [4, 8, 12, 16]
    assert content["classes"]["counts"] == [1, 1, 1]
    assert content["legend"][0]["countText"] == f"1{NBSP}commune"
    assert (content["key"], content["kind"], content["level"]) == (
        "share_pct@2018",
        "choropleth",
        "commune",
    )
    assert content["title"] == "Part d'exemple"
    assert "title" not in json.loads(view_of(scene=scene).to_json(alone=True))


def test_large_numbers_are_written_in_full(scene):
    rows = [("commune", "01001", 2018, 2113705.0), ("commune", "01002", 2018, 1234567.89)]
    view = view_of(rows, scene=scene, decimals=2)
    assert json.loads(view.to_json())["values"].startswith("2113705.0,1234567.89")


# ---------------------------------------------------------------------- circles

CIRCLES = {"kind": "count", "decimals": 0, "unit": "hab.", "map": {"kind": "circles"}}


def test_circles(scene):
    rows = [
        ("commune", "01001", 2018, 7163),
        ("commune", "01002", 2018, 0),
        ("commune", "01003", 2018, 12, "estimate"),
        ("commune", "01001", 2022, 8000),
    ]
    view = view_of(rows, scene=scene, **CIRCLES)
    # the largest of all years: the same value has the same circle on two maps
    assert view.circles.top == 8000
    assert view.circles.references == (
        (5000.0, f"5{NNBSP}000{NBSP}hab."),
        (2000.0, f"2{NNBSP}000{NBSP}hab."),
        (200.0, f"200{NBSP}hab."),
    )
    assert counts(view) == {
        "Avec un cercle": 2,
        "Valeur nulle, sans cercle": 1,
        "dont estimation": 1,
        "Non disponible (n.d.)": 3,
    }
    assert view.classes.colors == ()
    assert f"32{NBSP}pixels pour 8{NNBSP}000{NBSP}hab." in view.notes[0]


def test_a_negative_value_has_no_circle(scene):
    with pytest.raises(CatalogueError, match=r"négative.*choropleth"):
        view_of([("commune", "01001", 2018, -1)], scene=scene, **CIRCLES)


def test_zeros_only_have_no_reference(scene):
    view = view_of([("commune", "01001", 2018, 0)], scene=scene, **CIRCLES)
    assert (view.circles.top, view.circles.references, view.notes) == (0, (), ())


def test_an_indicator_without_map_is_refused(scene):
    indicator = make_indicator().model_copy(update={"map": None})
    with pytest.raises(CatalogueError, match="pas de carte"):
        build_view(indicator, 2018, make_values(RATES), scene, source="")


# ---------------------------------------------------------------------- all the views of a run


class Words:
    """A run with two indicators, of which one has no map."""

    def __init__(self):
        one, other = make_indicator(), make_indicator(id="other")
        self.indicators = {"share_pct": one, "other": other.model_copy(update={"map": None})}

    def word_period(self, indicator, ref_year):
        return f"{ref_year - 5}-{ref_year}"

    def word_source(self, source_id):
        return f"<{source_id}>"


def test_all_the_views_of_a_run(scene):
    values = pd.concat([make_values(RATES), make_values(RATES, "other")])
    # a year known at the upper levels only, and a year where nothing is known, have no map
    more = make_values([("france", "00FR", 2020, 5.0), ("commune", "01001", 2021, None, "missing")])
    views = build_views(pd.concat([values, more], ignore_index=True), scene, Words())
    assert [view.key for view in views] == ["share_pct@2018", "share_pct@2022"]
    assert views[0].year_label == "2013-2018"
    assert views[0].source == f"Source{NBSP}: <insee-2018>."
    alone = view_of(scene=scene)
    assert views[0].legend == alone.legend
    assert views[0].references == alone.references


def test_the_order_of_rows_changes_nothing(scene):
    shuffled = make_values(RATES).sample(frac=1, random_state=3)
    view = build_view(make_indicator(), 2018, shuffled, scene, source="")
    np.testing.assert_equal(view.values, view_of(scene=scene).values)
    assert view.legend == view_of(scene=scene).legend


def test_categories_are_read_as_texts(scene):
    values = make_values(RATES).astype(
        {"level": "category", "status": "category", "indicator": "category"}
    )
    assert (
        build_view(make_indicator(), 2018, values, scene, source="").legend
        == view_of(scene=scene).legend
    )


def test_an_epci_of_the_territory_without_row_is_missing(scene):
    view = view_of([("epci", SOUTH_EPCI, 2018, 3.0)], scene=scene, map={"level": "epci"})
    assert view.statuses == ("missing", "ok", "")


# --- A share that has counts for some years, some places ------------------------------------------------------

COUNTED = {
    "kind": "published",
    "inputs": ("share_pct",),
    "counts": ("a", "b"),
    "weights": "jobs_total",
    "fragile_below": 2000,
    "map": {"level": "epci"},
}
PEOPLE = {"01001": 1999.0, "01002": 2000.0, "01003": 10.0, "01004": 300.0}


def counted_values():
    """2022 by commune, 2016 by EPCI; the EPCI has a value in 2022 too."""
    rows = [
        ("commune", "01001", 2022, 4.0),
        ("commune", "01002", 2022, 8.0),
        ("commune", "01003", 2022, None, "too_small"),
        ("commune", "01004", 2022, 12.0, "estimate"),
        ("epci", NORTH_EPCI, 2022, 6.0),
        ("epci", NORTH_EPCI, 2016, 50.0),
        ("epci", EAST_EPCI, 2016, 30.0),
    ]
    shares = make_values(rows)
    shares["numerator"] = shares["value"].where(shares["ref_year"] == 2022)
    people = make_values(
        [("commune", code, 2023, size) for code, size in PEOPLE.items()], "population"
    )
    return pd.concat([shares, people], ignore_index=True)


def test_a_share_is_drawn_by_commune_for_the_years_that_have_its_counts(scene):
    context = Words()
    context.indicators = {"share_pct": make_indicator(**COUNTED)}
    views = build_views(counted_values(), scene, context)
    assert [(view.year, view.spec.level) for view in views] == [(2016, "epci"), (2022, "commune")]
    # each level has classes of its own
    assert views[0].classes.breaks[-1] == 50
    assert views[1].classes.breaks[-1] == 12


@pytest.mark.parametrize(("year", "level"), [(2016, "epci"), (2022, "commune")])
def test_one_view_of_such_a_share(scene, year, level):
    view = build_view(make_indicator(**COUNTED), year, counted_values(), scene, source="")
    assert (view.year, view.spec.level) == (year, level)
    assert not np.isnan(view.values).all()


def test_fragile_values_are_marked(scene):
    view = build_view(make_indicator(**COUNTED), 2022, counted_values(), scene, source="")
    # an estimate says that first; what is not given is not fragile
    assert view.statuses[:4] == ("fragile", "ok", "too_small", "estimate")
    words = f"fragile{NBSP}: moins de 2{NNBSP}000{NBSP}habitants"
    assert view.word(0) == f"4,0{NBSP}% ({words})"
    assert counts(view)[f"dont {words}"] == 1
    content = json.loads(view.to_json())
    assert content["fragile"] == words
    assert unpack(content["marks"]["fragile"]) == [0]


def test_what_is_published_by_epci_says_nothing_of_fragility(scene):
    view = build_view(make_indicator(**COUNTED), 2016, counted_values(), scene, source="")
    assert "fragile" not in json.loads(view.to_json())
    assert set(view.statuses) == {"ok", "missing"}
