"""Zip archives read without trusting them."""

import struct
import tracemalloc
import zipfile

import pytest

from terrdiag.errors import SourceFormatError, SourceUnavailableError
from terrdiag.sources.archives import (
    check_archive,
    find_zip_member,
    open_zip_member,
    read_zip_member,
)

CSV = b"CODGEO;C22_EMPLT\r\n01001;12.5\r\n"


@pytest.fixture
def archive(tmp_path):
    def make(members, name="a.zip", method=zipfile.ZIP_DEFLATED):
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", method) as made:
            for member, content in members.items():
                made.writestr(member, content)
        return path

    return make


def spoil(path, old, new):
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new))


MEMBERS = {"meta_base.CSV": b"x", "dossier/base-2022.CSV": CSV, "__MACOSX/base-2022.CSV": b"x"}


class TestFind:
    @pytest.mark.parametrize("glob", ["base-*.csv", "dossier/*", "BASE-2022.CSV"])
    def test_found(self, archive, glob):
        assert find_zip_member(archive(MEMBERS), glob) == "dossier/base-2022.CSV"

    def test_data_is_not_metadata(self, archive):
        path = archive({"DS_X_data.csv": CSV, "DS_X_metadata.csv": b"x"})
        assert find_zip_member(path, "*_data.csv") == "DS_X_data.csv"

    def test_exact_name_wins(self, archive):
        assert find_zip_member(archive({"a.csv": CSV, "A.CSV": CSV}), "a.csv") == "a.csv"

    def test_none(self, archive):
        with pytest.raises(
            SourceFormatError, match=r"« z\.csv » n'est pas .* : meta_base\.CSV, dossier"
        ):
            find_zip_member(archive(MEMBERS), "z.csv")

    def test_several(self, archive):
        with pytest.raises(SourceFormatError, match=r"plusieurs fichiers\. .* : a\.csv, b\.csv"):
            find_zip_member(archive({"a.csv": CSV, "b.csv": CSV, "c.txt": b"x"}), "*.csv")

    def test_absent(self, tmp_path):
        with pytest.raises(SourceUnavailableError, match="absent"):
            find_zip_member(tmp_path / "a.zip", "*")


class TestOpen:
    def test_streamed(self, archive):
        """A member far bigger than what is held at once."""
        path = archive({"a.csv": b"".join(b"%08d;\n" % i for i in range(3_000_000))})
        tracemalloc.start()
        with open_zip_member(path, "a.csv") as stream:
            lines = 0
            while chunk := stream.read(1_000_000):
                lines += chunk.count(b"\n")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert lines == 3_000_000
        assert peak < 8_000_000

    def test_damaged_while_read(self, archive):
        path = archive({"a.csv": CSV}, method=zipfile.ZIP_STORED)
        spoil(path, b"12.5", b"99.9")
        with (
            pytest.raises(SourceFormatError, match="abîmée"),
            open_zip_member(path, "a.csv") as stream,
        ):
            stream.read()

    def test_encrypted(self, archive):
        path = archive({"a.csv": CSV})
        data = bytearray(path.read_bytes())
        data[data.index(b"PK\x01\x02") + 8] |= 1
        path.write_bytes(data)
        with pytest.raises(SourceFormatError, match="est chiffré"):
            read_zip_member(path, "a.csv")

    def test_other_compression(self, archive):
        path = archive({"a.csv": CSV}, method=zipfile.ZIP_LZMA)
        with pytest.raises(SourceFormatError, match="méthode 14"):
            read_zip_member(path, "a.csv")

    def test_too_big_is_not_read(self, archive):
        path = archive({"a.csv": CSV * 100_000})
        with (
            pytest.raises(SourceFormatError, match="3 Mo une fois décomprimé, plus que les 1 Mo"),
            open_zip_member(path, "a.csv", max_megabytes=1),
        ):
            pytest.fail("ouvert")

    def test_bomb(self, archive):
        path = archive({"a.csv": bytes(150_000_000)})
        with pytest.raises(SourceFormatError, match="l'archive est piégée"):
            read_zip_member(path, "a.csv")

    def test_size_that_lies(self, archive):
        """A member that declares less than it holds is not inflated further than it says."""
        path = archive({"a.csv": CSV * 100_000})
        spoil(path, struct.pack("<I", len(CSV) * 100_000), struct.pack("<I", 1000))
        with pytest.raises(SourceFormatError, match="abîmée"):
            read_zip_member(path, "a.csv")

    def test_page_in_its_place(self, archive):
        path = archive({"a.csv": b"<html><title>Erreur</title></html>"})
        with pytest.raises(SourceFormatError, match="« Erreur »"):
            read_zip_member(path, "a.csv")


class TestWhole:
    def test_good(self, archive):
        check_archive(archive({"a.csv": CSV, "dossier/b.csv": CSV}))

    @pytest.mark.parametrize(
        "name", ["../a.csv", "/etc/a.csv", "d/../../a.csv", "C:/a.csv", "..\\a"]
    )
    def test_names_that_lead_out(self, archive, name):
        with pytest.raises(SourceFormatError, match="sortirait du dossier"):
            check_archive(archive({"a.csv": CSV, name: CSV}))

    def test_bad_checksum(self, archive):
        path = archive({"a.csv": CSV, "b.csv": b"bonjour"}, method=zipfile.ZIP_STORED)
        spoil(path, b"bonjour", b"bonsoir")
        with pytest.raises(SourceFormatError, match=r"« b\.csv » n'a pas sa somme de contrôle"):
            check_archive(path)

    def test_sum_of_members(self, archive):
        with pytest.raises(SourceFormatError, match="une fois décomprimé"):
            check_archive(archive({f"{i}.csv": CSV * 20_000 for i in range(3)}), max_megabytes=1)

    def test_empty(self, archive):
        with pytest.raises(SourceFormatError, match="archive vide"):
            check_archive(archive({"dossier/": b""}))

    @pytest.mark.parametrize("cut", [0.3, 0.9, 0.99])
    def test_truncated(self, archive, cut):
        path = archive({"a.csv": CSV * 50, "b.csv": CSV})
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * cut)])
        with pytest.raises(SourceFormatError, match="tronquée"):
            check_archive(path)
