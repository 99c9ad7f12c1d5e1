"""A disk of a few kilobytes, to fill for good."""

import contextlib
import os
import subprocess
import sys

import pytest

needs_root = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="monter un petit disque demande root"
)


@contextlib.contextmanager
def small_disk(path, size):
    """Mount a disk on a folder for the time of a block."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(path)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("ce système ne laisse pas monter un disque")
    try:
        yield
    finally:
        subprocess.run(["umount", str(path)], check=True)
