"""Run terrdiag with ``python -m terrdiag``."""

from terrdiag.cli import main

if __name__ == "__main__":
    main()
