"""BD ALTI by archives: the feed, the archive of a département, its text grids."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
import rasterio

from faultserver import FaultServer, faults
from sources.dem.example import DAY, make_means, want
from terrdiag.errors import (
    ChecksumMismatchError,
    OfflineError,
    SourceError,
    SourceFormatError,
    SourceUnavailableError,
)
from terrdiag.sources.dem import archives, find_stored, sevenzip
from terrdiag.sources.dem.store import read_listing

py7zr = pytest.importorskip("py7zr")

FEED = "https://data.geopf.fr/telechargement/resource/BDALTI"
OLD = "BDALTIV2_2-0_25M_ASC_LAMB93-IGN69_D065_2016-11-17"
NEW = "BDALTIV2_2-0_25M_ASC_LAMB93-IGN69_D065_2022-12-16"

BOX = (0.10, 43.00, 0.12, 43.02)
"""About 463 km east, 6 214 to 6 217 km north, in Lambert-93."""

HEAD = """ncols        {columns}
nrows        {rows}
xllcorner    {left}
yllcorner    {bottom}
cellsize     25.000000000000
NODATA_value  -99999.00
"""


def feed(*entries, pages=1, page=1):
    """A page of the Atom feed: (title, address, content)."""
    body = "".join(
        f"""<entry><title>{title}</title><id>{address}</id><updated>2026-01-15T14:59:00+01:00</updated>
        <content>{content}</content><link href="{address}" rel="alternate" type="application/atom+xml"/>
        <gpf_dl:zone term="D065" label="D065 Hautes-Pyrénées"/></entry>"""
        for title, address, content in entries
    )
    return f"""<?xml version='1.0' encoding='UTF-8'?>
    <feed xmlns:gpf_dl="https://data.geopf.fr/annexes/ressources/xsd/gpf_dl.xsd" xmlns="http://www.w3.org/2005/Atom"
      gpf_dl:page="{page}" gpf_dl:pagesize="50" gpf_dl:pagecount="{pages}" gpf_dl:totalentries="{len(entries)}">
      <title>BDALTI</title>{body}</feed>""".encode()


def grid(rows, left=462_987.5, bottom=6_213_987.5, head=HEAD):
    """A text grid of the producer: its corner is half a cell off the round coordinates."""
    header = head.format(columns=len(rows[0]), rows=len(rows), left=left, bottom=bottom)
    return header + "\n".join(" ".join(f"{cell:.2f}" for cell in row) for row in rows) + "\n"


def gradient(rows=140, columns=120):
    """1 m a column to the east, 10 m a row to the south."""
    return [[500 + column + 10 * row for column in range(columns)] for row in range(rows)]


def make_archive(folder: Path, edition=NEW, **members) -> bytes:
    """An archive laid out as IGN's: grids named by their corner, in kilometres, and a note."""
    work = folder / "work" / edition
    place = (
        work / "BDALTIV2/1_DONNEES_LIVRAISON_2023-01-00224/BDALTIV2_MNT_25M_ASC_LAMB93_IGN69_D065"
    )
    place.mkdir(parents=True)
    (work / "LISEZ-MOI.txt").write_text("BD ALTI")
    for name, text in (members or {"0450_6225": grid(gradient())}).items():
        (place / f"BDALTIV2_25M_FXX_{name}_MNT_LAMB93_IGN69.asc").write_text(text)
    path = folder / f"{edition}.7z"
    with py7zr.SevenZipFile(path, "w") as archive:
        archive.writeall(work, edition)
    return path.read_bytes()


def address_of(edition):
    return f"https://data.geopf.fr/telechargement/download/BDALTI/{edition}/{edition}.7z"


def serve(server, archive: bytes, edition=NEW, md5=None):
    """Serve a feed, its edition and its archive as the Géoplateforme does."""
    editions = [(name, f"{FEED}/{name}", "x") for name in {OLD, edition}]
    digest = hashlib.md5(archive, usedforsecurity=False).hexdigest() if md5 is None else md5
    files = [
        (f"{edition}.7z", address_of(edition), digest),
        (f"{edition}.7z.md5", f"{address_of(edition)}.md5", ""),
    ]
    server.put("data.geopf.fr/telechargement/resource/BDALTI", feed(*editions))
    server.put(f"data.geopf.fr/telechargement/resource/BDALTI/{edition}", feed(*files))
    server.put(address_of(edition).removeprefix("https://"), archive)


@pytest.fixture
def server(tmp_path):
    with FaultServer(tmp_path) as server:
        yield server


def fetch(server, raw, kind="bdalti", day=DAY, **options):
    return archives.fetch_archives(
        kind, want(**{"bounds": BOX, **options}), make_means(server, raw, day)
    )


def read(raw, file):
    with rasterio.open(raw / "dem" / file.path) as dataset:
        return dataset.read(1), dataset.transform, dataset.crs.to_epsg()


def test_the_newest_edition_becomes_rasters_that_say_where_they_are(server, tmp_path):
    serve(server, make_archive(tmp_path))
    fetched = fetch(server, tmp_path)
    [file] = fetched.new
    assert file.path == "bdalti/65/2022-12-16/BDALTIV2_25M_FXX_0450_6225_MNT_LAMB93_IGN69.tif"
    assert (file.datum, file.address) == ("NGF-IGN69", address_of(NEW))
    altitude, transform, epsg = read(tmp_path, file)
    assert epsg == 2154
    assert altitude.shape == (140, 120)
    # the first row of the file is the north: 140 rows of 25 m above its lower left corner
    assert (transform.c, transform.f) == (462_987.5, 6_213_987.5 + 140 * 25)
    np.testing.assert_array_equal(altitude, np.array(gradient(), dtype="f4"))
    stored = find_stored(tmp_path / "dem", BOX)
    assert (stored.kind.id, stored.files, stored.datum) == ("bdalti", (file,), "NGF-IGN69")
    assert not list((tmp_path / "dem").rglob("*.7z*"))
    assert not list((tmp_path / "dem").rglob("*.asc"))


def test_the_zone_is_asked_for(server, tmp_path):
    serve(server, make_archive(tmp_path))
    fetch(server, tmp_path)
    assert "zone=D065" in server.requests_to(FEED)[0].query


@pytest.mark.parametrize("void", [-99999.0, -9999.0, -99.0])
def test_beyond_the_border_of_the_departement_a_grid_is_cut(server, tmp_path, void):
    rows = [[void, void, void], [void, 700.0, 710.0], [void, 720.0, void]]
    members = {"0450_6225": grid(rows), "0475_6225": grid([[void] * 3] * 2, left=474_987.5)}
    serve(server, make_archive(tmp_path, **members))
    fetched = fetch(server, tmp_path)
    [file] = fetched.new
    altitude, transform, _ = read(tmp_path, file)
    np.testing.assert_array_equal(altitude, [[700, 710], [720, -99999]])
    assert (transform.c, transform.f) == (462_987.5 + 25, 6_213_987.5 + 75 - 25)
    assert fetched.remarks == ("Département 65\xa0: 1\xa0grille sans aucune altitude, non gardée.",)


def test_the_feed_has_pages(server, tmp_path):
    serve(server, make_archive(tmp_path))
    path = "data.geopf.fr/telechargement/resource/BDALTI?zone=D065&page={}&limit=50"
    server.put(path.format(1), feed((OLD, f"{FEED}/{OLD}", ""), pages=2))
    server.put(path.format(2), feed((NEW, f"{FEED}/{NEW}", ""), pages=2, page=2))
    assert len(fetch(server, tmp_path).new) == 1
    assert len(server.requests_to(FEED)) == 2


def test_a_newer_edition_takes_the_place_of_the_older(server, tmp_path):
    serve(server, make_archive(tmp_path, OLD), OLD)
    [old] = fetch(server, tmp_path).new
    serve(server, make_archive(tmp_path))
    [new] = fetch(server, tmp_path).new
    assert "2016-11-17" in old.path
    assert "2022-12-16" in new.path
    assert not (tmp_path / "dem" / old.path).exists()
    assert read_listing(tmp_path / "dem").files == (new,)


def test_what_is_there_is_not_downloaded_again(server, tmp_path):
    serve(server, make_archive(tmp_path))
    first = fetch(server, tmp_path)
    again = fetch(server, tmp_path)
    assert (again.new, again.kept) == ((), first.new)
    assert len(server.requests_to(address_of(NEW))) == 1
    # one of its files has gone: the archive is fetched again
    (tmp_path / "dem" / first.new[0].path).unlink()
    assert find_stored(tmp_path / "dem", BOX) is None
    assert len(fetch(server, tmp_path).new) == 1


def test_an_interrupted_download_goes_on(server, tmp_path):
    archive = make_archive(tmp_path)
    serve(server, archive)
    server.plan(address_of(NEW), faults.reset(200))
    assert len(fetch(server, tmp_path).new) == 1
    assert len(server.requests_to(address_of(NEW))) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (lambda ok: ok[: len(ok) // 2], "tronquée ou abîmée"),
        (lambda ok: ok[:30], "tronquée ou abîmée"),
        (lambda ok: ok[:-20] + b"\0" * 20, "tronquée ou abîmée"),
        (lambda _: b"<html><title>Erreur</title></html>", "pas une archive 7z"),
        (lambda _: b"PK\3\4" + b"\0" * 50, "pas une archive 7z"),
    ],
)
def test_a_broken_archive(server, tmp_path, content, message):
    serve(server, content(make_archive(tmp_path)))
    with pytest.raises(SourceFormatError, match=message):
        fetch(server, tmp_path)
    assert read_listing(tmp_path / "dem").files == ()


def test_the_digest_of_the_feed(server, tmp_path):
    serve(server, make_archive(tmp_path), md5="0" * 32)
    with pytest.raises(ChecksumMismatchError, match=r"empreinte .*, 00000000"):
        fetch(server, tmp_path)
    # the bad download does not come back
    serve(server, (tmp_path / f"{NEW}.7z").read_bytes())
    assert len(fetch(server, tmp_path).new) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (grid(gradient())[:5000], "valeurs sur 16"),
        (grid(gradient()).replace("cellsize", "cell"), "en-tête sans"),
        (grid([[1.0, 2.0]]).replace("1.00", "abc"), "illisible"),
        (grid([[1.0, 2.0]]).replace("ncols        2", "ncols        -2"), "colonnes"),
        ("<html></html>", "en-tête sans"),
        ("", "en-tête sans"),
    ],
)
def test_a_broken_grid(server, tmp_path, text, message):
    serve(server, make_archive(tmp_path, **{"0450_6225": text}))
    with pytest.raises(SourceFormatError, match=message):
        fetch(server, tmp_path)
    assert read_listing(tmp_path / "dem").files == ()


def test_a_grid_given_by_the_centre_of_its_corner(server, tmp_path):
    head = HEAD.replace("xllcorner", "xllcenter").replace("yllcorner", "yllcenter")
    text = grid(gradient(), left=463_000, bottom=6_214_000, head=head)
    serve(server, make_archive(tmp_path, **{"0450_6225": text}))
    [file] = fetch(server, tmp_path).new
    _, transform, _ = read(tmp_path, file)
    assert (transform.c, transform.f) == (462_987.5, 6_213_987.5 + 140 * 25)


BOMB = b"""<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>
<feed xmlns="http://www.w3.org/2005/Atom"><title>&b;</title></feed>"""


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (b"<html><head><title>Maintenance</title></head></html>", "Maintenance"),
        (b"<ExceptionReport><ExceptionText>inconnu</ExceptionText></ExceptionReport>", "inconnu"),
        (b"<feed", "flux illisible"),
        (b"", "flux illisible"),
        (b"\xff\xfe\0", "flux illisible"),
        (BOMB, "une page web"),
        (BOMB.decode().encode("utf-16"), "flux illisible"),
        (b'<?xml version="1.0" encoding="UTF-7"?><feed>', "flux illisible"),
        (feed(pages=1_000_000), "1000000 pages"),
        (feed(pages="x"), "x pages"),
    ],
)
def test_a_broken_feed(server, tmp_path, page, message):
    server.put("data.geopf.fr/telechargement/resource/BDALTI", page)
    with pytest.raises(SourceFormatError, match=message):
        fetch(server, tmp_path)


def test_no_archive_of_the_departement(server, tmp_path):
    other = NEW.replace("D065", "D031")
    server.put("data.geopf.fr/telechargement/resource/BDALTI", feed((other, f"{FEED}/{other}", "")))
    with pytest.raises(SourceUnavailableError, match="aucune archive du département 65"):
        fetch(server, tmp_path)


def test_a_link_that_leaves_the_producer(server, tmp_path):
    server.put(
        "data.geopf.fr/telechargement/resource/BDALTI", feed((NEW, "https://ailleurs.fr/x", ""))
    )
    with pytest.raises(SourceFormatError, match="n'est pas suivi"):
        fetch(server, tmp_path)


def test_an_archive_in_volumes(server, tmp_path):
    serve(server, make_archive(tmp_path))
    parts = [(f"{NEW}.7z.00{n}", f"{address_of(NEW)}.00{n}", "") for n in (1, 2)]
    server.put(f"data.geopf.fr/telechargement/resource/BDALTI/{NEW}", feed(*parts))
    with pytest.raises(SourceUnavailableError, match="--dem"):
        fetch(server, tmp_path)


def test_corsica_and_the_5_m_model():
    pattern = archives.PRODUCTS["bdalti"].edition
    assert pattern.fullmatch("BDALTIV2_2-0_25M_ASC_LAMB93-IGN78C_D02A_2020-04-16")["zone"] == "02A"
    assert not pattern.fullmatch("BDALTIV2_2-0_75M_ASC_LAMB93-IGN69_FRANCE_2020-04-28")
    pattern = archives.PRODUCTS["rgealti"].edition
    assert pattern.fullmatch("RGEALTI_2-0_5M_ASC_LAMB93-IGN69_D003_2023-08-10")["zone"] == "003"
    assert not pattern.fullmatch("RGEALTI_2-0_1M_ASC_LAMB93-IGN69_D003_2023-08-10")


def test_overseas_is_not_in_these_archives(tmp_path):
    with pytest.raises(SourceError, match="--source glo30"):
        fetch(None, tmp_path, departements=("974",))


def test_offline(tmp_path):
    with pytest.raises(OfflineError):
        fetch(None, tmp_path)


def test_a_mirror_that_is_a_folder(tmp_path):
    place = tmp_path / "mirror" / address_of(NEW).removeprefix("https://")
    place.parent.mkdir(parents=True)
    place.write_bytes(make_archive(tmp_path))
    means = make_means(None, tmp_path, mirror=str(tmp_path / "mirror"))
    assert len(archives.fetch_archives("bdalti", want(BOX), means).new) == 1
    # a mirror is read, never emptied
    assert place.is_file()


def test_without_the_optional_library(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "py7zr", None)
    with pytest.raises(SourceError, match=r'pip install "terrdiag\[dem\]"'):
        fetch(None, tmp_path)


class TestMembers:
    """What an archive may hold that is not to be trusted."""

    def write(self, tmp_path, name):
        path = tmp_path / "a.7z"
        with py7zr.SevenZipFile(path, "w") as archive:
            archive.writestr(b"x" * 1000, name)
        return path

    def test_a_path_that_leaves_the_folder(self, tmp_path, monkeypatch):
        path = self.write(tmp_path, "a/b_MNT_c.asc")
        member = next(iter(self.list(path)))
        for name in (
            "../b_MNT_c.asc",
            "/etc/b_MNT_c.asc",
            "a\\..\\..\\b_MNT_c.asc",
            "C:\\b_MNT_c.asc",
        ):
            member.filename = name
            with pytest.raises(SourceFormatError, match="archive refusée"):
                sevenzip._choose([member], "*_MNT_*.asc", path, 100)

    def test_more_than_the_disk_should_take(self, tmp_path):
        path = self.write(tmp_path, "a/b_MNT_c.asc")
        [member] = self.list(path)
        member.uncompressed = 200_000_000
        with pytest.raises(SourceFormatError, match="200 Mo une fois décompressée"):
            sevenzip._choose([member], "*_MNT_*.asc", path, 100)

    def test_another_archive(self, tmp_path):
        with pytest.raises(SourceFormatError, match="aucun fichier"):
            sevenzip.extract_members(self.write(tmp_path, "a.txt"), "*_MNT_*.asc", tmp_path, 100)

    def list(self, path):
        with py7zr.SevenZipFile(path) as archive:
            return archive.list()
