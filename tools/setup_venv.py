"""Prepare the virtual environment of the project: plain venv, pinned and hash-checked dependencies, terrdiag itself.

Run by the Makefile with the system's Python, so it needs nothing but the standard library. What
was installed is remembered by the digest of its lock: while that is unchanged, nothing is
reinstalled. The developers' lock holds all that the users' lock does, so an environment made for
tests serves a diagnostic too.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

MINIMUM = (3, 11)


def main(venv: Path, lock: Path) -> int:
    """Install what a lock asks for, unless it is already there."""
    if sys.version_info < MINIMUM:
        found = ".".join(map(str, sys.version_info[:2]))
        print(
            f"terrdiag demande Python 3.11 ou plus récent (trouvé : {found}). Essayez : make PYTHON=python3.12 …"
        )
        return 1
    if any(is_installed(venv, one) for one in (lock, lock.with_name("dev.txt"))):
        return 0
    print(f"Préparation de l'environnement {venv} (une seule fois, quelques minutes)…", flush=True)
    python = venv / "bin" / "python"
    steps = [
        # the options of pip that a lock needs: every package pinned, every file known by its digest
        [python, "-m", "pip", "install", "--quiet", "--require-hashes", "--requirement", lock],
        [
            python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--no-build-isolation",
            "--editable",
            ".",
        ],
    ]
    if not python.exists():
        steps.insert(0, [sys.executable, "-m", "venv", venv])
    for step in steps:
        if subprocess.run(list(map(str, step)), check=False).returncode:  # noqa: S603  # our own words
            print(
                "L'installation a échoué (message de pip ci-dessus). Vérifiez l'accès au dépôt de paquets "
                "(pip config list), puis relancez la même commande ; « make clean » repart de zéro."
            )
            return 1
    mark_of(venv, lock).write_text(digest_of(lock), encoding="utf-8")
    return 0


def is_installed(venv: Path, lock: Path) -> bool:
    """Tell whether the environment was made from this very lock."""
    mark = mark_of(venv, lock)
    return mark.is_file() and mark.read_text(encoding="utf-8") == digest_of(lock)


def mark_of(venv: Path, lock: Path) -> Path:
    """File of the environment that remembers a lock."""
    return venv / f"installed-{lock.stem}.sha256"


def digest_of(lock: Path) -> str:
    """Digest of a lock and of the project's own description."""
    return hashlib.sha256(lock.read_bytes() + Path("pyproject.toml").read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
