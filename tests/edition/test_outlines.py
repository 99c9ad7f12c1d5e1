import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely

from terrdiag.edition import outlines
from terrdiag.errors import EditionError

ELLIPSOID = pyproj.Geod(ellps="GRS80")


def geodesic_km2(polygon):
    return abs(ELLIPSOID.geometry_area_perimeter(polygon)[0]) / 1e6


def square(west, south, side=0.06):
    return shapely.segmentize(shapely.box(west, south, west + side, south + side), 0.005)


# A projection that keeps shapes does not keep areas: Lambert-93 is 0.2 % short at 46.5° N, 0.3 % long
# at Lille, 0.45 % long in Corsica. The law says Lambert-93; the figures of INSEE and IGN are in it.
@pytest.mark.parametrize(
    ("code", "west", "south", "tolerance_pct"),
    [
        ("03001", 3.0, 46.5, 0.3),
        ("65059", 0.1, 42.9, 0.3),
        ("29155", -5.1, 48.4, 0.3),
        ("67482", 7.7, 48.6, 0.3),
        ("59350", 3.0, 50.6, 0.35),
        ("2A004", 8.7, 41.9, 0.45),
        ("97105", -61.7, 16.0, 0.1),
        ("97209", -61.0, 14.6, 0.1),
        ("97302", -52.3, 4.9, 0.1),
        ("97411", 55.5, -20.9, 0.1),
        ("97601", 45.2, -12.8, 0.1),
    ],
)
def test_areas_against_the_ellipsoid(code, west, south, tolerance_pct):
    shape = square(west, south)
    [area] = outlines.measure_areas([code], np.array([shape]))
    assert area == pytest.approx(geodesic_km2(shape), rel=tolerance_pct / 100)


def test_areas_keep_their_order():
    shapes = np.array([square(55.5, -20.9), square(3.0, 46.5), square(3.0, 46.5, 0.03)])
    areas = outlines.measure_areas(["97411", "03001", "03002"], shapes)
    assert areas == pytest.approx([geodesic_km2(shape) for shape in shapes], rel=0.003)


def test_holes_and_parts_are_measured():
    holed = shapely.difference(square(3, 46.5), square(3.01, 46.51, 0.01))
    parts = shapely.union(square(3, 46.5, 0.01), square(3.05, 46.5, 0.02))
    areas = outlines.measure_areas(["03001", "03002"], np.array([holed, parts]))
    assert areas == pytest.approx([geodesic_km2(holed), geodesic_km2(parts)], rel=0.003)


# --- Reading ---------------------------------------------------------------------------------------


def test_the_same_is_read_by_one_process_or_two(minifrance_raw):
    folder = minifrance_raw / "etalab"
    paths = sorted(folder.glob("geo-api*/departements/[0-9]*.geojson.gz"))
    assert len(paths) > outlines.FILES_A_TASK
    one, two = (outlines.read_contours(paths, workers) for workers in (1, 2))
    assert one.table.drop(columns="geometry").equals(two.table.drop(columns="geometry"))
    assert shapely.equals_exact(one.table["geometry"], two.table["geometry"]).all()
    assert (one.dropped, one.files) == (two.dropped, two.files) == ((), tuple(paths))


# --- An older COG -----------------------------------------------------------------------------------


def contours(**areas):
    table = pd.DataFrame({"code_commune": list(areas), "area_km2": list(areas.values())})
    return table.assign(geometry=[shapely.box(i, 0, i + 1, 1) for i in range(len(areas))])


def crosswalk(*pairs):
    return pd.DataFrame([tuple(pair) for pair in pairs], columns=["code_before", "code_after"])


def test_merged_communes_are_dissolved():
    table = outlines.merge_to_cog(
        contours(a=1.0, b=2.0, c=4.0), crosswalk("ab", "bb", "cc"), ["b", "c"]
    )
    assert table[["code_commune", "area_km2"]].to_numpy().tolist() == [["b", 3.0], ["c", 4.0]]
    assert table["geometry"][0].equals(shapely.box(0, 0, 2, 1))
    assert table["geometry"][1].equals(shapely.box(2, 0, 3, 1))


def test_commune_known_in_another_vintage_is_left_out():
    table = outlines.merge_to_cog(contours(a=1.0, b=2.0), crosswalk("aa", "bb"), ["b"])
    assert table["code_commune"].tolist() == ["b"]


@pytest.mark.parametrize(
    ("pairs", "wanted", "message"),
    [
        (["aa", "ad", "bb"], "ab", "scindées depuis : a. Il faut un contour plus récent"),
        (["aa", "bb"], "abz", r"1 commune\(s\) sans contour : z"),
    ],
)
def test_older_contours_refused(pairs, wanted, message):
    with pytest.raises(EditionError, match=message):
        outlines.merge_to_cog(contours(a=1.0, b=2.0), crosswalk(*pairs), list(wanted))


# --- Generalisation -----------------------------------------------------------------------------------


def make_coverage(seed, count=30):
    """Make jagged communes that fill a rectangle: vertices moved by a function of their place."""
    points = shapely.multipoints(
        np.random.default_rng(seed).uniform((2, 46), (3, 46.7), (count, 2))
    )
    frame = shapely.box(2, 46, 3, 46.7)
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=frame))
    cells = shapely.segmentize(shapely.intersection(cells, frame), 0.001)
    # the same coordinates move the same way: borders stay shared
    return shapely.transform(
        shapely.set_precision(cells, 1e-9),
        lambda xy: xy + 0.0006 * np.sin(np.round(xy[:, ::-1], 9) * 1_200),
    )


@pytest.mark.parametrize("x_scale", [1.0, outlines.METRO_X_SCALE])
@pytest.mark.parametrize("seed", range(3))
def test_generalised_communes_leave_no_hole_and_no_overlap(seed, x_scale):
    detailed = make_coverage(seed)
    simple = outlines.generalise(detailed, x_scale)
    assert shapely.is_valid(simple).all()
    assert shapely.coverage_is_valid(simple)
    whole = shapely.union_all(simple)
    assert shapely.get_num_interior_rings(shapely.get_parts(whole)).sum() == 0
    assert shapely.area(simple).sum() == pytest.approx(shapely.area(whole), rel=1e-12)
    assert shapely.area(whole) == pytest.approx(shapely.area(shapely.union_all(detailed)), rel=0.01)
    assert (
        shapely.get_num_coordinates(simple).sum()
        < 0.6 * shapely.get_num_coordinates(detailed).sum()
    )
    coordinates = shapely.get_coordinates(simple) * 2**16
    assert (coordinates == np.round(coordinates)).all()


def test_squares_on_the_grid_come_out_as_they_went_in():
    cells = np.array([shapely.box(2, 46, 2.25, 46.5), shapely.box(2.25, 46, 2.5, 46.5)])
    simple = outlines.generalise(cells, outlines.METRO_X_SCALE)
    assert shapely.equals(simple, cells).all()


def test_no_commune():
    assert outlines.generalise(np.array([], dtype=object)).size == 0


def test_commune_smaller_than_the_grid_is_refused():
    enclave = shapely.box(2.2, 46.2, 2.200004, 46.200004)  # 30 cm wide
    around = shapely.difference(shapely.box(2, 46, 2.5, 46.5), enclave)
    with pytest.raises(EditionError, match="fait disparaître une commune"):
        outlines.generalise(np.array([around, enclave]))


def test_result_that_is_not_a_coverage_is_refused(monkeypatch):
    monkeypatch.setattr(outlines, "clean_coverage", lambda geometry: geometry)
    overlapping = np.array([shapely.box(2, 46, 2.25, 46.5), shapely.box(2.2, 46, 2.5, 46.5)])
    with pytest.raises(EditionError, match="n'a pas donné une partition"):
        outlines.generalise(overlapping)


def test_sound_coverage_is_not_touched():
    cells = make_coverage(0)
    assert outlines.clean_coverage(cells) is cells


LEFT = shapely.box(0, 0, 1, 1)


@pytest.mark.parametrize(
    ("right", "areas"),
    [
        pytest.param(shapely.box(0.999, 0, 2, 1), None, id="overlap"),
        pytest.param(
            shapely.Polygon([(1, 0), (2, 0), (2, 1), (1, 1), (0.99, 0.5)]), None, id="vertex across"
        ),
        pytest.param(
            shapely.Polygon([(1, 0), (2, 0), (2, 1), (1, 1), (1, 0.5)]),
            [1.0, 1.0],
            id="vertex alone",
        ),
        pytest.param(
            shapely.Polygon([(1, 0), (2, 0), (2, 1), (2, 1.5), (2, 1), (1, 1)]),
            [1.0, 1.0],
            id="spike",
        ),
    ],
)
def test_broken_coverage_is_mended(right, areas):
    far = shapely.box(5, 5, 6, 6)
    mended = outlines.clean_coverage(np.array([LEFT, right, far]))
    assert shapely.is_valid(mended).all()
    assert shapely.coverage_is_valid(mended)
    assert shapely.equals_exact(mended[2], far)
    assert shapely.area(mended[:2]).sum() == pytest.approx(2.0, abs=1e-9)
    if areas:
        assert shapely.area(mended[:2]) == pytest.approx(areas)


def test_commune_that_crosses_itself_is_mended():
    bow_tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    [mended] = outlines.clean_coverage(np.array([bow_tie]))
    assert mended.is_valid
    # two triangles of base 2 and height 1
    assert mended.area == pytest.approx(2.0)


# --- The seam between two vintages --------------------------------------------------------------------


def strips(west_borders):
    """Older communes west of 2.5° E, a newer one to the east of each, with its own border."""
    older = [shapely.box(2.25, 46 + i / 8, 2.5, 46 + (i + 1) / 8) for i in range(3)]
    corners = [2.5, *west_borders, 2.5]
    newer = []
    for i, west in enumerate(west_borders):
        low, high = 46 + i / 8, 46 + (i + 1) / 8
        # the vertices of the neighbours below and above stand on its own edges
        bottom = sorted({west, max(west, corners[i])})
        top = sorted({west, max(west, corners[i + 2])}, reverse=True)
        ring = [(x, low) for x in bottom] + [(2.75, low), (2.75, high)] + [(x, high) for x in top]
        newer.append(shapely.Polygon(ring))
    assert shapely.coverage_is_valid(newer)
    return np.array(older), np.array(newer)


GAP, OVERLAP = 2.5 + 2**-9, 2.5 - 2**-9
"""A border 0.00195° (150 m) too far to the east, or to the west."""


def close(older, newer):
    old, new, seam = outlines.close_seam(older, newer)
    both = np.concatenate([old, new])
    assert shapely.is_valid(both).all()
    assert shapely.coverage_is_valid(both)
    return both, seam


def test_gap_is_closed_and_measured():
    both, seam = close(*strips([2.5, GAP, 2.5]))
    assert shapely.union_all(both).equals(shapely.box(2.25, 46, 2.75, 46.375))
    sliver = geodesic_km2(shapely.box(2.5, 46.125, GAP, 46.25))
    assert (seam.gap_km2, seam.overlap_km2) == pytest.approx((sliver, 0.0), rel=0.01, abs=1e-6)
    assert seam.n_communes == 6


def test_overlap_is_closed_and_measured():
    both, seam = close(*strips([2.5, OVERLAP, 2.5]))
    assert shapely.area(both).sum() == pytest.approx(0.5 * 0.375)
    sliver = geodesic_km2(shapely.box(OVERLAP, 46.125, 2.5, 46.25))
    assert (seam.gap_km2, seam.overlap_km2) == pytest.approx((0.0, sliver), rel=0.01, abs=1e-6)


def test_gap_and_overlap_side_by_side():
    both, seam = close(*strips([OVERLAP, GAP, OVERLAP]))
    assert shapely.area(both).sum() == pytest.approx(0.5 * 0.375)
    assert seam.overlap_km2 == pytest.approx(2 * seam.gap_km2, rel=0.01)


def test_wide_gap_is_not_ours():
    older, newer = strips([2.5, 2.5 + 2**-5, 2.5])  # 2.4 km: a lake that no commune holds
    both, seam = close(older, newer)
    assert shapely.equals(both, np.concatenate([older, newer])).all()
    assert seam.gap_km2 == pytest.approx(0.0, abs=1e-6)


def test_communes_away_from_the_seam_are_not_touched():
    older, newer = strips([2.5, GAP, 2.5])
    far = shapely.box(2.75, 46, 3, 46.375)
    _, new, seam = outlines.close_seam(older, np.append(newer, far))
    assert shapely.equals_exact(new[-1], far)
    assert seam.n_communes == 6


@pytest.mark.parametrize("older", [[], [shapely.box(7, 46, 8, 47)]])
def test_no_seam(older):
    older = np.array(older, dtype=object)
    newer = np.array([shapely.box(2, 46, 3, 47)])
    old, new, seam = outlines.close_seam(older, newer)
    assert (old is older, new is newer) == (True, True)
    assert seam == outlines.Seam(0.0, 0.0, 0)
