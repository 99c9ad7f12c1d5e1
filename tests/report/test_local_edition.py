"""What the page says of a local edition: what it carried from another one, what it lacks."""

import datetime as dt

from terrdiag.edition import open_edition
from terrdiag.edition.schema import AbsentSource
from terrdiag.report.provenance import _word_day, list_lacks
from terrdiag.wording import NBSP

READ = dt.date(2026, 11, 22)


def record(**changes):
    return open_edition().sources["dgcl-epcicom"].model_copy(update=changes)


def test_the_day_of_a_source():
    assert _word_day(record(), READ).replace(NBSP, " ") == "lu le 22 novembre 2026"
    assert (
        _word_day(record(retrieved=dt.date(2026, 3, 1)), READ).replace(NBSP, " ")
        == "obtenu le 1er mars 2026"
    )
    carried = _word_day(record(carried_from="2026.1"), READ)
    assert carried == "repris de l'édition 2026.1 : rien de nouveau n'a été lu"


def lacking(source_id, *indicators):
    return AbsentSource(
        id=source_id, title=f"Titre {source_id}", why="503", landing_page="https://a.fr", carried=False,
        indicators=indicators,
    )  # fmt: skip


def test_what_lacks_is_told_source_by_source():
    info = open_edition().info.model_copy(
        update={"absent": (lacking("a"), lacking("b", "energy_use", "inconnu"))}
    )
    [sentence] = list_lacks(info, {"energy_use": "Énergie"})
    assert sentence.startswith(
        f"Pas dans cette édition, faute de la source « Titre b »{NBSP}: Éner"
    )
    assert sentence.endswith("Énergie et inconnu (« terrdiag sources show b »).")


def test_the_embedded_edition_lacks_nothing():
    assert list_lacks(open_edition().info, {}) == ()
