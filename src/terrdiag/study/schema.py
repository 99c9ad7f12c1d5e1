"""The JSON schema of study files, for editors that complete and check while one types."""

import json
from pathlib import Path
from typing import Any

from terrdiag.study.model import StudyFile


def study_schema() -> str:
    """Give the JSON schema of a study file, as text ending in a newline.

    Examples
    --------
    >>> '"perimeter"' in study_schema()
    True
    """
    schema = StudyFile.model_json_schema()
    for table in schema["$defs"].values():
        # the docstring of the class: English, for us
        table.pop("description")
        table["properties"] = {
            key: _without_null(said) for key, said in table["properties"].items()
        }
    for said in schema["properties"].values():
        said.pop("default", None)
    del schema["description"]
    schema |= {"$schema": "http://json-schema.org/draft-07/schema#", "title": "Étude terrdiag"}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _without_null(said: dict[str, Any]) -> dict[str, Any]:
    """Leave out « or null »: TOML has no null, a key is there or it is not."""
    kept = {key: value for key, value in said.items() if key not in {"anyOf", "title"}}
    if kept.get("default", ...) is None:
        del kept["default"]
    form: dict[str, Any] = said.get("anyOf", [{}])[0]
    return kept | form


def write_schema(path: Path) -> None:
    """Write the JSON schema of study files.

    Parameters
    ----------
    path
        ``pipelines/study.schema.json``.
    """
    path.write_text(study_schema(), encoding="utf-8", newline="\n")
