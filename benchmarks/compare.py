"""Compare terrdiag with what most people write, and with its own goals.

Whole processes, run in turn on the same machine; ratios of medians.
"""

import argparse
import importlib.util
import json
import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from timing import ROOT, CommandFailed, Sample, interleave, run_once

TERRDIAG = [sys.executable, "-m", "terrdiag"]
INPUTS = [sys.executable, str(Path(__file__).with_name("inputs.py"))]
STRAW_MAN = [sys.executable, str(Path(__file__).with_name("straw_man.py"))]
PROBE = [sys.executable, str(Path(__file__).with_name("probe_edition.py"))]

TERRITORIES = {"246500482": (0.8, 200), "ti-7606": (0.4, 300)}
"""Goals by territory: time / that of the straw man, and kB of one map page."""

EPCI = "246500482"
EDITION_MS, EDITION_MB, COMMAND_S = 80, 150, 0.3


def main() -> None:
    parser = argparse.ArgumentParser(description="Mesure terrdiag ; les durées sont en secondes.")
    parser.add_argument("territories", nargs="*", help="codes ou études (CCHB et ti-7606)")
    parser.add_argument("--runs", type=int, default=5, help="nombre de tours (5)")
    parser.add_argument("--mirror", type=Path, help="dossier des fichiers officiels")
    args = parser.parse_args()
    mirror = args.mirror or find_mirror()
    if importlib.util.find_spec("rasterstats") is None:
        print("rasterstats n'est pas installé : la comparaison se fait sans les altitudes.\n")
    try:
        for territory in args.territories or TERRITORIES:
            with tempfile.TemporaryDirectory() as folder:
                compare_diagnostic(territory, Path(folder), mirror, args.runs)
        measure_edition(args.runs)
        measure_commands(args.runs)
    except CommandFailed as failure:
        sys.exit(f"Une commande mesurée a échoué :\n{failure}")


def compare_diagnostic(territory: str, folder: Path, mirror: Path | None, runs: int) -> None:
    """Time the diagnostic of a territory and both straw men, then weigh its pages."""
    out = folder / "out"
    diagnostic = [*TERRDIAG, "diagnostic", territory, "--out", str(out)]
    run_once(diagnostic)
    manifest = next((out / "data" / "processed").glob("*/manifest.json"))
    mirror_option = ["--mirror", str(mirror)] if mirror else []
    inputs = json.loads(run_once([*INPUTS, str(manifest), str(folder), *mirror_option]).answer)
    samples = interleave({"terrdiag": diagnostic} | straw_men(inputs, folder / "straw"), runs)
    print(f"## {territory} : {inputs['communes']} communes, {runs} tours alternés")
    print(f"   ({inputs['remark']})")
    ratio_goal, size_goal = TERRITORIES.get(territory, (None, None))
    print_ratios(samples, ratio_goal)
    print_sizes(out / "maps" / manifest.parent.name, size_goal)
    sizes = [path.stat().st_size / 1000 for path in (folder / "straw").glob("*.html")]
    print(f"   une carte de l'usage courant  {max(sizes):8.0f} ko\n")


def straw_men(inputs: dict[str, Any], out: Path) -> dict[str, list[str]]:
    """Give the straw man with altitudes when rasterstats is there, and without in any case."""
    bare = [*STRAW_MAN, *inputs["arguments"], "--out", str(out)]
    raster = inputs["raster"]
    commands = {"usage courant": [*bare, "--raster", raster]} if raster else {}
    return commands | {"usage courant sans altitudes": bare}


def find_mirror() -> Path | None:
    """Find the official files: ``TERRDIAG_MIRROR``, or ``../shared/mirror``."""
    folder = Path(os.environ.get("TERRDIAG_MIRROR", ROOT.parent / "shared" / "mirror"))
    return folder if folder.is_dir() else None


def print_ratios(samples: dict[str, Sample], goal: float | None) -> None:
    for name, sample in samples.items():
        print(f"   {name:<28} {sample}")
    ours = samples["terrdiag"]
    for name, sample in samples.items():
        if name != "terrdiag":
            ratio = ours.median / sample.median
            reached = word_goal(ratio, goal) if name == "usage courant" else ""
            print(f"   terrdiag / {name:<28} {ratio:.2f} {reached}")
            print(f"   {'':<11}{'(temps de processeur)':<28} {ours.cpu / sample.cpu:.2f}")


def print_sizes(folder: Path, goal: int | None) -> None:
    sizes = {path.name: path.stat().st_size / 1000 for path in sorted(folder.glob("*.html"))}
    page = sizes.pop("index.html")
    largest = max(sizes, key=lambda name: sizes[name])
    print(f"   index.html                    {page:8.0f} ko")
    print(f"   {len(sizes)} cartes, en moyenne         {statistics.mean(sizes.values()):8.0f} ko")
    reached = word_goal(sizes[largest], goal)
    print(f"   la plus lourde ({largest}) {sizes[largest]:.0f} ko {reached}")


def measure_edition(runs: int) -> None:
    """Time the opening of the embedded edition for one EPCI, above the imports."""
    answers = [run_once([*PROBE, EPCI]).answer.split() for _ in range(runs + 1)]
    seconds = [float(first) for first, _ in answers]
    megabytes = [float(second) for _, second in answers]
    milliseconds = 1000 * statistics.median(seconds[1:])
    memory = statistics.median(megabytes[1:])
    print(f"## Ouvrir l'édition embarquée pour un EPCI ({EPCI})")
    print(f"   durée    {milliseconds:6.0f} ms {word_goal(milliseconds, EDITION_MS)}")
    print(f"   mémoire  {memory:6.0f} Mo au-dessus des imports {word_goal(memory, EDITION_MB)}\n")


def measure_commands(runs: int) -> None:
    """Time the commands that should answer at once."""
    commands = {"--help": [*TERRDIAG, "--help"], "list": [*TERRDIAG, "list"]}
    print("## Commandes immédiates")
    for name, sample in interleave(commands, 2 * runs).items():
        print(f"   terrdiag {name:<8} {sample.median:.2f} s {word_goal(sample.median, COMMAND_S)}")


def word_goal(value: float, goal: float | None) -> str:
    if goal is None:
        return ""
    return f"(objectif ≤ {goal:g} : {'atteint' if value <= goal else 'NON ATTEINT'})"


if __name__ == "__main__":
    main()
