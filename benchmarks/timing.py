"""Run whole processes in turn (A B C A B C …) and keep their times and memory."""

import os
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


class CommandFailed(Exception):  # noqa: N818
    """A measured command that did not succeed: its time would mean nothing."""


@dataclass(frozen=True)
class Run:
    """One run of a command: wall and processor seconds, peak memory in MB, what it printed."""

    wall: float
    cpu: float
    peak: float
    words: str

    @property
    def answer(self) -> str:
        """The last line: what comes before may be warnings."""
        return self.words.splitlines()[-1]


@dataclass
class Sample:
    """Every run of one command."""

    runs: list[Run] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(run.wall for run in self.runs)

    @property
    def cpu(self) -> float:
        return statistics.median(run.cpu for run in self.runs)

    def __str__(self) -> str:
        walls = [run.wall for run in self.runs]
        spread = f"{min(walls):.2f}-{max(walls):.2f}"
        cpu, peak = self.cpu, statistics.median(run.peak for run in self.runs)
        return f"{self.median:6.2f} s ({spread}), processeur {cpu:.2f} s, mémoire {peak:.0f} Mo"


def run_once(command: list[str]) -> Run:
    """Run a command to its end."""
    with tempfile.TemporaryFile("w+") as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
        # wait4 is what tells the resources of one child
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        words = output.read()
    if process.returncode:
        raise CommandFailed(f"{' '.join(command)}\n{words}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, words)


def interleave(commands: dict[str, list[str]], runs: int) -> dict[str, Sample]:
    """Run each command in turn, so that what slows the machine down slows all of them.

    One run of each comes first and is not counted: it fills the caches of the disk.
    """
    samples = {name: Sample() for name in commands}
    for turn in range(runs + 1):
        for name, command in commands.items():
            run = run_once(command)
            if turn:
                samples[name].runs.append(run)
    return samples
