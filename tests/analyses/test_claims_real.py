"""The claims of the reference studies on the embedded edition: what is known of them is found from the data."""

import dataclasses
import datetime as dt
import json
from pathlib import Path

import pytest

from terrdiag.analyses.claims import analyse_claims, record_claims
from terrdiag.analyses.claims.grounds import list_zonings, make_territory
from terrdiag.catalogue import load_indicators
from terrdiag.edition import open_edition
from terrdiag.indicators import compute_values, list_places
from terrdiag.study import list_studies, load_study, study_for_code
from terrdiag.study.claims import ClaimTable, WrittenFloat
from terrdiag.territory import read_commune_frame, resolve_comparators, resolve_perimeter
from terrdiag.wording import round_half_away

PIPELINES = Path(__file__).parents[2] / "pipelines"


@pytest.fixture(scope="module")
def edition():
    return open_edition()


@pytest.fixture(scope="module")
def check(edition):
    """Check the claims of a reference study, or others on the same study; each once."""
    done = {}

    def call(name, *claims, known=None):
        key = (name, claims, known is None)
        if key not in done:
            study = load_study(PIPELINES / f"{name}.toml")
            if claims:
                study = dataclasses.replace(study, claims=claims)
            done[key] = analyse_claims(study, resolve_perimeter(study, edition), edition, known)
        return done[key]

    return call


def claim(indicator, value, **more):
    texts = {"text": "la phrase", "document": "le document"}
    value = WrittenFloat(value) if isinstance(value, str) else value
    return ClaimTable(**(texts | {"indicator": indicator, "value": value} | more))


def verdicts(findings):
    return [one.verdict for one in findings.checked]


def definitions(candidates):
    return [
        (one.indicator, one.year, len(one.ground.members or one.ground.place.communes))
        for one in candidates
    ]


@pytest.mark.parametrize(
    ("study", "expected"),
    [
        ("cchb", ["differs"] * 4 + ["not_computable"] * 2),
        ("gers-tarn-et-garonne", ["confirmed"] + ["differs"] * 4),
        ("metz-metropole", ["differs", "not_computable"]),
        ("mel", ["confirmed", "confirmed"]),
        ("lacq-pau-tarbes", []),
        ("nouvelle-aquitaine", []),
    ],
)
def test_verdicts_of_the_reference_studies(check, study, expected):
    assert verdicts(check(study)) == expected


def test_the_epci_of_a_study_is_explained_as_its_territory(check):
    """The perimeter of before 2018, which only the study states, is tried for it; its own date is no other place."""
    place = "epci:246500482"
    undated, dated = check(
        "cchb",
        claim("communes", 24, place=place),
        claim("communes", 25, place=place, year=2015),
    ).checked
    assert definitions(undated.search.fitting) == [("communes", 0, 24)]
    assert undated.search.fitting[0].ground.by_study
    assert undated.search.fitting[0].changes == ("date",)
    assert definitions([dated.found]) == [("communes", 0, 24)]
    assert [one.changes for one in dated.search.fitting] == [("date",)]


def test_the_studies_state_no_answer():
    # a tolerance, or a date chosen to force an answer, would be one
    for path in list_studies(PIPELINES):
        for one in load_study(path).claims:
            assert one.tolerance is None
            assert one.date is None


class TestHauteBigorre:
    def test_twenty_four_communes_until_hitte_came_in(self, check):
        [first, *_] = check("cchb").checked
        assert first.found.cell.value == 25
        [best] = first.search.fitting
        assert best.cell.value == 24
        assert best.changes == ("date",)
        assert best.ground.until == dt.date(2017, 12, 31)
        assert best.ground.by_study
        assert "65222" not in best.ground.place.communes

    def test_no_definition_gives_18112(self, check):
        one = check("cchb").checked[1]
        assert one.found.cell.value == 17_352
        assert not one.search.fitting
        assert not one.search.is_weak
        assert one.search.tried > 10
        nearest = one.search.near[0]
        assert definitions([nearest]) == [("population", 2011, 24)]
        assert nearest.cell.value == 17_187

    def test_altitudes(self, check):
        low, high = check("cchb").checked[2:4]
        assert (low.found.cell.value, high.found.cell.value) == (327, 2872)
        assert not low.search.fitting
        assert not high.search.fitting
        assert check("cchb").joint_of(3).numbers == (3, 4)


class TestGersTarnEtGaronne:
    def test_eleven_epci(self, check):
        assert check("gers-tarn-et-garonne").checked[0].found.cell.value == 11

    def test_the_share_of_establishments_is_the_nearest_of_both(self, check):
        findings = check("gers-tarn-et-garonne")
        joint = findings.joint_of(4)
        assert joint.numbers == (4, 5)
        assert not joint.fitting  # 7.65 is not 7.9: it is told as the nearest, not as a match
        [own, region] = joint.near[0].candidates
        assert own.indicator == region.indicator == "industry_establishments_share_pct"
        assert own.year == region.year == 2018
        assert own.cell.value == pytest.approx(7.65, abs=0.04)
        assert (own.fits, region.fits) == (False, True)
        assert region.cell.value == pytest.approx(6.66, abs=0.005)

    def test_salaried_jobs_are_far_above(self, check):
        own, region = check("gers-tarn-et-garonne").checked[3:5]
        assert own.found.cell.value > 11
        assert region.found.cell.value == pytest.approx(11.1, abs=0.1)

    def test_a_figure_rounded_to_the_unit_is_weak(self, check):
        assert check("gers-tarn-et-garonne").checked[4].search.is_weak

    def test_jobs_are_not_nearer_under_another_definition(self, check):
        findings = check("gers-tarn-et-garonne")
        assert findings.checked[1].found.cell.status == "estimate"
        assert findings.joint_of(2).is_said_nearest


class TestMetropoles:
    def test_metz_had_44_communes_until_2021(self, check):
        [best] = check("metz-metropole").checked[0].search.fitting
        assert best.ground.until == dt.date(2021, 12, 31)
        assert best.cell.value == 44

    def test_lille_is_confirmed(self, check):
        communes, people = check("mel").checked
        assert communes.found.cell.value == 95
        assert people.found.cell.value > 1_000_000
        assert communes.search is None

    def test_lille_under_its_former_identifier(self, check):
        one = check("mel", claim("communes", 90)).checked[0]
        [best] = one.search.fitting
        assert best.ground.former == ("245900410",)
        assert best.ground.until == dt.date(2020, 12, 31)
        dated = check("mel", claim("communes", 90, year=2020)).checked[0]
        assert dated.verdict == "confirmed"


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ([claim("population", 17187, year=2011, date=dt.date(2017, 6, 1))], ["confirmed"]),
        ([claim("population", 16640, year=2018)], ["confirmed"]),
        ([claim("area_km2", 391)], ["confirmed"]),
        ([claim("jobs", 6000, relation=">")], ["confirmed"]),
        ([claim("industry_establishments_share_pct", "8.77", year=2018)], ["confirmed"]),
        ([claim("population", 231457, year=2022, place="departement:65")], ["confirmed"]),
        ([claim("altitude_min_dem_m", 327)], ["not_computable"]),
        ([claim("population", "60e6", place="france", year=2018)], ["differs"]),
    ],
)
def test_other_claims_on_the_haute_bigorre(check, claims, expected):
    assert verdicts(check("cchb", *claims)) == expected


def test_the_total_population_is_found(check):
    # 16,981 is the total population of 2023; the municipal one is 16,518
    one = check("cchb", claim("population", 16_981, year=2023)).checked[0]
    assert one.verdict == "differs"
    assert definitions(one.search.fitting[:1]) == [("population_total", 2023, 25)]


def test_a_figure_of_another_zoning_is_found(check):
    one = check("cchb", claim("population", 231_457, year=2022)).checked[0]
    best = one.search.fitting[0]
    assert best.ground.key == ("departement", "65")
    assert best.changes == ("zoning",)


def test_every_value_is_confirmed_when_it_is_stated_rounded(edition, check):
    """Whatever the indicator, the year and the number of decimals."""
    study = load_study(PIPELINES / "cchb.toml")
    perimeter = resolve_perimeter(study, edition)
    comparators = resolve_comparators(study, perimeter, edition)
    places = list_places(
        perimeter, comparators, read_commune_frame(edition, perimeter), edition.date
    )
    values, _ = compute_values(edition, places)
    own = values[(values["level"] == "territoire") & values["value"].notna()]
    claims = tuple(
        claim(name, f"{round_half_away(value, decimals):.{decimals}f}", year=int(year))
        for name, year, value in zip(own["indicator"], own["ref_year"], own["value"], strict=True)
        for decimals in (0, 1, 3)
    )
    assert len({one.indicator for one in claims}) > 20
    assert set(verdicts(check("cchb", *claims, known=values))) == {"confirmed"}


def test_the_figures_of_a_run_are_not_computed_again(edition, check, monkeypatch):
    study = load_study(PIPELINES / "mel.toml")
    perimeter = resolve_perimeter(study, edition)
    comparators = resolve_comparators(study, perimeter, edition)
    places = list_places(
        perimeter, comparators, read_commune_frame(edition, perimeter), edition.date
    )
    values, _ = compute_values(edition, places)
    monkeypatch.setattr("terrdiag.analyses.claims.book.compute_values", pytest.fail)
    again = analyse_claims(study, perimeter, edition, values)
    assert [one.found.cell.value for one in again.checked] == [
        one.found.cell.value for one in check("mel").checked
    ]


def test_records_are_plain(check):
    records = record_claims(check("cchb"))
    assert json.loads(json.dumps(records)) == records
    assert [one["verdict"] for one in records] == verdicts(check("cchb"))
    assert records[0]["hypotheses"][0]["value"] == 24
    assert records[4]["missing"] == "stated"
    assert records[1]["nearest"][0]["value"] == 17_187
    assert records[0]["together"] is None
    pair = record_claims(check("gers-tarn-et-garonne"))[4]["together"]
    assert pair["claims"] == [4, 5]
    assert [round(one["value"]) for one in pair["nearest"][0]] == [8, 7]


def test_a_study_without_claims_costs_nothing(edition, monkeypatch):
    monkeypatch.setattr("terrdiag.analyses.claims.book.compute_values", pytest.fail)
    monkeypatch.setattr("terrdiag.analyses.claims.analyse.list_dated", pytest.fail)
    study = study_for_code("region", "75")
    findings = analyse_claims(study, resolve_perimeter(study, edition), edition)
    assert (findings.checked, findings.joints) == ((), ())
    assert findings.values.empty
    assert set(load_indicators()) <= set(findings.indicators)


class TestComparatorsOfTheStudy:
    """« Occitanie sans Toulouse Métropole » is a comparator of the study: a document may have taken it."""

    @pytest.mark.parametrize("place", ["region:76", "territoire"])
    def test_a_figure_of_a_comparator_is_found(self, check, place):
        stated = claim("industry_establishments_share_pct", "6.89", year=2018, place=place)
        one = check("gers-tarn-et-garonne", stated).checked[0]
        best = one.search.fitting[0]
        assert best.ground.place.level == "ensemble"
        assert best.ground.place.name == "Occitanie sans Toulouse Métropole"
        assert best.changes == ("zoning",)
        assert best.cell.value == pytest.approx(6.89, abs=0.005)

    def test_a_place_far_from_the_one_said_comes_after(self, check):
        # « 10 % en Occitanie » : 10.04 % in the Gers, which is not Occitanie; 10.46 % nearly everywhere else in it
        names = [
            one.ground.place.name for one in check("gers-tarn-et-garonne").checked[2].search.fitting
        ]
        assert names[0] == "Occitanie sans Toulouse Métropole"
        assert "Gers" in names[1:]

    def test_no_place_is_tried_twice(self, edition):
        study = load_study(PIPELINES / "gers-tarn-et-garonne.toml")
        perimeter = resolve_perimeter(study, edition)
        own = make_territory(perimeter, edition)
        found = list_zonings(study, perimeter, edition, own)
        sets = [one.place.communes for one in found]
        assert len(sets) == len(set(sets))
        assert own.place.communes not in sets
        assert [one.place.level for one in found].count("ensemble") == 1
