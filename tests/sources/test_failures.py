"""Every reader says what is wrong with a file that is not, or not wholly, the one expected."""

import pytest

from terrdiag.errors import SourceFormatError, SourceUnavailableError
from terrdiag.sources import altitudes, anct, cog, comparateur, dgcl, etalab, populations, sectors

CITIES = None  # never reached: the file is refused before

READERS = {
    "communes": cog.read_communes,
    "arrondissements": cog.read_arrondissements_municipaux,
    "departements": cog.read_departements,
    "regions": cog.read_regions,
    "events": cog.read_events,
    "epci": dgcl.read_epci_members,
    "contours": etalab.read_contours,
    "ept": etalab.read_ept,
    "decoupage": etalab.read_epci,
    "sirens": etalab.read_commune_sirens,
    "reference": lambda path: populations.read_reference_populations(path, CITIES),
    "censuses": lambda path: populations.read_census_populations(path, CITIES),
    "comparateur": lambda path: comparateur.read_comparateur(path, "insee-comparateur-2018"),
    "sectors": lambda path: sectors.read_sector_shares({"region": path}),
    "ti": lambda path: anct.read_territoires_industrie(path, path),
    "petr": anct.read_petr,
    "massifs": lambda path: anct.read_typology(path, "montagne"),
    "altitude max": altitudes.read_altitude_max,
    "altitudes": altitudes.read_altitudes,
}

WEB_PAGE = b"<!DOCTYPE html><html><head><title>Service indisponible</title></head></html>"

NOT_CSV = {"epci", "contours", "ept", "decoupage", "sirens"}


@pytest.mark.parametrize("reader", READERS)
class TestEveryReader:
    def test_absent(self, reader, tmp_path):
        with pytest.raises(SourceUnavailableError, match=r"rien\.csv : fichier absent"):
            READERS[reader](tmp_path / "rien.csv")

    def test_empty(self, reader, write):
        with pytest.raises(SourceFormatError, match="fichier vide"):
            READERS[reader](write("a.csv", b""))

    def test_web_page(self, reader, write):
        with pytest.raises(SourceFormatError, match=r"page HTML .*« Service indisponible »"):
            READERS[reader](write("a.csv", WEB_PAGE))

    def test_other_file(self, reader, write):
        with pytest.raises(SourceFormatError, match=r"a\.csv\b.*[.]$"):
            READERS[reader](write("a.csv", b"[1, 2]\n3,4\n"))


@pytest.mark.parametrize("reader", [name for name in READERS if name not in NOT_CSV])
class TestCsvReaders:
    def test_columns_found_are_listed(self, reader, write):
        text = "CODGEO;nom\n01001;b\n" if reader in {"comparateur", "reference"} else "a,nom\nb,c\n"
        with pytest.raises(SourceFormatError, match=r"[Cc]olonnes? .*trouvées : (CODGEO|a), nom"):
            READERS[reader](write("a.csv", text))

    def test_not_utf8(self, reader, write):
        with pytest.raises(SourceFormatError, match="ligne 2 : le texte n'est pas en UTF-8"):
            READERS[reader](write("a.csv", "code,nom\n1,Asté\n".encode("cp1252")))
