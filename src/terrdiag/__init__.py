"""terrdiag: from the name of a French territory to a sourced, reproducible diagnostic."""

__version__ = "0.1.0"
