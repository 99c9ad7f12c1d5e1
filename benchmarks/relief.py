"""Compare the measures of relief with rasterstats, and with the mere decoding of the raster.

In one process, processor seconds, each in turn; ratios of medians.
"""

import argparse
import importlib.util
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import rasterio
from made_up_relief import read_touched_blocks, write_raster

from terrdiag.edition import open_edition, read_commune_list, read_communes
from terrdiag.elevation import describe_zones, measure_zones, open_elevation

REGION = "76"
SIZES = (24, 250, 3000)
GOALS = {("rasterstats", 250): 0.2, ("décodage", 3000): 2.0}
"""Altitudes and hypsometry, without slope, over the other."""

RASTERSTATS = ["count", "min", "max", "mean", "median"]


def main() -> None:
    parser = argparse.ArgumentParser(description="Mesure le relief ; secondes de processeur.")
    parser.add_argument("--runs", type=int, default=5, help="nombre de tours (5)")
    parser.add_argument(
        "--raster", type=Path, help="où garder le raster fabriqué d'un appel à l'autre"
    )
    args = parser.parse_args()
    communes = read_region()
    with tempfile.TemporaryDirectory() as folder:
        raster = args.raster or Path(folder) / "relief.tif"
        if not raster.exists():
            write_raster(raster, communes.to_crs(2154).total_bounds)
        with rasterio.open(raster) as dataset:
            print(
                f"Raster fabriqué : {dataset.width * dataset.height / 1e6:.0f} Mpx à 25 m, {dataset.dtypes[0]}\n"
            )
        for size in SIZES:
            # few rounds where rasterstats takes half a minute
            compare(communes.head(size), raster, args.runs if size < 1000 else min(args.runs, 3))


def read_region() -> gpd.GeoDataFrame:
    """Read the 3,000 communes of Occitanie nearest to its middle, nearest first."""
    edition = open_edition()
    listed = read_commune_list(edition)
    communes = read_communes(
        edition, set(listed.loc[listed["code_region"] == REGION, "code_commune"])
    )
    centres = communes.geometry.representative_point().to_crs(2154)
    distance = centres.distance(centres.union_all().centroid)
    return communes.loc[distance.sort_values().index].head(max(SIZES)).reset_index(drop=True)


def compare(communes: gpd.GeoDataFrame, raster: Path, runs: int) -> None:
    """Print the ratios for some communes."""
    codes, outlines = communes["code_commune"].tolist(), communes.geometry.to_numpy()
    model = open_elevation([raster])
    projected = communes.to_crs(2154)

    def measure(*, with_slope: bool) -> None:
        describe_zones(measure_zones(model, codes, outlines, with_slope=with_slope))

    work: dict[str, Callable[[], object]] = {
        "terrdiag": lambda: measure(with_slope=False),
        "terrdiag, avec les pentes": lambda: measure(with_slope=True),
        "décodage": lambda: read_touched_blocks(raster, projected.geometry.to_numpy()),
    }
    if importlib.util.find_spec("rasterstats"):
        from rasterstats import zonal_stats  # noqa: PLC0415  # optional

        work["rasterstats"] = lambda: zonal_stats(projected, str(raster), stats=RASTERSTATS)
    seconds = {name: statistics.median(taken) for name, taken in take_turns(work, runs).items()}
    print(f"## {len(communes)} communes, {runs} tours alternés")
    for name, taken in seconds.items():
        print(f"   {name:<28} {taken:7.3f} s")
    for name in ("décodage", "rasterstats"):
        if name in seconds:
            print_ratios(seconds, name, len(communes))
    print()


def take_turns(work: dict[str, Callable[[], object]], runs: int) -> dict[str, list[float]]:
    """Do each thing in turn; the first round fills the caches and is not counted."""
    taken: dict[str, list[float]] = {name: [] for name in work}
    for turn in range(runs + 1):
        for name, do in work.items():
            start = time.process_time()
            do()
            if turn:
                taken[name].append(time.process_time() - start)
    return taken


def print_ratios(seconds: dict[str, float], other: str, size: int) -> None:
    ratio = seconds["terrdiag"] / seconds[other]
    goal = GOALS.get((other, size))
    reached = (
        f"(objectif ≤ {goal:g} : {'atteint' if ratio <= goal else 'NON ATTEINT'})" if goal else ""
    )
    print(f"   terrdiag / {other:<17} {ratio:7.2f} {reached}")
    print(
        f"   {'(avec les pentes)':<28} {seconds['terrdiag, avec les pentes'] / seconds[other]:7.2f}"
    )


if __name__ == "__main__":
    main()
