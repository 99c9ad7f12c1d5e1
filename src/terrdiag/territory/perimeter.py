"""The perimeter of a study: the union of what it lists at its date, in today's communes."""

import dataclasses

import pandas as pd

from terrdiag.edition import Edition
from terrdiag.edition.store import read_commune_list
from terrdiag.errors import PerimeterError, StudyFileError
from terrdiag.study import Study
from terrdiag.territory import notice
from terrdiag.territory.changes import add_changes
from terrdiag.territory.dated import NotThenError, check_stated, resolve_dated
from terrdiag.territory.dated_notice import describe_others, describe_undated
from terrdiag.territory.groups import groups_around
from terrdiag.territory.history import find_history
from terrdiag.territory.model import DatedPerimeter, Perimeter
from terrdiag.wording import format_number


def resolve_perimeter(study: Study, edition: Edition) -> Perimeter:
    """Resolve the perimeter of a study.

    Parameters
    ----------
    study
        The study.
    edition
        The edition, whose COG the communes are brought to.

    Returns
    -------
    Perimeter
        The union of its parts; what is listed twice counts once.

    Raises
    ------
    PerimeterError
        A code designates nothing at the date, or the date is later than the edition.
    StudyFileError
        The perimeter is not what ``[expect]`` says.
    """
    own = resolve_dated(study, edition, study.perimeter.date or edition.date)
    names = read_commune_list(edition)
    communes = names[names["code_commune"].isin(own.communes)]
    perimeter = _assemble(study, edition, own)
    check_expectations(study, perimeter, float(communes["area_km2"].sum()))
    others, refused = _resolve_others(study, edition, own)
    remarks = [one.remark for one in (own, *others) if one.remark]
    sentences = [
        *_write_notice(perimeter, edition, communes, names),
        *describe_others(own, others),
        *describe_undated((own, *others), edition.date),
        *remarks,
        *refused,
    ]
    if study.comparators.include is None:
        sentences += notice.describe_comparison(perimeter.departements, perimeter.communes)
    partial = notice.describe_partial_epci(perimeter.epci, perimeter.communes)
    # a commune alone is always a part of its EPCI
    partial = partial if len(perimeter.communes) > 1 else []
    warnings = (*perimeter.warnings, *partial, *remarks, *refused)
    return dataclasses.replace(
        perimeter, notice=tuple(sentences), warnings=warnings, others=tuple(others)
    )


def _resolve_others(
    study: Study, edition: Edition, own: DatedPerimeter
) -> tuple[list[DatedPerimeter], list[str]]:
    """Resolve the perimeter at the other dates that the study names, or say why there is none."""
    others, refused = [], []
    for date in study.perimeter.compare_dates:
        if date == own.date:
            raise PerimeterError(
                f"{study.where('perimeter', 'compare_dates')} : {date} est la date du périmètre "
                "lui-même. Ôtez-la."
            )
        try:
            others.append(add_changes(study, edition, own, resolve_dated(study, edition, date)))
        except NotThenError as error:
            refused.append(str(error))
    if study.perimeter.history and not any(one.stated for one in (own, *others)):
        check_stated(study, edition)
    return others, refused


def _assemble(study: Study, edition: Edition, own: DatedPerimeter) -> Perimeter:
    codes, parts = own.communes, own.parts
    around = groups_around(edition, ("epci", "departement", "region"), codes)
    in_epci = {code for group in around["epci"] for code in group.communes}
    return Perimeter(
        id=study.id,
        name=study.perimeter.name or (parts[0].name if len(parts) == 1 else study.title),
        date=own.date,
        parts=parts,
        communes=codes,
        epci=around["epci"],
        departements=around["departement"],
        regions=around["region"],
        without_epci=tuple(code for code in codes if code not in in_epci),
        notice=(),
        warnings=study.remarks,
    )


def check_expectations(study: Study, perimeter: Perimeter, area_km2: float) -> None:
    """Check what the study expects of its perimeter.

    Parameters
    ----------
    study
        The study.
    perimeter
        Its perimeter.
    area_km2
        Area of the communes, in km².

    Raises
    ------
    StudyFileError
        Something differs; every difference is named, expected and found.
    """
    expect = study.expect
    found = {
        "communes": len(perimeter.communes),
        "epci": len(perimeter.epci),
        "departements": len(perimeter.departements),
        "regions": len(perimeter.regions),
    }
    faults = [
        f"{study.where('expect', key)} : {expected} attendu, {count} trouvé"
        for key, count in found.items()
        if (expected := getattr(expect, key)) is not None and expected != count
    ]
    tolerance = expect.area_tolerance_km2
    if expect.area_km2 is not None and abs(area_km2 - expect.area_km2) > tolerance:
        faults.append(
            f"{study.where('expect', 'area_km2')} : {format_number(expect.area_km2, 2)} km² "
            f"attendus à {format_number(tolerance, 2)} près, {format_number(area_km2, 2)} trouvés"
        )
    if faults:
        advice = "Corrigez le périmètre, sa date, ou cette attente."
        raise StudyFileError("\n".join(f"{fault}." for fault in faults) + f"\n{advice}")


def _write_notice(
    perimeter: Perimeter, edition: Edition, communes: pd.DataFrame, every: pd.DataFrame
) -> list[str]:
    """Describe the perimeter in sentences."""
    codes = perimeter.communes
    names = every.set_index("code_commune")["nom"]
    history = find_history(edition, perimeter.epci, codes)
    return [
        notice.describe_communes(communes, edition.date),
        *notice.describe_date(perimeter.parts, perimeter.date, edition.date),
        *notice.describe_whole_epci(perimeter.epci, codes),
        *notice.describe_partial_epci(perimeter.epci, codes),
        *notice.describe_islands([names[code] for code in perimeter.without_epci]),
        notice.describe_upper(perimeter.departements, perimeter.regions, codes),
        *notice.describe_history(history, names),
        *notice.describe_sources(edition, perimeter.parts, communes),
    ]
