"""What could not be fetched is told of a source that is read all the same."""

from terrdiag.edition.bench import Workbench
from terrdiag.edition.provenance import Provenance


def test_told_of_what_was_read_and_only_of_it(tmp_path):
    why = "200 fichiers sur 202, sauf gaz-2024-65.csv et gaz-2024-66.csv. Le serveur répond 503."
    faults = {"ore-energie-2024": why, "insee-flux-2022": "mort.", "inbox": "inconnu."}
    bench = Workbench(tmp_path, lambda _: None, faults=faults)
    bench.provenance = {"ore-energie-2024": Provenance(), "insee-flux-2022": Provenance()}
    bench.absent = {"insee-flux-2022": "mort."}
    [note] = bench.name_faults()
    assert note.startswith("Consommation annuelle d'électricité et de gaz")
    assert note.endswith(f"tout n'a pas pu être téléchargé. {why}")
