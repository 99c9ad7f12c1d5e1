"""Claims: figures that documents state, recomputed, and what explains those that differ."""

from terrdiag.analyses.claims.analyse import analyse_claims
from terrdiag.analyses.claims.grounds import date_of
from terrdiag.analyses.claims.model import (
    VERDICTS,
    Candidate,
    CheckedClaim,
    ClaimsFindings,
    Gap,
    Ground,
    Joint,
    JointSearch,
    Search,
    Verdict,
)
from terrdiag.analyses.claims.records import record_claims

__all__ = [
    "VERDICTS",
    "Candidate",
    "CheckedClaim",
    "ClaimsFindings",
    "Gap",
    "Ground",
    "Joint",
    "JointSearch",
    "Search",
    "Verdict",
    "analyse_claims",
    "date_of",
    "record_claims",
]
