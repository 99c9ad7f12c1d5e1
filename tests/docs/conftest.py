import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def generate() -> Iterator[ModuleType]:
    """The script behind « make docs »."""
    sys.path.insert(0, str(ROOT / "docs"))
    yield importlib.import_module("generate")
    sys.path.remove(str(ROOT / "docs"))


@pytest.fixture(scope="session")
def documents(generate: ModuleType) -> dict[Path, str]:
    """What « make docs » would write, by path under the repository."""
    return generate.render_documents()
