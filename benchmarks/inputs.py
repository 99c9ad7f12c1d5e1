"""Prepare what the straw man reads: contours, figures, an elevation raster; print its arguments.

From the official files when they are at hand, and otherwise from the edition, whose generalised
outlines and narrow table favour the straw man. A program of its own, so that the one that measures
stays small: a process is charged with the memory of the one that starts it.
"""

import argparse
import gzip
import importlib.util
import json
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np

from terrdiag.edition import open_edition, read_figures

PIXEL_M = 25
"""That of BD ALTI, the free elevation model of the whole country."""

COMPARATEUR = Path("insee", "comparateur", "base_cc_comparateur_csv.zip")
CONTOURS = Path("etalab", "geo-api", "departements")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("manifest", type=Path, help="manifest of the territory")
    parser.add_argument("folder", type=Path, help="where to write")
    parser.add_argument("--mirror", type=Path, help="folder of the official files")
    args = parser.parse_args()
    territory = json.loads(args.manifest.read_text(encoding="utf-8"))["territory"]
    codes = args.folder / "codes.txt"
    codes.write_text("\n".join(territory["communes"]))
    departements = [group["code"] for group in territory["departements"]]
    contours = find_contours(departements, args.mirror, args.folder)
    if contours:
        figures = unzip_figures(args.mirror / COMPARATEUR, args.folder)
        remark = "contours détaillés du ou des départements et comparateur de l'INSEE en entier"
    else:
        contours, figures = [open_edition().table("communes")], export_figures(args.folder)
        remark = "fichiers officiels absents : contours et chiffres pris dans l'édition"
    raster = make_raster(contours, set(territory["communes"]), args.folder)
    print(
        json.dumps(
            {
                "arguments": [
                    *("--codes", str(codes), "--figures", str(figures)),
                    *("--contours", *map(str, contours)),
                ],
                "raster": str(raster) if raster else None,
                "communes": len(territory["communes"]),
                "remark": remark,
            }
        )
    )


def find_contours(departements: list[str], mirror: Path | None, folder: Path) -> list[Path]:
    """Unpack the contours of every département; none if one of them is not there."""
    sources = [mirror / CONTOURS / f"{code}.geojson.gz" for code in departements] if mirror else []
    if not all(path.is_file() for path in sources):
        return []
    targets = [folder / path.name.removesuffix(".gz") for path in sources]
    for source, target in zip(sources, targets, strict=True):
        target.write_bytes(gzip.decompress(source.read_bytes()))
    return targets


def make_raster(contours: list[Path], codes: set[str], folder: Path) -> Path | None:
    """Make an elevation raster of the territory (25 m, Lambert-93), or None without rasterio.

    The relief is made up: only its size and its roughness count for the time it takes.
    """
    if importlib.util.find_spec("rasterstats") is None:
        return None
    import rasterio  # noqa: PLC0415  # comes with rasterstats
    from rasterio.transform import from_origin  # noqa: PLC0415

    bounds = np.array([read_bounds(path, codes) for path in contours])
    west, south = bounds[:, :2].min(axis=0) - 1000
    east, north = bounds[:, 2:].max(axis=0) + 1000
    width, height = int((east - west) / PIXEL_M), int((north - south) / PIXEL_M)
    rough = np.random.default_rng(0).normal(0, 1, (height, width))
    y, x = np.mgrid[0:height, 0:width]
    relief = 800 + 400 * np.sin(x / 180) + 300 * np.cos(y / 240) + rough
    path = folder / "elevation.tif"
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=width,
        height=height,
        count=1,
        dtype="float32",
        crs="EPSG:2154",
        transform=from_origin(west, north, PIXEL_M, PIXEL_M),
        compress="deflate",
        predictor=3,
        tiled=True,
        nodata=-9999,
    ) as dataset:
        dataset.write(relief.astype("float32"), 1)
    return path


def read_bounds(path: Path, codes: set[str]) -> np.ndarray:
    read = gpd.read_parquet if path.suffix == ".parquet" else gpd.read_file
    frame = read(path).rename(columns={"code_commune": "code"})
    inside = frame[frame["code"].isin(codes)]
    bounds: np.ndarray = inside.to_crs(2154).total_bounds
    return bounds


def unzip_figures(path: Path, folder: Path) -> Path:
    with zipfile.ZipFile(path) as archive:
        name = next(name for name in archive.namelist() if not name.startswith("meta"))
        return Path(archive.extract(name, folder))


def export_figures(folder: Path) -> Path:
    names = {
        ("population", 2018): "P18_POP",
        ("establishments_total", 2018): "ETTOT18",
        ("establishments_industry", 2018): "ETBE18",
    }
    figures = read_figures(
        open_edition(), levels=["commune"], variables=[variable for variable, _ in names]
    )
    keys = zip(figures["variable"].astype(str), figures["ref_year"], strict=True)
    figures["column"] = [names.get(key) for key in keys]
    kept = figures.dropna(subset=["column"]).astype({"code": str})
    table = kept.pivot_table(index="code", columns="column", values="value", aggfunc="first")
    path = folder / "figures.csv"
    table.rename_axis("CODGEO").to_csv(path, sep=";")
    return path


if __name__ == "__main__":
    main()
