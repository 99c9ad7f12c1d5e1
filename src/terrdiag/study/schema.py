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
        table["properties"] = {key: _adapt(said) for key, said in table["properties"].items()}
    schema["properties"] = {key: _adapt(said) for key, said in schema["properties"].items()}
    del schema["description"]
    schema |= {"$schema": "http://json-schema.org/draft-07/schema#", "title": "Étude terrdiag"}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _adapt(said: dict[str, Any]) -> dict[str, Any]:
    """Say a key in the words of draft-07, which editors of TOML read."""
    kept = {key: value for key, value in said.items() if key not in {"anyOf", "title"}}
    # TOML has no null: a key is there or it is not
    form: dict[str, Any] = _translate(kept | said.get("anyOf", [{}])[0])
    is_table = "$ref" in form or "$ref" in form.get("items", {})
    if is_table or form.get("default", ...) is None:
        form.pop("default", None)
    if table := form.pop("$ref", None):
        # beside a reference, draft-07 reads nothing, not even the description
        form |= {"type": "object", "allOf": [{"$ref": table}]}
    return form


def _translate(form: Any) -> Any:
    """Translate what pydantic writes for later drafts: pairs, least lengths of lists."""
    if isinstance(form, list):
        return [_translate(part) for part in form]
    if not isinstance(form, dict):
        return form
    renamed = {"prefixItems": "items"} | (
        {"minLength": "minItems"} if form.get("type") == "array" else {}
    )
    return {renamed.get(key, key): _translate(value) for key, value in form.items()}


def write_schema(path: Path) -> None:
    """Write the JSON schema of study files.

    Parameters
    ----------
    path
        ``pipelines/study.schema.json``.
    """
    path.write_text(study_schema(), encoding="utf-8", newline="\n")
