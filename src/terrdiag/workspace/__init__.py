"""Where results are written: beside their place, then moved in at the very end."""

from terrdiag.workspace.keep import MANIFEST, sha256_of
from terrdiag.workspace.refusals import output_error
from terrdiag.workspace.staging import Staged, staged, write_text

__all__ = ["MANIFEST", "Staged", "output_error", "sha256_of", "staged", "write_text"]
