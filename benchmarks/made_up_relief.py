"""A made-up relief at 25 m, stored as Copernicus and IGN rasters are, and what merely decoding it takes."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.transform import from_origin
from rasterio.windows import Window, bounds

CELL_M = 25
STORED = 512
READ = 1024
WAVES_M = (90_000, 41_000, 17_000, 6_100, 2_300, 900)
"""From mountain ranges to slopes; each is about as steep as the next."""


def write_raster(path: Path, box: Sequence[float]) -> None:
    """Write altitudes over a box in Lambert-93, in centimetres and with noise: they compress as real ones."""
    west, north = box[0] // CELL_M * CELL_M, -(-box[3] // CELL_M) * CELL_M
    width, height = int((box[2] - west) / CELL_M) + 1, int((north - box[1]) / CELL_M) + 1
    generator = np.random.default_rng(2026)
    across = [draw_wave(np.arange(width), wave, generator) for wave in WAVES_M]
    down = [draw_wave(np.arange(height), wave, generator) for wave in WAVES_M]
    shape = {"width": width, "height": height, "count": 1, "dtype": "float32"}
    place = {"crs": "EPSG:2154", "transform": from_origin(west, north, CELL_M, CELL_M)}
    stored = {
        "tiled": True,
        "blockxsize": STORED,
        "blockysize": STORED,
        "compress": "deflate",
        "predictor": 3,
    }
    with rasterio.open(path, "w", driver="GTiff", **shape, **place, **stored) as dataset:
        for top in range(0, height, STORED):
            rows = slice(top, min(top + STORED, height))
            relief = 1100 + sum(
                wave / 200 * np.outer(y[rows], x)
                for wave, x, y in zip(WAVES_M, across, down, strict=True)
            )
            relief = relief + generator.normal(0, 0.3, relief.shape)
            window = Window(0, top, width, rows.stop - top)
            dataset.write(np.clip(relief, 1, 4000).round(2).astype("float32"), 1, window=window)


def draw_wave(
    cells: NDArray[np.int64], wave_m: float, generator: np.random.Generator
) -> NDArray[np.float64]:
    phase, drift = generator.uniform(0, 2 * np.pi, 2)
    turns = 2 * np.pi * CELL_M * cells / wave_m
    return np.sin(turns + phase + np.sin(turns / 7 + drift))


def read_touched_blocks(path: Path, outlines: NDArray[np.object_]) -> float:
    """Decode what the zones touch and nothing else: no way to measure them can take less."""
    tree = shapely.STRtree(outlines)
    total = 0.0
    with rasterio.open(path) as dataset:
        for top in range(0, dataset.height, READ):
            for left in range(0, dataset.width, READ):
                window = Window(left, top, READ, READ)
                if len(
                    tree.query(
                        shapely.box(*bounds(window, dataset.transform)), predicate="intersects"
                    )
                ):
                    total += float(dataset.read(1, window=window)[0, 0])
    return total
