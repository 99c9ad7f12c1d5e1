"""The error tree: everything a user can do something about.

A message says what went wrong, where, and what to do, in French; the command line prints it and
exits with a non-zero code. Anything else that escapes is a bug of terrdiag.
"""


class TerrdiagError(Exception):
    """Base of every error that a user can act on."""


class StudyFileError(TerrdiagError, ValueError):
    """A study file that cannot be read or does not say what it must."""


class CatalogueError(TerrdiagError, ValueError):
    """A catalogue entry (indicator, source) that is not coherent."""


class PerimeterError(TerrdiagError, LookupError):
    """A territory, a code or a membership that cannot be found."""


class AmbiguousTerritoryError(PerimeterError):
    """A name that several territories bear."""


class SourceError(TerrdiagError):
    """Base of what can be wrong with an official file."""


class SourceUnavailableError(SourceError, ConnectionError):
    """An official file that is not where it should be."""


class OfflineError(SourceUnavailableError):
    """Something that only the network has, asked for with ``--offline``."""


class QuotaError(SourceUnavailableError):
    """A producer that still refuses requests once it has been waited for."""


class SourceFormatError(SourceError, ValueError):
    """An official file that does not have the expected shape."""


class ChecksumMismatchError(SourceError, ValueError):
    """A file whose content is not the one that was recorded."""


class EditionError(TerrdiagError, ValueError):
    """An edition that is missing, incomplete or incoherent."""


class ElevationError(TerrdiagError, ValueError):
    """An elevation model that cannot be read, or does not hold altitudes of the territory."""


class OutputError(TerrdiagError, OSError):
    """Results that cannot be written (full disk, no permission, open file)."""
