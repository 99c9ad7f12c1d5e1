"""RGE ALTI through the WMS of the Géoplateforme: windows of bare numbers, assembled into one raster."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from rasterio.transform import Affine
from rasterio.warp import transform_bounds
from rasterio.windows import Window

from terrdiag.errors import SourceError, SourceFormatError, SourceUnavailableError
from terrdiag.sources.dem.fetched import Fetched, Means, Wanted
from terrdiag.sources.dem.rasters import (
    NODATA,
    Altitudes,
    bound_degrees,
    hide_unknown,
    make_profile,
    writing,
)
from terrdiag.sources.dem.remote import Remote
from terrdiag.sources.files import find_page_title
from terrdiag.wording import NBSP, format_number, plural

KIND: Final = "wms"

ADDRESS: Final = "https://data.geopf.fr/wms-r/wms"

STEP_M: Final = 25
"""Side of the cells that are asked for."""

SIDE: Final = 1000
"""Cells of a side of a window (the service refuses more than 5,010)."""

MOST_WINDOWS: Final = 400

METROPOLITAN: Final = "RGEALTI-MNT_PYR-ZIP_FXX_LAMB93_WMS"

ELSEWHERE: Final = "ELEVATION.ELEVATIONGRIDCOVERAGE.HIGHRES"
"""Overseas; its stock is in degrees, brought to the projection by the service."""


@dataclass(frozen=True)
class Frame:
    """The raster to assemble: cells of whole multiples of their side, so that two fetches are on one grid.

    Attributes
    ----------
    left, bottom, right, top
        Its edges, in metres.
    epsg
        Projection.
    """

    left: int
    bottom: int
    right: int
    top: int
    epsg: int

    @property
    def columns(self) -> int:
        """Cells from west to east."""
        return (self.right - self.left) // STEP_M

    @property
    def rows(self) -> int:
        """Cells from north to south."""
        return (self.top - self.bottom) // STEP_M

    @property
    def transform(self) -> Affine:
        """From cells to coordinates."""
        return Affine(STEP_M, 0, self.left, 0, -STEP_M, self.top)

    @property
    def crs(self) -> str:
        """Projection, for rasterio."""
        return f"EPSG:{self.epsg}"

    @property
    def layer(self) -> str:
        """The layer that serves it."""
        return METROPOLITAN if self.epsg == 2154 else ELSEWHERE

    @property
    def name(self) -> str:
        """Name of its file: projection, step, edges."""
        edges = "_".join(map(str, (self.left, self.bottom, self.right, self.top)))
        return f"EPSG{self.epsg}_{STEP_M}m_{edges}"

    def list_windows(self) -> list[Window]:
        """Cut it into windows, from north to south and west to east."""
        return [
            Window(left, top, min(SIDE, self.columns - left), min(SIDE, self.rows - top))
            for top in range(0, self.rows, SIDE)
            for left in range(0, self.columns, SIDE)
        ]

    def bound_window(self, window: Window) -> tuple[int, int, int, int]:
        """Give the edges of a window, in metres: left, bottom, right, top."""
        left = self.left + int(window.col_off) * STEP_M
        top = self.top - int(window.row_off) * STEP_M
        return left, top - int(window.height) * STEP_M, left + int(window.width) * STEP_M, top


def fetch_wms(wanted: Wanted, means: Means) -> Fetched:
    """Fetch the cells of a box, window after window.

    Parameters
    ----------
    wanted
        The box and its projection.
    means
        Where to ask, where to keep.

    Returns
    -------
    Fetched
        One raster in the legal projection.

    Raises
    ------
    SourceError
        The service refuses, answers something else than altitudes, or knows nothing there.
    """
    if means.remote.folder is not None:
        raise SourceUnavailableError(
            f"Un dossier ne peut pas tenir lieu du service WMS de l'IGN{NBSP}: donnez un miroir en http, ou choisissez "
            "un autre modèle (--source glo30 ou --source bdalti)."
        )
    frame = make_frame(wanted)
    windows = frame.list_windows()
    if len(windows) > MOST_WINDOWS:
        raise SourceError(
            f"Ce territoire demanderait {plural(len(windows), 'fenêtre')} WMS, plus que {MOST_WINDOWS}{NBSP}: "
            "choisissez --source bdalti ou --source glo30, ou demandez ses parties une à une."
        )
    path = f"{KIND}/{frame.name}.tif"
    held = [file for file in means.depot.find(KIND, _address(frame)) if file.path == path]
    if held:
        means.depot.complete(KIND, wanted.bounds, ())
        return Fetched(kept=tuple(held))
    profile = make_profile((frame.rows, frame.columns), frame.transform, frame.crs, NODATA)
    known = 0
    with writing(means.depot.part(path), profile) as dataset:
        for rank, window in enumerate(windows, 1):
            means.progress(f"RGE ALTI par WMS, fenêtre {rank} sur {len(windows)}")
            altitude = hide_unknown(read_window(means.remote, frame, window))
            known += int(np.count_nonzero(altitude != NODATA))
            dataset.write(altitude, 1, window=window)
    if not known:
        means.depot.part(path).unlink(missing_ok=True)
        raise SourceUnavailableError(
            f"La couche {frame.layer} n'a aucune altitude ici. Choisissez un autre modèle (--source glo30)."
        )
    box = bound_degrees((frame.rows, frame.columns), frame.transform, frame.crs)
    file = means.depot.describe(path, KIND, _address(frame), box, wanted.datum)
    means.depot.keep([file])
    means.depot.complete(KIND, wanted.bounds, ())
    return Fetched(new=(file,), remarks=tuple(_remark(known, frame)))


def make_frame(wanted: Wanted) -> Frame:
    """Make the raster that holds a box, in its legal projection."""
    west, south, east, north = transform_bounds(
        "EPSG:4326", f"EPSG:{wanted.epsg}", *wanted.bounds, densify_pts=21
    )
    return Frame(
        left=math.floor(west / STEP_M) * STEP_M,
        bottom=math.floor(south / STEP_M) * STEP_M,
        right=math.ceil(east / STEP_M) * STEP_M,
        top=math.ceil(north / STEP_M) * STEP_M,
        epsg=wanted.epsg,
    )


def make_request(frame: Frame, window: Window) -> dict[str, str]:
    """Word the request of a window."""
    return {
        "SERVICE": "WMS",
        "VERSION": "1.3.0",
        "REQUEST": "GetMap",
        "LAYERS": frame.layer,
        "STYLES": "",
        "CRS": frame.crs,
        "BBOX": ",".join(map(str, frame.bound_window(window))),
        "WIDTH": str(int(window.width)),
        "HEIGHT": str(int(window.height)),
        "FORMAT": "image/x-bil;bits=32",
    }


def read_window(remote: Remote, frame: Frame, window: Window) -> Altitudes:
    """Read a window: little-endian numbers of four bytes, the northern row first, and nothing else.

    Raises
    ------
    SourceFormatError
        The service says an error (in XML, with status 200), or the numbers are not as many as asked for.
    """
    rows, columns = int(window.height), int(window.width)
    size = rows * columns * 4
    content = remote.get(ADDRESS, max(size, 100_000), make_request(frame, window))
    if len(content) != size or content.startswith((b"<?xml", b"<Service")):
        raise _refuse(content, frame, size)
    return np.frombuffer(content, dtype="<f4").reshape(rows, columns).astype(np.float32)


def _refuse(content: bytes, frame: Frame, size: int) -> SourceFormatError:
    """Word what the service answered in the place of altitudes."""
    said = find_page_title(content[:20_000]) if content.lstrip()[:1] == b"<" else ""
    what = (
        f"le service répond par une erreur (« {said} »)"
        if said
        else f"{format_number(len(content))} octets au lieu de {format_number(size)}"
    )
    return SourceFormatError(
        f"{ADDRESS}, couche {frame.layer}, {frame.crs}{NBSP}: {what}. Recommencez plus tard, ou choisissez un autre "
        "modèle (--source glo30)."
    )


def _address(frame: Frame) -> str:
    return f"{ADDRESS}?LAYERS={frame.layer}"


def _remark(known: int, frame: Frame) -> Iterator[str]:
    share = known / (frame.rows * frame.columns)
    if share < 0.9995:
        yield f"Le service ne connaît que {format_number(100 * share, 1)}{NBSP}% de la boîte (mer, étranger)."
