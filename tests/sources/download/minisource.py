"""Invented sources of small files, and what an update leaves of them."""

import datetime as dt
import hashlib

from terrdiag.catalogue.models import Source, SourceFile

GOOD = b"code,n\n01001,1\n01002,2\n"
NEWER = b"code,n\n01001,1\n01002,3\n"
PAGE = b"<html><title>Maintenance</title></html>"
DAY = dt.date(2026, 11, 22)


def sha(data):
    return hashlib.sha256(data).hexdigest()


def source(*files, name="essai", **fields):
    return Source(
        id=name,
        producer="INSEE",
        title=f"Source {name}",
        vintage="2026",
        landing_page="https://www.insee.fr/page",
        address="https://www.insee.fr/page",
        path="a/*",
        licence="Licence Ouverte 2.0",
        licence_url="https://www.etalab.gouv.fr/",
        attribution="INSEE",
        cog_year=2026,
        rhythm="annuel",
        feeds="figures",
        reader="cog:read_communes",
        files=tuple(
            SourceFile(**{"content": "csv", "columns": ("code", "n"), "min_rows": 2} | file)
            for file in files
        ),
        **fields,
    )


def visible(raw):
    return {
        path.relative_to(raw).as_posix()
        for path in raw.rglob("*")
        if path.is_file() and not path.relative_to(raw).parts[0].startswith(".")
    }
