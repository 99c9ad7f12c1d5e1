"""What most people write: two folium maps and a table for one territory.

geopandas to read and join, rasterstats for the altitudes, ``folium.Choropleth`` to draw. It is
written as it is in notebooks, without being made slower or faster on purpose: everything read
once, only the territory's communes kept. ``compare.py`` prepares its inputs.
"""

import argparse
from pathlib import Path

import folium
import geopandas as gpd
import pandas as pd


def read_communes(paths: list[Path], codes: list[str]) -> gpd.GeoDataFrame:
    frames = [
        gpd.read_parquet(path) if path.suffix == ".parquet" else gpd.read_file(path)
        for path in paths
    ]
    communes = gpd.GeoDataFrame(pd.concat(frames), crs=frames[0].crs)
    communes = communes.rename(columns={"code_commune": "code"})
    return communes.loc[communes["code"].isin(codes), ["code", "nom", "geometry"]]


def read_figures(path: Path) -> pd.DataFrame:
    """Read the national file of INSEE (or a CSV of the same columns)."""
    figures = pd.read_csv(path, sep=";", dtype={"CODGEO": str}, low_memory=False)
    figures["industry_pct"] = 100 * figures["ETBE18"] / figures["ETTOT18"]
    return figures.rename(columns={"CODGEO": "code"})


def add_altitudes(communes: gpd.GeoDataFrame, raster: Path) -> gpd.GeoDataFrame:
    import rasterio  # noqa: PLC0415  # optional
    from rasterstats import zonal_stats  # noqa: PLC0415

    with rasterio.open(raster) as dataset:
        projected = communes.to_crs(dataset.crs)
    stats = zonal_stats(projected, str(raster), stats=["min", "max", "mean"])
    return communes.join(pd.DataFrame(stats, index=communes.index).add_prefix("altitude_"))


def draw(communes: gpd.GeoDataFrame, column: str, title: str, path: Path) -> None:
    west, south, east, north = communes.total_bounds
    chart = folium.Map(location=[(south + north) / 2, (west + east) / 2], zoom_start=11)
    folium.Choropleth(
        geo_data=communes,
        data=communes,
        columns=["code", column],
        key_on="feature.properties.code",
        legend_name=title,
        fill_color="YlGnBu",
    ).add_to(chart)
    folium.GeoJson(
        communes,
        style_function=lambda _: {"fillOpacity": 0, "weight": 0},
        tooltip=folium.GeoJsonTooltip(["nom", column]),
    ).add_to(chart)
    chart.save(path)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--codes", type=Path, required=True, help="one commune code a line")
    parser.add_argument("--contours", type=Path, nargs="+", required=True)
    parser.add_argument("--figures", type=Path, required=True)
    parser.add_argument("--raster", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()

    codes = args.codes.read_text().split()
    communes = read_communes(args.contours, codes)
    figures = read_figures(args.figures)
    communes = communes.merge(figures[["code", "P18_POP", "industry_pct"]], on="code", how="left")
    if args.raster:
        communes = add_altitudes(communes, args.raster)
    args.out.mkdir(parents=True, exist_ok=True)
    draw(communes, "industry_pct", "Industrie (% des établissements)", args.out / "industry.html")
    second = "altitude_mean" if args.raster else "P18_POP"
    draw(communes, second, second, args.out / "second.html")
    communes.drop(columns="geometry").to_csv(args.out / "table.csv", index=False)


if __name__ == "__main__":
    main()
