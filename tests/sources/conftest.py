from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a small official file by hand: header and rows, as the producer would."""

    def write_file(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file


@pytest.fixture
def arrondissements() -> pd.DataFrame:
    """Two cities of two arrondissements each, enough to sum."""
    return pd.DataFrame(
        {
            "code_arrondissement": ["75101", "75102", "69381", "69382"],
            "code_commune": ["75056", "75056", "69123", "69123"],
        }
    )
