"""The mini-France: a dozen invented communes, in the producers' own formats.

``numbers`` holds every figure, on one screen, so that a reader can work out by hand what the
edition must say; ``files`` writes them as the producers publish them.
"""

from minifrance.files import write_raw_files

__all__ = ["write_raw_files"]
