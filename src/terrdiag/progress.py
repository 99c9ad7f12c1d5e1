"""Tell people what a long command is doing: a line that lives in a terminal, plain lines for an edition in a file."""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator

from rich.console import Console


@contextlib.contextmanager
def show_progress() -> Iterator[Callable[[str], None]]:
    """Give a function that shows the step under way.

    Yields
    ------
    callable
        Takes a few words. In a terminal the line is animated and vanishes at the end; elsewhere
        each step that starts later than two seconds after the first is a line on the error output,
        so that a short command says nothing and a long one is followed in its journal.
    """
    console = Console(stderr=True)
    if console.is_terminal:
        with console.status("…") as status:
            yield lambda step: status.update(f"{step}…")
        return
    start = time.monotonic()

    def tell(step: str) -> None:
        elapsed = time.monotonic() - start
        if elapsed > 2:
            sys.stderr.write(f"[{elapsed:5.0f} s] {step}…\n")

    yield tell
