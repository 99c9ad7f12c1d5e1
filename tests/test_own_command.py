"""``terrdiag data add``: a user's file in the local edition, then in the page, the maps and the tables."""

import datetime as dt
import shutil

import pandas as pd
import pytest

from terrdiag.diagnostic import run_diagnostic
from terrdiag.edition import open_edition, read_figures
from terrdiag.edition.build import build_edition
from terrdiag.edition.check import check_edition
from terrdiag.edition.local import (
    LOCAL,
    find_edition,
    install_edition,
    read_pointer,
    refreshing,
    write_pointer,
)
from terrdiag.edition.store import EMBEDDED
from terrdiag.errors import OutputError, SourceError, SourceFormatError, SourceUnavailableError
from terrdiag.own_command import (
    AddOrder,
    add_data,
    list_data,
    remove_data,
    summarise_added,
)
from terrdiag.refresh import RAW, sign
from terrdiag.sources.own import find_own
from terrdiag.study.load import study_for_code

TODAY = dt.date(2026, 11, 23)

SIDECAR = """\
[indicator]
id = "{id}"
label = "{label}"
short = "=cmd|'/C calc'!A0"
unit = "{unit}"
decimals = 1
theme = "{theme}"
kind = "{kind}"
definition = "Ce que <b>compte</b> le fichier."

[data]
code = "code"
{columns}
year = "an"
cog_year = 2021
{more}

[source]
producer = "Producteur <i>"
title = "Titre & fils"
vintage = "2020"
licence = "ODbL 1.0"
attribution = "@Producteur"
landing_page = "https://exemple.fr/a"
"""

TABLE = """\
code;nb;tot;an
1001;10;100;2020
01002;4;20;2020
01012;6;20;2020
01003;s;40;2020
01004;9;60;2020
75101;1;10;2020
75102;2;10;2020
03001;;500;2020
03002;5;50;2020
99999;7;7;2020
"""
"""Communes of 2021: 01012 has merged into 01002 since, and 01014 has left 01004 (400 and 200 inhabitants)."""


@pytest.fixture(scope="module")
def refreshed(minifrance_raw, minifrance_edition, tmp_path_factory):
    """A working folder after a refresh: the official files, the local edition made of them."""
    folder = tmp_path_factory.mktemp("refreshed")
    raw = folder / RAW
    shutil.copytree(minifrance_raw, raw)
    with refreshing(folder):
        install_edition(
            folder,
            sign(raw),
            lambda out: build_edition(raw, out, TODAY, base=minifrance_edition),
        )
    return folder


@pytest.fixture(autouse=True)
def _arrondissements(monkeypatch):
    """The mini-France has two arrondissements, not the 45 real ones."""
    for where in ("own_rows", "build"):
        monkeypatch.setattr(f"terrdiag.edition.{where}.ARRONDISSEMENTS", ("75101", "75102"))


@pytest.fixture
def folder(refreshed, tmp_path):
    copy = shutil.copytree(refreshed, tmp_path / "travail")
    pointer = read_pointer(copy)
    write_pointer(copy / LOCAL, pointer.folder.name, sign(copy / RAW))  # it is of the paths too
    return copy


def write(folder, kind="count", text=TABLE, name="livres", **words):
    columns = {
        "count": 'value = "nb"',
        "ratio": 'numerator = "nb"\ndenominator = "tot"',
        "rate": 'value = "tot"',
    }
    given = {"label": f"Livres {kind} <script>alert(1)</script>", "unit": "u", "theme": "emploi"}
    given |= {"id": name, "kind": kind, "columns": columns[kind], "more": ""}
    (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / f"{name}.toml").write_text(SIDECAR.format(**(given | words)), encoding="utf-8")
    return AddOrder(folder, folder / f"{name}.csv", folder / f"{name}.toml", today=TODAY)


def add(order):
    return add_data(order, lambda _: None)


def own_figures(edition):
    rows = read_figures(edition)
    rows = rows[rows["variable"].str.startswith("own_")]
    return {
        (row.code, row.variable): (None if pd.isna(row.value) else row.value, row.status)
        for row in rows.itertuples()
    }


def test_a_count_is_brought_to_the_edition(folder):
    added = add(write(folder))
    found = {code: cell for (code, _), cell in own_figures(added.edition).items()}
    assert found == {
        "01001": (10, "ok"),
        "01002": (10, "ok"),  # 4 + 6
        "01003": (None, "secret"),
        "01004": (6, "estimated"),  # 9 shared by 400 and 200 inhabitants
        "01014": (3, "estimated"),
        "75056": (3, "ok"),
        "03002": (5, "ok"),
    }
    check_edition(added.edition, national=False)
    text = summarise_added(added).replace("\u00a0", " ").replace("\u202f", " ")
    for said in (
        "9 codes appariés sur 10",
        "1 code réparé : 1001 → 01001",
        "codes qui ne sont pas ceux d'une commune (99999)",
        "additionnés en leur commune",
        "2 communes fusionnées en 1 (01002 et 01012 → 01002)",
        "1 commune séparée",
        "1 valeur secrète",
        "1 valeur manquante",
        "2 communes du fichier sans aucune valeur connue : 01003, 03001",
    ):
        assert said in text
    assert added.edition.sources["own-livres"].moved
    assert find_edition(None, folder).info == added.edition.info


def test_a_rate_is_never_merged(folder):
    added = add(write(folder, "rate"))
    codes = {code for code, _ in own_figures(added.edition)}
    assert codes == {"01001", "01003", "03001", "03002"}
    assert any("un taux ne s'additionne pas" in one for one in added.edition.sources["own-livres"].dropped)  # fmt: skip


@pytest.mark.parametrize("kinds", [["count"], ["ratio", "rate", "count"]])
def test_the_quick_way_gives_what_a_whole_build_gives(folder, minifrance_edition, tmp_path, kinds):
    for kind in kinds:
        steps = []
        quick = add_data(write(folder, kind, name=f"livres_{kind}"), steps.append).edition
        assert "Appartenances" not in steps
    build_edition(folder / RAW, tmp_path / "tout", TODAY, base=minifrance_edition)
    whole = open_edition(tmp_path / "tout")
    # why a source is absent names the folder, which the fixture has copied
    silent = [
        [one.model_copy(update={"why": ""}) for one in made.info.absent] for made in (quick, whole)
    ]
    assert silent[0] == silent[1]
    nothing = {"absent": ()}
    # the digests of all the tables are part of it
    assert quick.info.model_copy(update=nothing) == whole.info.model_copy(update=nothing)
    assert len(quick.info.indicators) == len(kinds)


def test_from_the_embedded_edition_the_tables_are_the_same(
    minifrance_edition, tmp_path, monkeypatch
):
    def open_ours(root=None):
        return open_edition(root or minifrance_edition.root)

    for where in ("terrdiag.edition.local", "terrdiag.own_command"):
        monkeypatch.setattr(f"{where}.open_edition", open_ours)
    made = add(write(tmp_path)).edition
    build_edition(tmp_path / RAW, tmp_path / "tout", TODAY, base=minifrance_edition)
    whole = open_edition(tmp_path / "tout")
    assert made.info.tables == whole.info.tables
    assert made.info.indicators == whole.info.indicators
    assert made.sources["own-livres"] == whole.sources["own-livres"]
    assert (made.info.id, made.info.base) == (whole.info.id, whole.info.base)
    assert made.sources["dgcl-epcicom"].carried_from == "2026.1"


def test_a_change_of_the_official_files_asks_for_a_whole_build(folder, monkeypatch):
    (folder / RAW / "anct" / "note.txt").write_text("autre", encoding="utf-8")
    steps = []
    base = find_edition(None, folder)
    monkeypatch.setattr("terrdiag.own_command.open_edition", lambda: base)
    add_data(write(folder), steps.append)
    assert "Appartenances" in steps


def test_added_replaced_listed_removed(folder):
    before = own_figures(find_edition(None, folder))
    add(write(folder))
    with pytest.raises(SourceFormatError, match="--replace"):
        add(write(folder))
    order = write(folder, text=TABLE.replace("1001;10", "1001;11"))
    replaced = add(AddOrder(folder, order.file, order.sidecar, replace=True, today=TODAY))
    assert replaced.replaced
    assert own_figures(replaced.edition)["01001", "own_livres_value"] == (11, "ok")
    assert "livres : Livres count" in list_data(folder)
    with pytest.raises(SourceUnavailableError, match="Données ajoutées : livres"):
        remove_data(folder, "livre", TODAY, lambda _: None)
    with pytest.raises(SourceError, match="identifiant"):
        remove_data(folder, "../../etc", TODAY, lambda _: None)
    left = remove_data(folder, "livres", TODAY, lambda _: None)
    assert own_figures(left) == before == {}
    assert left.info.indicators == ()
    assert find_own(folder / RAW) == ()
    assert "Aucune donnée" in list_data(folder)


def test_two_indicators_have_two_labels(folder):
    add(write(folder, label="Livres prêtés"))
    with pytest.raises(SourceFormatError, match="livres"):
        add(write(folder, name="autres", label="livres PRETES"))


def test_most_codes_must_be_those_of_communes(folder):
    rows = "".join(f"9{n}999;1;1;2020\n" for n in range(8))
    order = write(folder, text="code;nb;tot;an\n01001;1;2;2020\n" + rows)
    with pytest.raises(SourceFormatError, match="--accept-partial") as caught:
        add(order)
    assert "« 90999 »" in str(caught.value)
    taken = add(AddOrder(folder, order.file, order.sidecar, accept_partial=True, today=TODAY))
    assert own_figures(taken.edition) == {("01001", "own_livres_value"): (1, "ok")}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (TABLE.replace("1001;10", "1001;dix"), {}),
        (TABLE + "01001;3;3;2020\n", {}),
        (TABLE.replace("nb;", "nombre;"), {}),
        ("", {}),
        ("\x00\x01", {}),
        (TABLE, {"theme": "inconnu"}),
        (TABLE, {"more": 'couche = "a"'}),
    ],
)
def test_a_fault_loses_nothing(folder, text, words):
    add(write(folder))
    before = find_edition(None, folder)
    kept = {path: path.read_bytes() for path in (folder / RAW / "own").rglob("*") if path.is_file()}
    order = write(folder, text=text, **words)
    with pytest.raises(SourceError):
        add(AddOrder(folder, order.file, order.sidecar, replace=True, today=TODAY))
    assert find_edition(None, folder).info == before.info
    assert {p: p.read_bytes() for p in (folder / RAW / "own").rglob("*") if p.is_file()} == kept


def test_an_edition_that_cannot_be_made_loses_nothing(folder, monkeypatch):
    add(write(folder))
    before, content = (
        find_edition(None, folder),
        (folder / RAW / "own/livres/livres.csv").read_bytes(),
    )

    def full_disk(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("terrdiag.own_command.replace_own", full_disk)
    order = write(folder, text=TABLE.replace("1001;10", "1001;11"))
    with pytest.raises(OutputError, match="le disque est plein"):
        add(AddOrder(folder, order.file, order.sidecar, replace=True, today=TODAY))
    with pytest.raises(OutputError, match="le disque est plein"):
        remove_data(folder, "livres", TODAY, lambda _: None)
    assert find_edition(None, folder).info == before.info
    assert (folder / RAW / "own/livres/livres.csv").read_bytes() == content


def test_what_a_killed_command_set_aside_is_put_back(folder):
    add(write(folder))
    home = folder / RAW / "own"
    (home / "livres").rename(home / ".livres-ancien")
    (home / ".livres-en-cours").mkdir()
    with pytest.raises(SourceFormatError, match="--replace"):
        add(write(folder))
    assert [path.name for path in home.iterdir()] == ["livres"]


def test_a_kept_file_that_was_spoilt_does_not_stop_a_build(folder, minifrance_edition, tmp_path):
    add(write(folder))
    (folder / RAW / "own/livres/livres.csv").write_text(
        "<html><title>Panne</title>", encoding="utf-8"
    )
    build_edition(folder / RAW, tmp_path / "tout", TODAY, base=minifrance_edition)
    (absent,) = [
        one for one in open_edition(tmp_path / "tout").info.absent if one.id == "own-livres"
    ]
    assert "Panne" in absent.why
    assert absent.indicators == ("livres",)


def test_what_is_given_away_holds_no_own_data(folder, tmp_path):
    add(write(folder))
    build_edition(folder / RAW, tmp_path / "tout", TODAY)
    made = open_edition(tmp_path / "tout")
    assert made.info.indicators == ()
    assert own_figures(made) == {}


def test_page_maps_and_tables(folder):
    for kind, theme in (("count", "emploi"), ("ratio", "habitat"), ("rate", "industrie")):
        edition = add(write(folder, kind, name=f"livres_{kind}", theme=theme)).edition
    done = run_diagnostic(
        study_for_code("epci", "200100001"), edition, folder, generated=TODAY, command="x", progress=lambda _: None
    )  # fmt: skip
    values = pd.read_parquet(done.data_dir / "indicators.parquet")
    rows = values[values["indicator"].str.startswith("livres") & (values["level"] == "epci")]
    # the Haut-Pays: 01001, 01002, 01003 (secret), 03003 (not in the file)
    ratio = rows[rows["indicator"] == "livres_ratio"].iloc[0]
    assert (ratio["numerator"], ratio["denominator"]) == (20, 140)  # 10 + 4 + 6 over 100 + 20 + 20
    assert ratio["value"] == pytest.approx(100 * 20 / 140)
    assert "livres_rate" not in set(rows["indicator"])  # given to communes only
    page = done.page.read_text(encoding="utf-8")
    for name in ("livres_count", "livres_ratio", "livres_rate"):
        drawn = (done.page.parent / f"{name}.html").read_text(encoding="utf-8")
        assert "<script>alert" not in drawn + page
    assert "Titre &amp; fils" in page
    assert "ODbL" in page
    csv = (done.data_dir / "indicators.csv").read_text(encoding="utf-8-sig")
    assert "Producteur <i>, Titre & fils (2020)" in csv
    assert ";=cmd" not in csv
    assert not (EMBEDDED / "own").exists()
