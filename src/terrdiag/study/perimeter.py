"""``[perimeter]``: of what the territory is made, at which date, and what it was before."""

import datetime as dt
from typing import Annotated, Self

from pydantic import AfterValidator, model_validator

from terrdiag.study.codes import KINDS, Kind, WrongValueError
from terrdiag.study.fields import (
    AS_TUPLE,
    Aav,
    Arrondissement,
    Bv,
    Canton,
    Commune,
    Date,
    Departement,
    Epci,
    Ept,
    Petr,
    Region,
    Table,
    Text,
    Ti,
    Ti2023,
    Uu,
    Ze,
    as_tables,
    said,
)


class HistoryTable(Table):
    """``[[perimeter.history]]``: a commune that changed EPCI before the first list known."""

    date: Date = said("Jour où le changement prend effet, AAAA-MM-JJ.", ...)
    commune: Commune = said("Code INSEE de la commune qui change d'EPCI.", ...)
    into: Epci | None = said("SIREN de l'EPCI où elle entre.")
    out_of: Epci | None = said("SIREN de l'EPCI qu'elle quitte.")
    source: Text = said("Ce qui l'établit : arrêté, délibération, document.", ...)

    @model_validator(mode="after")
    def check_it_changes(self) -> Self:
        """Refuse a change that leads nowhere."""
        if self.into is None and self.out_of is None:
            raise WrongValueError(
                "indiquez into (EPCI d'arrivée), out_of (EPCI de départ), ou les deux"
            )
        if self.into == self.out_of:
            raise WrongValueError("into et out_of sont le même EPCI")
        return self


def _check_distinct(dates: tuple[dt.date, ...]) -> tuple[dt.date, ...]:
    twice = sorted({date for date in dates if dates.count(date) > 1})
    if twice:
        raise WrongValueError(f"{twice[0]} est donné deux fois")
    return dates


class PerimeterTable(Table):
    """``[perimeter]``: the union of what is listed."""

    name: Text | None = said("Nom du territoire (facultatif).")
    communes: Annotated[tuple[Commune, ...], AS_TUPLE] = said("Codes INSEE de communes.", ())
    epci: Annotated[tuple[Epci, ...], AS_TUPLE] = said("SIREN d'EPCI à fiscalité propre.", ())
    ept: Annotated[tuple[Ept, ...], AS_TUPLE] = said("SIREN d'EPT du Grand Paris.", ())
    ti: Annotated[tuple[Ti, ...], AS_TUPLE] = said("Territoires d'industrie, ti-7505.", ())
    ti2023: Annotated[tuple[Ti2023, ...], AS_TUPLE] = said(
        "Territoires d'industrie de la génération 2023-2027, ti-8418.", ()
    )
    petr: Annotated[tuple[Petr, ...], AS_TUPLE] = said("PETR, CR0289, ou SIREN.", ())
    ze: Annotated[tuple[Ze, ...], AS_TUPLE] = said("Zones d'emploi, 7604.", ())
    aav: Annotated[tuple[Aav, ...], AS_TUPLE] = said("Aires d'attraction des villes, 008.", ())
    bv: Annotated[tuple[Bv, ...], AS_TUPLE] = said("Bassins de vie, 65059.", ())
    uu: Annotated[tuple[Uu, ...], AS_TUPLE] = said("Unités urbaines, 65501.", ())
    arrondissements: Annotated[tuple[Arrondissement, ...], AS_TUPLE] = said(
        "Arrondissements, 651.", ()
    )
    cantons: Annotated[tuple[Canton, ...], AS_TUPLE] = said("Cantons, 6504.", ())
    departements: Annotated[tuple[Departement, ...], AS_TUPLE] = said("Départements, 65.", ())
    regions: Annotated[tuple[Region, ...], AS_TUPLE] = said("Régions, 76.", ())
    date: Date | None = said("Date du périmètre, AAAA-MM-JJ (sans elle : celle des données).")
    compare_dates: Annotated[tuple[Date, ...], AS_TUPLE, AfterValidator(_check_distinct)] = said(
        "Autres dates où décrire le périmètre : entrées, sorties, et chiffres sur ce périmètre-là.",
        (),
    )
    history: Annotated[tuple[HistoryTable, ...], as_tables("perimeter.history")] | None = said(
        "Ce qui a changé avant la première composition connue des EPCI ; [] si rien n'a changé."
    )

    @model_validator(mode="after")
    def check_not_empty(self) -> Self:
        """Refuse a perimeter that lists nothing."""
        if not any(self.codes.values()):
            keys = ", ".join(form.key for form in KINDS.values())
            raise WrongValueError(
                f"le périmètre est vide : indiquez au moins une liste parmi {keys}"
            )
        return self

    @property
    def codes(self) -> dict[Kind, tuple[str, ...]]:
        """Codes listed, by kind."""
        return {kind: getattr(self, form.key) for kind, form in KINDS.items()}
