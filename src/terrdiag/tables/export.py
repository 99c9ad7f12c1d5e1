"""Every table of a run, under the names of the output contract."""

from pathlib import Path

import geopandas as gpd
import pandas as pd

from terrdiag.tables.context import TableContext
from terrdiag.tables.layer import write_gpkg
from terrdiag.tables.long_table import write_csv, write_parquet
from terrdiag.tables.workbook import write_xlsx


def write_tables(
    values: pd.DataFrame, frame: gpd.GeoDataFrame, context: TableContext, folder: Path
) -> None:
    """Write the long table (CSV, Parquet), the workbook and the commune layer.

    Parameters
    ----------
    values
        Table of values.
    frame
        Commune frame; only the communes of the territory are written.
    context
        The words of the run.
    folder
        Where to write.
    """
    write_csv(values, context, folder / "indicators.csv")
    write_parquet(values, folder / "indicators.parquet")
    write_xlsx(values, context, folder / "indicators.xlsx")
    write_gpkg(frame, values, context, folder / "communes.gpkg")
