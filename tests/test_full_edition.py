"""Every source at once: a mirror that has them all, an update, a diagnostic, and its figures worked out again.

The files are synthetic (``synthetic_sources``), over the communes of the mini-France; what is expected is worked out
from the numbers drawn for each commune, never from what the project reads.
"""

import datetime as dt
import json
import math
import shutil
from dataclasses import replace

import pandas as pd
import pytest

from indicators.conftest import run_study
from minifrance import numbers
from minifrance.tables import read_rows
from synthetic_groups import send_workers, write_petr, write_ti_2023, zone_communes
from synthetic_insee import (
    INDUSTRY,
    count_homes,
    count_people,
    count_places,
    count_posts,
    count_sectors,
    draw_income,
)
from synthetic_jobs import count_jobs
from synthetic_others import EMISSIONS, GRAND_SECTORS, URSSAF_YEARS, deliver_energy, emit, employ
from synthetic_sources import write_sources
from synthetic_world import World
from terrdiag import refresh
from terrdiag.catalogue import load_sources
from terrdiag.diagnostic import run_diagnostic
from terrdiag.edition.store import read_events, read_flows, read_memberships
from terrdiag.refresh import RefreshOrder, refresh_data
from terrdiag.sources.download import NetworkSettings
from terrdiag.study import study_for_code
from terrdiag.values import SECRET

DAY = dt.date(2026, 11, 22)
UPPER, PLAIN = "200100001", "240300002"
MEMBERS = {
    UPPER: ("01001", "01002", "01003", "03003"),
    PLAIN: ("01004", "01014", "03001", "03002", "03004"),
}
PLACES = {
    ("commune", "01002"): ("01002",),
    ("epci", UPPER): MEMBERS[UPPER],
    ("departement", "03"): ("03001", "03002", "03003", "03004"),
}
BEFORE = {"01002": ("01002", "01012"), "03004": ("03004", "03005")}
"""What a commune of 2026 was made of (01012 until 2022, 03005 until 2025)."""


def make_world(events):
    people = {row["COM"]: float(row["PMUN"]) for row in read_rows(numbers.REFERENCE_2023)}
    people["75056"] = people["75101"] + people["75102"]
    epci = {code: siren for siren, codes in MEMBERS.items() for code in codes}
    rows = [
        {
            "code": row["COM"],
            "nom": row["LIBELLE"],
            "departement": row["DEP"],
            "region": row["REG"],
            "epci": epci.get(row["COM"]),
            "arr": f"{row['DEP']}1",
            "canton": f"{row['DEP']}01",
        }
        for row in read_rows(numbers.COMMUNES)
    ]
    table = pd.DataFrame(rows).set_index("code")
    sizes = pd.Series(people).reindex(table.index).fillna(0.0)
    # ten times the mini-France: shares of small places would not be given
    table = table.assign(p2016=9 * sizes, p2022=10 * sizes, p2023=10 * sizes)
    return World(table, numbers.ARRONDISSEMENTS, events)


@pytest.fixture(scope="session")
def world(minifrance_edition):
    return make_world(read_events(minifrance_edition))


@pytest.fixture(scope="session")
def edition(minifrance_raw, minifrance_edition, world, tmp_path_factory):
    folder = tmp_path_factory.mktemp("complete")
    mirror = shutil.copytree(minifrance_raw, folder / "mirror")
    write_sources(mirror, world)
    territories = read_memberships(minifrance_edition, ["ti"])
    path = mirror / "anct/territoires-industrie-2023/liste-ti-com2023-20240704.csv"
    write_ti_2023(path, territories, world)
    petr = {"200900001": ("PETR des Deux Pays", [(UPPER, "CC du Haut-Pays"), (PLAIN, "CA")])}
    write_petr(mirror / "interieur/banatic/84.xlsx", petr)
    register = {name: lighten(source) for name, source in load_sources().items()}
    order = RefreshOrder(
        folder=folder / "work",
        mirror=str(mirror),
        settings=NetworkSettings(offline=True),
        today=DAY,
        base=minifrance_edition,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(refresh, "load_sources", lambda: register)
        done = refresh_data(order, lambda _: None)
    assert not done.failed
    return done.edition


def lighten(source):
    """Give a source the mini-France's thresholds: its files have a dozen rows."""
    change = {"min_rows": 1, "sha256": ""}
    if source.id == "etalab-geo-api-2023":
        change["for_each"] = ("03",)
    return source.model_copy(
        update={"files": tuple(file.model_copy(update=change) for file in source.files)}
    )


@pytest.fixture(scope="session")
def values(edition):
    study = study_for_code("epci", UPPER, "Essai")
    return run_study(replace(study, id="haut-pays"), edition).values


# --- The figures --------------------------------------------------------------------------------------------


def jobs_2022(world, code):
    counts = count_jobs(code, world.communes["p2022"][code], 2022)
    return counts["EMPLT_INDUS"], counts["EMPLT"]


def jobs_2023(world, code):
    counts = count_sectors(code, world.communes["p2023"][code], 2023)
    return counts["BE"], counts["_T"]


def posts(world, code):
    counts = count_posts(code, world.communes["p2023"][code])
    return sum(counts[branch] for branch in INDUSTRY), counts["_T"]


def homes(world, code):
    before, now = world.communes.loc[code, ["p2016", "p2023"]]
    counts = count_homes(code, count_people(before, now, 1968))
    return counts["DW_SEC_DW_OCC"], counts["_T"]


def places(world, code):
    counts = count_places(code, world.communes["p2022"][code])
    return counts["BE"], sum(counts.values())


def energy(world, code):
    """Tell the energy of industry and of all sectors; a commune of which a row is withheld counts in neither."""
    people = world.people_in(2024)
    found = [
        (sector, value)
        for old in (BEFORE[code] if code == "03004" else (code,))
        for fuel in ("Electricité", "Gaz")
        for sector, value in deliver_energy(old, people[old], fuel).items()
    ]
    if any(value is None for _, value in found):
        return 0.0, 0.0
    return sum(v for s, v in found if s == "INDUSTRIE"), sum(v for _, v in found)


def emissions(world, code):
    people = world.people_in(2016)
    rows = [emit(old, people[old]) for old in BEFORE.get(code, (code,))]
    apart = {"Autres transports international", "CO2 biomasse hors-total"}
    whole = [row[sector] or 0.0 for row in rows for sector in EMISSIONS if sector not in apart]
    return sum(row["Industrie hors-énergie"] for row in rows), sum(whole)


def private_jobs(world, code):
    people, last = world.people_in(2021), len(URSSAF_YEARS) - 1
    found = [
        (sector, employ(old, people[old], sector))
        for old in BEFORE.get(code, (code,))
        for sector in GRAND_SECTORS
    ]
    known = [(sector, years[last] or 0) for sector, years in found if years]
    return sum(n for s, n in known if s.startswith("GS1")), sum(n for _, n in known)


CASES = {
    ("industry_jobs_share_pct", 2022): jobs_2022,
    ("industry_jobs_share_pct", 2023): jobs_2023,
    ("industry_salaried_posts_share_pct", 2024): posts,
    ("second_homes_share_pct", 1968): homes,
    ("industry_establishments_share_pct", 2024): places,
    ("energy_industry_share_pct", 2024): energy,
    ("ghg_industry_share_pct", 2016): emissions,
    ("industry_private_jobs_share_pct", 2025): private_jobs,
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def test_a_share_is_that_of_the_sums_of_what_was_written(values, world, case, place):
    (indicator, year), (level, code) = case, place
    rows = values[(values["indicator"] == indicator) & (values["ref_year"] == year)]
    [row] = rows[(rows["level"] == level) & (rows["code"] == code)].to_dict("records")
    parts = [CASES[case](world, member) for member in PLACES[place]]
    part, whole = (math.fsum(column) for column in zip(*parts, strict=True))
    assert row["numerator"] == pytest.approx(part, rel=1e-6)
    assert row["denominator"] == pytest.approx(whole, rel=1e-6)
    assert row["value"] == pytest.approx(100 * part / whole, rel=1e-6)


def find(values, level, code, indicator, year):
    rows = values[(values["indicator"] == indicator) & (values["ref_year"] == year)]
    [row] = rows[(rows["level"] == level) & (rows["code"] == code)].to_dict("records")
    return row


def test_what_is_withheld_is_secret_and_not_zero(values, world):
    people = world.people_in(2024)
    withheld = {
        code
        for code in MEMBERS[UPPER]
        for fuel in ("Electricité", "Gaz")
        if None in deliver_energy(code, people[code], fuel).values()
    }
    assert withheld == {"03003"}
    assert find(values, "commune", "03003", "energy_use", 2024)["status"] == SECRET
    # 37 and 10 x 148 inhabitants: under 2,000
    for code in ("01003", "03003"):
        assert find(values, "commune", code, "poverty_rate_pct", 2023)["status"] == SECRET


@pytest.mark.parametrize(
    ("year", "median", "poverty"),
    [
        (2021, "median_living_standard_filosofi1_eur", "poverty_rate_filosofi1_pct"),
        (2023, "median_living_standard_eur", "poverty_rate_pct"),
    ],
)
@pytest.mark.parametrize(
    ("level", "code"), [("commune", "01001"), ("epci", UPPER), ("departement", "03")]
)
def test_incomes_are_those_published_for_the_place(values, level, code, year, median, poverty):
    expected = draw_income(code, year)
    found = [find(values, level, code, name, year)["value"] for name in (median, poverty)]
    assert found == list(expected)
    # a series has the years of its own file only
    assert set(values.loc[values["indicator"] == median, "ref_year"]) == {year}


def test_residents_work_somewhere(edition, world):
    flows = read_flows(edition)
    sent = flows[flows["origin"] == "01002"]
    # those who go to work in Switzerland too, less the flows of half a person that are not written
    assert sent["value"].sum() == pytest.approx(0.42 * 3150, abs=3)
    [abroad] = sent[sent["place"].notna()].to_dict("records")
    assert (abroad["destination"], abroad["place"]) == ("99140", "Suisse")
    [(code, _, value)] = send_workers("01002", 3150.0, [])
    [home] = sent.loc[sent["destination"] == "01002", "value"]
    assert (code, home) == ("01002", pytest.approx(value))


def test_zonings_programmes_and_petr_are_there(edition, world):
    table = read_memberships(edition, ["ze", "petr", "ti2023"])
    zones = zone_communes(world).set_index("code")["ze"]
    found = table[table["kind"] == "ze"].set_index("code_commune")["code"]
    assert found.to_dict() == zones.to_dict()
    assert (table["kind"] == "ti2023").any()
    members = table.loc[table["code"] == "200900001", "code_commune"]
    assert set(members) == {code for codes in MEMBERS.values() for code in codes}


def test_a_share_alike_source_is_marked_wherever_its_figures_are(edition, tmp_path):
    study = replace(study_for_code("epci", UPPER, "Essai"), id="haut-pays")
    run_diagnostic(study, edition, tmp_path, generated=DAY, command="x", progress=lambda _: None)
    data = tmp_path / "data/processed/haut-pays"
    table = pd.read_csv(data / "indicators.csv", sep=";", dtype=str)
    marked = table["source"].str.contains("ODbL")
    assert set(table.loc[marked, "indicateur"]) == {
        "private_jobs",
        "industry_private_jobs_share_pct",
    }
    assert set(table.loc[~marked, "indicateur"]).isdisjoint(table.loc[marked, "indicateur"])
    manifest = json.loads((data / "manifest.json").read_text(encoding="utf-8"))
    assert "ODbL" in json.dumps(manifest, ensure_ascii=False)
    page = (tmp_path / "maps/haut-pays/index.html").read_text(encoding="utf-8")
    assert "ODbL : partage à l'identique" in page.replace("\N{NO-BREAK SPACE}", " ").replace(
        "&#39;", "'"
    )
