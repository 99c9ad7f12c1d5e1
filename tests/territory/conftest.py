"""The two editions of these tests: a made-up country, and the embedded one."""

import pytest

from terrdiag.edition import Edition, open_edition
from territory.country import write_mini


@pytest.fixture(scope="session")
def mini(tmp_path_factory) -> Edition:
    root = tmp_path_factory.mktemp("mini")
    write_mini(root)
    return open_edition(root)


@pytest.fixture(scope="session")
def real() -> Edition:
    return open_edition()
