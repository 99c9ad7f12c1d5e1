"""Find the browser that the tests open pages in; on a Debian machine where one may install packages, install it."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_browser() -> str | None:
    """Path of Chromium or Chrome, if the machine has one."""
    return os.environ.get("TERRDIAG_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)


def main() -> int:
    """Install Chromium where that is possible and it is absent; never fail: the tests then say they are skipped."""
    if find_browser():
        return 0
    apt = shutil.which("apt-get")
    if apt and hasattr(os, "geteuid") and os.geteuid() == 0:
        print("Installation de Chromium pour les tests de pages…", flush=True)
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (
            ["update", "-qq"],
            ["install", "-y", "-qq", "--no-install-recommends", "chromium"],
        ):
            done = subprocess.run(
                [apt, *arguments],
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                check=False,
            )
            if done.returncode:
                sys.stderr.write(done.stderr.decode(errors="replace")[-2000:])
                break
    if not find_browser():
        print(
            "ATTENTION : Chromium est introuvable, les tests de pages seront ignorés (TERRDIAG_BROWSER=chemin)."
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
