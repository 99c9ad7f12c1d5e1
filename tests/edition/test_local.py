"""The local edition: which one is read, how it is replaced, what is left of the previous ones."""

import shutil

import pytest

from terrdiag.edition.local import (
    LOCAL,
    POINTER,
    find_edition,
    install_edition,
    read_pointer,
    refreshing,
)
from terrdiag.edition.store import EMBEDDED
from terrdiag.errors import EditionError, OutputError


@pytest.fixture
def make(minifrance_edition):
    """Give a maker of editions that differ by a comment of their description."""

    def maker(comment=""):
        def write(out):
            shutil.copytree(minifrance_edition.root, out)
            with (out / "edition.toml").open("a", encoding="utf-8") as stream:
                stream.write(f"# {comment}\n")

        return write

    return maker


def names(folder):
    return sorted(one.name for one in (folder / LOCAL).iterdir() if one.is_dir())


def test_without_a_local_edition_the_embedded_one_is_read(tmp_path):
    assert find_edition(None, tmp_path).root == EMBEDDED


def test_the_local_edition_is_read_from_then_on(tmp_path, make):
    with refreshing(tmp_path):
        made = install_edition(tmp_path, "abc", make())
    assert find_edition(None, tmp_path).root == made.root
    assert read_pointer(tmp_path).signature == "abc"
    for word in ("embarquée", "embarquee", "EMBARQUÉE"):
        assert find_edition(type(tmp_path)(word), tmp_path).root == EMBEDDED


def test_an_asked_edition_wins(tmp_path, make, minifrance_edition):
    with refreshing(tmp_path):
        install_edition(tmp_path, "abc", make())
    assert find_edition(minifrance_edition.root, tmp_path).root == minifrance_edition.root


def test_the_previous_edition_is_kept_and_those_before_forgotten(tmp_path, make):
    with refreshing(tmp_path):
        roots = [install_edition(tmp_path, "s", make(comment)).root.name for comment in "abc"]
    assert names(tmp_path) == sorted(roots[1:])
    assert find_edition(None, tmp_path).root.name == roots[2]


def test_the_same_edition_again(tmp_path, make):
    with refreshing(tmp_path):
        first = install_edition(tmp_path, "s", make("a"))
        second = install_edition(tmp_path, "t", make("a"))
    assert second.root.name == f"{first.root.name}-2"
    assert names(tmp_path) == [first.root.name, second.root.name]
    assert find_edition(None, tmp_path).root == second.root
    assert read_pointer(tmp_path).signature == "t"


def test_a_failure_leaves_the_previous_one(tmp_path, make):
    def fail(out):
        out.mkdir()
        raise EditionError("disque plein")

    with refreshing(tmp_path):
        first = install_edition(tmp_path, "s", make("a"))
    with pytest.raises(EditionError, match="disque plein"), refreshing(tmp_path):
        install_edition(tmp_path, "t", fail)
    assert find_edition(None, tmp_path).root == first.root
    assert read_pointer(tmp_path).signature == "s"
    with refreshing(tmp_path):
        assert names(tmp_path) == [first.root.name]


def test_two_refreshes_at_once(tmp_path):
    with (
        refreshing(tmp_path),
        pytest.raises(EditionError, match="Une autre mise à jour est en cours"),
        refreshing(tmp_path),
    ):
        pass


def test_a_damaged_local_edition_is_told_and_nothing_stands_for_it(tmp_path, make):
    with refreshing(tmp_path):
        made = install_edition(tmp_path, "s", make())
    (made.root / "figures.parquet").unlink()
    with pytest.raises(
        EditionError, match=r"abîmée.*table\(s\) absente\(s\).*data update.*embarquée"
    ):
        find_edition(None, tmp_path)


@pytest.mark.parametrize(
    "content", ["dossier = ", 'dossier = "x"\n', "\x00", "é".encode("latin-1")]
)
def test_an_unreadable_pointer(tmp_path, content):
    path = tmp_path / LOCAL / POINTER
    path.parent.mkdir(parents=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(EditionError, match=r"COURANTE\.toml est illisible.*Effacez-le"):
        find_edition(None, tmp_path)


def test_an_altered_table_is_told(tmp_path, make):
    with refreshing(tmp_path):
        made = install_edition(tmp_path, "s", make())
    table = made.root / "figures.parquet"
    data = bytearray(table.read_bytes())
    data[200] ^= 1
    table.write_bytes(data)
    with pytest.raises(EditionError, match=r"abîmée.*figures\.parquet n'a pas l'empreinte"):
        find_edition(None, tmp_path)


def test_a_folder_that_refuses_is_told(tmp_path):
    (tmp_path / "data").write_text("un fichier à la place du dossier", encoding="utf-8")
    with (
        pytest.raises(OutputError, match="ou lancez la commande d'un autre dossier"),
        refreshing(tmp_path),
    ):
        pass
