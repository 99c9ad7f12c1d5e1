"""Spoil files and give them to every reader, for as long as there is time; print how many were tried.

    python tools/fuzz.py --seconds 600              # every reader in turn
    python tools/fuzz.py --only melodi --seconds 60

    python tools/fuzz.py --only cog:read_events --guided --seconds 60    # by what the code covers (pip install atheris)

Each fault found is told once: what was done to which file, and what the reader raised. ``--keep`` writes the spoilt
files, to be made into tests.
"""

import argparse
import contextlib
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
# in the place of tools/, where this file would hide the package of the same name
sys.path[:1] = [str(ROOT / "tests"), str(ROOT / "src")]


def instrumented() -> contextlib.AbstractContextManager[object]:
    """Let atheris follow what terrdiag runs, if it is to guide."""
    if "--guided" not in sys.argv:
        return contextlib.nullcontext()
    import atheris  # noqa: PLC0415  # not a dependency: for this only

    return atheris.instrument_imports(include=["terrdiag"])


with instrumented():
    from fuzz.mutations import Op
    from fuzz.runner import Seed, read, spoil, tell
    from fuzz.seeds import make_seeds


def draw(chance: random.Random) -> list[Op]:
    """Draw one to four mutations."""
    return [
        Op(
            chance.randrange(10_000),
            chance.random(),
            chance.randrange(100_000),
            deep=chance.random() < 0.8,
        )
        for _ in range(chance.choice([1, 1, 1, 2, 2, 3, 4]))
    ]


def attempt(seed: Seed, folder: Path, ops: list[Op], target: int) -> BaseException | str:
    """Give a spoilt file to a reader: what it raised against the law, or what it did of it."""
    name, data = spoil(seed, ops, target)
    try:
        return read(seed, folder, {name: data})
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001  # whatever is raised is what is looked for
        return error


def sign(error: BaseException) -> str:
    """Tell faults apart: the exception, and the last line of terrdiag that it went through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "terrdiag" in frame.filename or "laws" in frame.filename]
    last = ours[-1] if ours else frames[-1]
    return f"{type(error).__name__} {Path(last.filename).name}:{last.lineno} {last.name}"


def shrink(seed: Seed, folder: Path, ops: list[Op], target: int, wanted: str) -> list[Op]:
    """Remove the mutations without which the same fault is still there."""
    for op in list(ops):
        fewer = [other for other in ops if other is not op]
        found = attempt(seed, folder, fewer, target) if fewer else ""
        if isinstance(found, BaseException) and sign(found) == wanted:
            ops = fewer
    return ops


def main() -> int:
    """Run; the exit code tells whether a fault was found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--only", default="", help="part of the name of the readers to try")
    parser.add_argument("--seed", type=int, default=0, help="start of the series of random numbers")
    parser.add_argument("--keep", type=Path, help="folder where the files at fault are written")
    parser.add_argument(
        "--guided", action="store_true", help="let atheris choose the bytes of one reader"
    )
    asked = parser.parse_args()
    if asked.guided:
        return guide(next(seed for seed in make_seeds() if asked.only in seed.reader), asked)
    chance = random.Random(asked.seed)  # noqa: S311
    seeds = [seed for seed in make_seeds() if asked.only in seed.reader]
    tried, refused, faults = Counter[str](), Counter[str](), Counter[str]()
    end = time.monotonic() + asked.seconds
    with tempfile.TemporaryDirectory() as folder:
        spent = dict.fromkeys(range(len(seeds)), 0.0)
        while (began := time.monotonic()) < end:
            # as much time to each: a workbook takes as long to spoil as a hundred CSV files
            number = min(spent, key=spent.__getitem__)
            seed, place = seeds[number], Path(folder) / str(number)
            ops, target = draw(chance), chance.randrange(4)
            found = attempt(seed, place, ops, target)
            tried[seed.reader] += 1
            refused[seed.reader] += found == "refused"
            if isinstance(found, BaseException):
                name = f"{seed.reader} : {sign(found)}"
                faults[name] += 1
                if faults[name] == 1:
                    ops = shrink(seed, place, ops, target, sign(found))
                    report(seed, ops, target, found, name, asked.keep)
            spent[number] += time.monotonic() - began
    print(f"\n{'lecteur':<45} {'essais':>8} {'refusés':>8} {'lus':>8}")
    for reader in sorted(tried):
        read_ = tried[reader] - refused[reader]
        print(f"{reader:<45} {tried[reader]:>8} {refused[reader]:>8} {read_:>8}")
    print(f"{tried.total()} essais, {len(faults)} faute(s).")
    return 1 if faults else 0


def guide(seed: Seed, asked: argparse.Namespace) -> int:
    """Let atheris spoil the first file of a reader, guided by the code it covers; libFuzzer prints the count."""
    import atheris  # noqa: PLC0415  # not a dependency: for this only

    folder, faults = Path(tempfile.mkdtemp()), Counter[str]()
    corpus = folder / "corpus"
    corpus.mkdir()
    name = seed.targets[0]
    (corpus / "seed").write_bytes(seed.files[name])

    def try_bytes(data: bytes) -> None:
        try:
            read(seed, folder / "files", {name: data}, contextlib.nullcontext)
        except Exception as error:  # noqa: BLE001  # whatever is raised is what is looked for
            told = f"{seed.reader} : {sign(error)}"
            faults[told] += 1
            if faults[told] == 1:
                print(f"\nFAUTE {told}\n  {str(error)[:300]}", flush=True)
                if asked.keep:
                    asked.keep.mkdir(parents=True, exist_ok=True)
                    (asked.keep / f"{told.replace(':', '-')}.bin").write_bytes(data)

    limits = [f"-max_total_time={asked.seconds:.0f}", "-timeout=30", "-rss_limit_mb=4096"]
    atheris.Setup([sys.argv[0], *limits, "-print_final_stats=1", str(corpus)], try_bytes)
    atheris.Fuzz()
    return 0


def report(
    seed: Seed, ops: list[Op], target: int, error: BaseException, name: str, keep: Path | None
) -> None:
    """Tell a fault, and keep its file."""
    print(f"\nFAUTE {name}\n  {tell(seed, ops, target)}\n  {str(error)[:300]}", flush=True)
    if keep:
        file, data = spoil(seed, ops, target)
        path = keep / f"{name.replace(':', '-').replace(' ', '_')}-{Path(file).name}"
        keep.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


if __name__ == "__main__":
    sys.exit(main())
