import dataclasses
from pathlib import Path

import pytest

from terrdiag.edition import open_edition
from terrdiag.indicators import compute_values, list_places
from terrdiag.study import study_for_code
from terrdiag.territory import (
    read_commune_frame,
    resolve_comparators,
    resolve_perimeter,
    resolve_target,
)

PIPELINES = Path(__file__).parents[2] / "pipelines"


@dataclasses.dataclass(frozen=True)
class Run:
    """The values of a diagnostic, without its maps and page."""

    perimeter: object
    values: object
    around: object

    def find(self, level, code, indicator, ref_year):
        """The row of a value."""
        rows = self.values
        for name, wanted in {"level": level, "code": code, "indicator": indicator}.items():
            rows = rows[rows[name] == wanted]
        [row] = rows[rows["ref_year"] == ref_year].to_dict("records")
        return row


def run_study(study, edition):
    """Go through the whole chain: perimeter, comparators, frame, places, values."""
    perimeter = resolve_perimeter(study, edition)
    comparators = resolve_comparators(study, perimeter, edition)
    frame = read_commune_frame(edition, perimeter)
    places = list_places(perimeter, comparators, frame, edition.date)
    return Run(perimeter, *compute_values(edition, places))


@pytest.fixture(scope="session")
def run_mini(minifrance_edition):
    """Run a territory of the mini-France, once a session."""
    runs = {}

    def run(kind, code, **perimeter):
        key = (kind, code, str(perimeter))
        if key not in runs:
            study = study_for_code(kind, code, "Essai")
            if perimeter:
                table = type(study.perimeter)(**perimeter)
                study = dataclasses.replace(study, id="essai", perimeter=table)
            runs[key] = run_study(study, minifrance_edition)
        return runs[key]

    return run


@pytest.fixture(scope="session")
def run_real():
    """Run a territory of the embedded edition, as the command line finds it, once a session."""
    edition, runs = open_edition(), {}

    def run(target):
        if target not in runs:
            runs[target] = run_study(resolve_target(target, edition, PIPELINES), edition)
        return runs[target]

    return run
