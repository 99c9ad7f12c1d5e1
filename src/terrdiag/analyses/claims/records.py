"""The claims checked as plain records: what the manifest of a run keeps of them."""

from collections.abc import Iterable
from typing import Any

from terrdiag.analyses.claims.model import Candidate, CheckedClaim, ClaimsFindings, JointSearch


def record_claims(findings: ClaimsFindings) -> list[dict[str, Any]]:
    """Lay the claims and what was found of them as plain records (JSON types), in the order of the study."""
    return [
        {
            **_record_stated(one),
            **_record_found(one),
            **_record_search(one),
            "together": _record_joint(findings.joint_of(one.number)),
        }
        for one in findings.checked
    ]


def _record_stated(checked: CheckedClaim) -> dict[str, Any]:
    claim = checked.claim
    return {
        "text": claim.text,
        "document": claim.document,
        "indicator": claim.indicator,
        "not_computable": claim.not_computable,
        "place": claim.place,
        "year": claim.year,
        "date": claim.date.isoformat() if claim.date else None,
        "relation": claim.relation,
        "value": float(claim.value),
        "unit": claim.unit,
        "tolerance": claim.margin,
    }


def _record_found(checked: CheckedClaim) -> dict[str, Any]:
    found = checked.found
    return {
        "verdict": checked.verdict,
        "missing": checked.gap.kind if checked.gap else None,
        "found": _record_candidate(found) if found else None,
        "difference": found.gap if found else None,
    }


def _record_search(checked: CheckedClaim) -> dict[str, Any]:
    search = checked.search
    return {
        "tried": search.tried if search else 0,
        "is_weak": search.is_weak if search else False,
        "hypotheses": _record_all(search.fitting if search else ()),
        "nearest": _record_all(search.near if search else ()),
    }


def _record_joint(joint: JointSearch | None) -> dict[str, Any] | None:
    """Lay what was found of the whole sentence of a claim: each definition gives a figure for each claim."""
    if joint is None:
        return None
    return {
        "claims": list(joint.numbers),
        "tried": joint.tried,
        "hypotheses": [_record_all(one.candidates) for one in joint.fitting],
        "nearest": [_record_all(one.candidates) for one in joint.near],
    }


def _record_all(candidates: Iterable[Candidate]) -> list[dict[str, Any]]:
    return [_record_candidate(one) for one in candidates]


def _record_candidate(one: Candidate) -> dict[str, Any]:
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
