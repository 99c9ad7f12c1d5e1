import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def mirror() -> Path:
    """Folder of the real official files; the tests marked ``mirror`` are skipped without it."""
    default = Path(__file__).parents[2] / "shared" / "mirror"
    folder = Path(os.environ.get("TERRDIAG_MIRROR", default))
    if not folder.is_dir():
        pytest.skip(f"official files not found in {folder} (TERRDIAG_MIRROR)")
    return folder
