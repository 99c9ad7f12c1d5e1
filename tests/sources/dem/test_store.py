"""What is kept: only what is listed and whole, the preferred model first, nothing that a crash could spoil."""

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.dem.example import DAY
from terrdiag.elevation import StoredProvider
from terrdiag.errors import OutputError, SourceFormatError
from terrdiag.sources.dem import find_stored
from terrdiag.sources.dem.depot import Depot
from terrdiag.sources.dem.store import AskedBox, Listing, cover_box, read_listing

BOX = (0.0, 42.0, 1.0, 43.0)


def keep(folder, kind="glo30", name="a", bounds=BOX, complete=True, day=DAY):
    """Keep a file of a few bytes, and say that its box was asked for."""
    depot = Depot(folder, day)
    path = f"{kind}/{name}.tif"
    depot.part(path).write_bytes(name.encode())
    file = depot.describe(path, kind, f"https://exemple.fr/{name}", bounds, "EGM2008")
    depot.keep([file])
    if complete:
        depot.complete(kind, bounds, ["mer"])
    return file


def test_nothing_is_there(tmp_path):
    assert find_stored(tmp_path / "dem", BOX) is None
    assert StoredProvider(tmp_path / "dem").paths(BOX) == ()


def test_a_kept_file_is_found(tmp_path):
    file = keep(tmp_path)
    assert file.sha256 == "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
    found = find_stored(tmp_path, (0.2, 42.2, 0.8, 42.8))
    assert (found.files, found.datum, found.retrieved) == ((file,), "EGM2008", DAY)
    assert StoredProvider(tmp_path).paths(BOX) == (tmp_path / "glo30/a.tif",)
    assert read_listing(tmp_path).boxes == (AskedBox("glo30", BOX, DAY, ("mer",)),)
    assert not (tmp_path / ".lock").exists()


@pytest.mark.parametrize("box", [(0.5, 42.5, 1.5, 42.8), (2.0, 42.0, 3.0, 43.0)])
def test_a_box_that_was_not_asked_for(tmp_path, box):
    keep(tmp_path)
    assert find_stored(tmp_path, box) is None


def test_two_boxes_side_by_side_cover_what_is_between(tmp_path):
    keep(tmp_path)
    keep(tmp_path, name="b", bounds=(1.0, 42.0, 2.0, 43.0))
    assert len(find_stored(tmp_path, (0.5, 42.2, 1.5, 42.8)).files) == 2


def test_the_preferred_model_is_used(tmp_path):
    order = ["glo30", "wms", "bdalti", "rgealti"]
    for kind in order:
        keep(tmp_path, kind)
        assert find_stored(tmp_path, BOX).kind.id == kind
    # but not where it does not cover
    keep(tmp_path, "glo30", "c", (5.0, 42.0, 6.0, 43.0))
    assert find_stored(tmp_path, (5.2, 42.2, 5.8, 42.8)).kind.id == "glo30"


def test_a_file_without_its_box_covers_nothing(tmp_path):
    """The fetch was killed before its end."""
    keep(tmp_path, complete=False)
    assert find_stored(tmp_path, BOX) is None


@pytest.mark.parametrize("content", [None, b"", b"truncated or other"])
def test_a_file_that_has_gone_or_changed_its_size(tmp_path, content):
    file = keep(tmp_path)
    path = tmp_path / file.path
    path.unlink() if content is None else path.write_bytes(content)
    assert find_stored(tmp_path, BOX) is None
    # and another one kept takes it out of the list
    other = keep(tmp_path, name="b")
    assert read_listing(tmp_path).files == (other,)
    assert find_stored(tmp_path, BOX).files == (other,)


def test_the_last_fetched_wins(tmp_path):
    keep(tmp_path, name="a", day=dt.date(2026, 1, 1))
    keep(tmp_path, name="b", day=dt.date(2026, 2, 1))
    found = find_stored(tmp_path, BOX)
    assert [file.path for file in found.files] == ["glo30/b.tif", "glo30/a.tif"]
    assert found.retrieved == dt.date(2026, 1, 1)


def test_a_larger_box_takes_the_place_of_those_in_it(tmp_path):
    keep(tmp_path)
    Depot(tmp_path, DAY).complete("glo30", (-1.0, 41.0, 2.0, 44.0), [])
    assert [box.bounds for box in read_listing(tmp_path).boxes] == [(-1.0, 41.0, 2.0, 44.0)]


def test_the_list_reads_as_it_was_written(tmp_path):
    """Names with quotes, accents, backslashes and what TOML forbids too."""
    depot = Depot(tmp_path, DAY)
    file = keep(tmp_path)
    odd = dataclasses.replace(file, address='https://x/"é\\\\\x7f\n[[files]]', datum="NGF – IGN")
    depot.part(odd.path).write_bytes(b"a")
    depot.keep([odd])
    assert read_listing(tmp_path).files == (odd,)
    first = (tmp_path / "LOCK.toml").read_bytes()
    depot.part(odd.path).write_bytes(b"a")
    depot.keep([odd])
    assert (tmp_path / "LOCK.toml").read_bytes() == first


@pytest.mark.parametrize(
    "text",
    [
        "pas du toml [",
        "[[files]]\npath = 'a'",
        "[[files]]\npath='../../etc/passwd'\nkind='glo30'\naddress=''\nsha256=''\nsize=1\nretrieved=2026-01-01\nbounds=[0,0,1,1]",
        "[[files]]\npath='a'\nkind='glo30'\naddress=''\nsha256=''\nsize='1'\nretrieved=2026-01-01\nbounds=[0,0,1,1]",
        "[[boxes]]\nkind='glo30'\nbounds=[1,1,0,0]\nretrieved=2026-01-01\nempty=[]",
        "[[boxes]]\nkind='glo30'\nbounds=[1,1]\nretrieved=2026-01-01\nempty=[]",
        "files = 3",
        "files = ['a']",
    ],
)
def test_a_spoilt_list_is_said(tmp_path, text):
    (tmp_path / "LOCK.toml").write_text(text)
    with pytest.raises(SourceFormatError, match="Supprimez ce fichier"):
        find_stored(tmp_path, BOX)


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "dem").write_text("un fichier")
    with pytest.raises(OutputError, match="écriture impossible"):
        keep(tmp_path / "dem")


places = st.integers(0, 9_000).map(lambda n: n / 1000)
lengths = st.integers(10, 1_000).map(lambda n: n / 1000)
boxes = st.builds(
    lambda x, y, width, height: (x, y, x + width, y + height), places, places, lengths, lengths
)


@given(st.lists(boxes, max_size=5), boxes)
def test_a_share_is_a_share(others, box):
    share = cover_box(others, box)
    assert -1e-12 <= share <= 1 + 1e-9
    assert cover_box([*others, box], box) == pytest.approx(1)
    assert cover_box(others[:-1], box) <= share + 1e-9


@given(boxes)
def test_a_box_that_was_asked_for_covers_itself(box):
    listing = Listing(boxes=(AskedBox("wms", box, DAY),))
    assert listing.find_covering(None, "wms", box) == ()  # covered, and without a file
    assert cover_box([box], box) == pytest.approx(1)
