"""What a disk or a system refuses, in words a user can act on."""

import contextlib
import errno
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from terrdiag.errors import OutputError, TerrdiagError

HIDDEN: Final = re.compile(r"\.(?P<id>.+)\.(?P<token>[0-9a-f]{8})\.(?:lock|tmp|old)")
"""Names of what a run has beside its results while it builds them."""

_REFUSED: Final = (
    "accès refusé",
    "Fermez les résultats ouverts dans Excel ou QGIS, vérifiez vos droits sur ce dossier",
)
_IN_THE_WAY: Final = (
    "un fichier y occupe la place d'un dossier",
    "Déplacez ou renommez ce fichier",
)
_WHAT_TO_DO: Final = {
    "ENOSPC": ("le disque est plein", "Libérez de la place"),
    "EDQUOT": ("votre quota de disque est atteint", "Libérez de la place"),
    "EROFS": ("ce disque est en lecture seule", "Écrivez sur un autre disque"),
    "EACCES": _REFUSED,
    "EPERM": _REFUSED,
    "EBUSY": _REFUSED,
    "ENOENT": ("ce dossier a disparu pendant l'écriture", "Relancez la commande"),
    "EEXIST": _IN_THE_WAY,
    "ENOTDIR": _IN_THE_WAY,
    "EISDIR": _IN_THE_WAY,
    "ENAMETOOLONG": ("ce chemin est trop long", "Écrivez plus près de la racine du disque"),
    "ELOOP": ("un lien y mène à lui-même", "Supprimez ce lien"),
}


ELSEWHERE: Final = ", ou choisissez un autre dossier avec --out"
"""What else a user can do, where the command has that option."""


def output_error(error: OSError, path: Path, elsewhere: str = ELSEWHERE) -> OutputError:
    """Word what the system refuses: what, where, what to do.

    Parameters
    ----------
    error
        What the system said.
    path
        Where, as the user knows it.
    elsewhere
        What else can be done, after the advice.

    Returns
    -------
    OutputError
        To be raised.

    Examples
    --------
    >>> print(output_error(OSError(errno.ENOSPC, "No space left on device"), Path("maps")))
    maps : écriture impossible, le disque est plein. Libérez de la place, \
ou choisissez un autre dossier avec --out.
    """
    name = errno.errorcode.get(error.errno or 0, "")
    unknown = (error.strerror or str(error), "Vérifiez ce dossier")
    what, advice = _WHAT_TO_DO.get(name, unknown)
    return OutputError(f"{path} : écriture impossible, {what}. {advice}{elsewhere}.")


@contextlib.contextmanager
def explained(out_root: Path, elsewhere: str = ELSEWHERE) -> Iterator[None]:
    """Turn what the system refuses into an error the user can act on."""
    try:
        yield
    except (TerrdiagError, BrokenPipeError):
        raise  # already worded, or the reader of the terminal's pipe that has gone: not a disk
    except OSError as error:
        path = Path(os.fsdecode(error.filename)) if error.filename else out_root
        # the hidden folder of the run would mean nothing to the user
        parts = [HIDDEN.sub(r"\g<id>", part) for part in path.parts]
        raise output_error(error, Path(*parts), elsewhere) from error
