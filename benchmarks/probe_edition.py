"""Open the embedded edition for one territory in a fresh process; print seconds and megabytes.

What counts is the time and the memory *above the imports*, which any program using these libraries
pays.
"""

import argparse
import resource
import sys
import time

from terrdiag.edition import open_edition, read_communes, read_figures, read_memberships


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("epci", help="SIREN of the EPCI")
    siren = parser.parse_args().epci
    before = peak_mb()
    start = time.perf_counter()
    edition = open_edition()
    members = read_memberships(edition, kinds=["epci"], codes=[siren])
    codes = members.loc[members["valid_to"].isna(), "code_commune"].unique()
    communes = read_communes(edition, codes=codes)
    figures = read_figures(edition, levels=["commune"], codes=codes)
    seconds = time.perf_counter() - start
    if communes.empty or figures.empty:
        sys.exit(f"{siren} is not an EPCI of the edition")
    print(f"{seconds} {peak_mb() - before}")


if __name__ == "__main__":
    main()
