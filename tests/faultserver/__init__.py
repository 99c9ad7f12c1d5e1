"""A local server that behaves like those of the producers, faults included.

``server`` answers honestly, as the producers' own servers do (ETag, Range, 304); ``faults`` says what may go wrong,
one function a fault; ``bodies`` makes the contents that are not what they should be.
"""

from faultserver.exchange import Received
from faultserver.faults import FAULTS
from faultserver.server import FaultServer, host_and_path

__all__ = ["FAULTS", "FaultServer", "Received", "host_and_path"]
