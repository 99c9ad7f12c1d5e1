"""Spoil a TOML file as a JSON one: types, keys, lists; dates stay dates."""

import datetime as dt
import functools
import json
import tomllib
from collections.abc import Callable
from typing import Any

import tomli_w

from fuzz import spoil_json

DATE = "\ue000"
"""Starts a date on its way through JSON."""


def through_json(
    spoil: Callable[[bytes, float, int], bytes], data: bytes, where: float, what: int
) -> bytes:
    """Spoil a document as JSON, and write it as TOML again (a ``ValueError`` when TOML cannot say it)."""
    document = tomllib.loads(data.decode())
    plain = json.dumps(document, default=lambda date: f"{DATE}{date.isoformat()}").encode()
    return tomli_w.dumps(_revive(json.loads(spoil(plain, where, what)))).encode()


def _revive(node: Any) -> Any:
    if isinstance(node, dict):
        return {str(key): _revive(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_revive(value) for value in node]
    if isinstance(node, str) and node.startswith(DATE):
        return dt.date.fromisoformat(node.removeprefix(DATE)[:10])
    return node


def _make(spoil: Callable[[bytes, float, int], bytes]) -> Callable[[bytes, float, int], bytes]:
    made = functools.partial(through_json, spoil)
    return functools.update_wrapper(made, spoil)


ALL = tuple(
    _make(spoil)
    for spoil in (
        spoil_json.replace,
        spoil_json.replace_named,
        spoil_json.remove,
        spoil_json.rename,
        spoil_json.repeat,
    )
)
