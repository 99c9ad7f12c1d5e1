"""The claims checked as plain records: what the manifest of a run keeps of them."""

from typing import Any

from terrdiag.analyses.claims.model import Candidate, CheckedClaim, ClaimsFindings


def record_claims(findings: ClaimsFindings) -> list[dict[str, Any]]:
    """Lay the claims as plain records (JSON types), in the order of the study."""
    return [record_claim(one) for one in findings.checked]


def record_claim(checked: CheckedClaim) -> dict[str, Any]:
    """Lay a claim and what was found of it as a plain record (JSON types)."""
    claim, found = checked.claim, checked.found
    return {
        "text": claim.text,
        "document": claim.document,
        "indicator": claim.indicator,
        "place": claim.place,
        "year": claim.year,
        "relation": claim.relation,
        "value": float(claim.value),
        "tolerance": claim.margin,
        "verdict": checked.verdict,
        "missing": checked.gap.kind if checked.gap else None,
        "found": record_candidate(found) if found else None,
        "difference": found.gap if found else None,
        "tried": checked.search.tried if checked.search else 0,
        "hypotheses": [record_candidate(one) for one in checked.search.fitting]
        if checked.search
        else [],
    }


def record_candidate(one: Candidate) -> dict[str, Any]:
    """Lay a figure and its definition as a plain record (JSON types)."""
    return {
        "indicator": one.indicator,
        "year": one.year or None,
        "level": one.ground.place.level,
        "code": one.ground.place.code,
        "name": one.ground.place.name,
        "communes": len(one.ground.place.communes),
        "perimeter_date": one.ground.date.isoformat(),
        "value": one.cell.value,
        "status": one.cell.status,
        "source_id": one.cell.source_id,
        "changes": list(one.changes),
    }
