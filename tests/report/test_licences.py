"""The page says which of its sources ask to share alike."""

import datetime as dt

import pandas as pd

from terrdiag.edition import open_edition
from terrdiag.report.provenance import list_sources


def test_a_source_under_the_odbl_is_marked():
    info = open_edition().info
    odbl = info.sources[0].model_copy(update={"id": "urssaf", "licence": "ODbL 1.0"})
    edition = info.model_copy(
        update={"sources": (odbl, *info.sources), "built_at": dt.date(2026, 11, 22)}
    )
    values = pd.DataFrame({"source_id": ["urssaf+insee-cog-2026"]})
    used, others = list_sources(edition, values, [])
    marked = {row.licence for row in (*used, *others)}
    assert used[0].licence == "ODbL 1.0 (ODbL : partage à l'identique)"
    assert marked - {used[0].licence} == {"Licence Ouverte 2.0"}
