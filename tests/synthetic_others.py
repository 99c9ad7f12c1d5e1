"""Synthetic national files of energy, emissions and private jobs (see ``synthetic_world``)."""

import functools
from pathlib import Path

import pandas as pd

from synthetic_jobs import draw
from synthetic_world import OVERSEAS, World

# --- Energy and climate -----------------------------------------------------------------------------------------

ENERGY = (
    "OPERATEUR,FILIERE,Code Commune,Nom Commune,Code EPCI,Nom EPCI,CODE GRAND SECTEUR,Nb sites,Conso totale (MWh),"
    "Conso moyenne (MWh),annee,Nombre de mailles secretisées"
)
ENERGY_SECTORS = {
    "RESIDENTIEL": 2.0,
    "TERTIAIRE": 1.2,
    "INDUSTRIE": 3.0,
    "AGRICULTURE": 0.1,
    "INCONNU": 0.05,
}


def deliver_energy(code: str, people: float, fuel: str) -> dict[str, float | None]:
    """Invent what is delivered (MWh) by sector; nothing where the network of gas does not go; None: withheld."""
    if fuel == "Gaz" and draw(code, "gas") < (0.8 if people < 1000 else 0.1):
        return {}
    found: dict[str, float | None] = {}
    for sector, weight in ENERGY_SECTORS.items():
        value = round(weight * people * draw(code, f"{fuel} {sector}") ** 2, 3)
        if sector == "INDUSTRIE" and draw(code, "has industry") < 0.5 and people < 1500:
            continue
        secret = sector == "INDUSTRIE" and draw(code, f"secret {fuel}") < 0.1 and people < 5000
        found[sector] = None if secret else value
    return found


def write_energy(folder: Path, world: World) -> None:
    """Write a file a département and fuel: two operators, lost zeros, withheld rows left empty."""
    people = world.people_in(2024)
    for fuel, name in (("Electricité", "electricite"), ("Gaz", "gaz")):
        lines: dict[str, list[str]] = {}
        for code, size in sorted(people.items()):
            dep = code[:3] if code.startswith(OVERSEAS) else code[:2]
            shown = code.lstrip("0")
            for sector, value in deliver_energy(code, size, fuel).items():
                parts = [value] if value is None or sector != "RESIDENTIEL" else [value / 2] * 2
                for rank, part in enumerate(parts):
                    given = "" if part is None else f"{part:.6f}"
                    lines.setdefault(dep, []).append(
                        f"Opérateur {rank},{fuel},{shown},x,y,z,{sector},1,{given},{given},2024,{int(part is None)}"
                    )
        for dep, rows in lines.items():
            path = folder / f"{name}-2024-{dep}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join([ENERGY, *rows]) + "\n", encoding="utf-8")


EMISSIONS = (
    *("Agriculture", "Autres transports", "Autres transports international"),
    *("CO2 biomasse hors-total", "Déchets", "Energie", "Industrie hors-énergie", "Résidentiel"),
    *("Routier", "Tertiaire"),
)


def emit(code: str, people: float) -> dict[str, float | None]:
    """Invent the emissions of a commune (tCO2e); most have no other transport."""
    found: dict[str, float | None] = {
        sector: round(people * 2 * draw(code, sector) ** 2, 2) for sector in EMISSIONS
    }
    if draw(code, "other transport") < 0.8:
        found["Autres transports"] = found["Autres transports international"] = None
    return found if people else dict.fromkeys(EMISSIONS)


def write_emissions(path: Path, world: World) -> None:
    """Write the inventory: communes of 2016, arrondissements in the place of their city."""
    people = world.split_cities(world.people_in(2016), keep=False)
    rows = [
        {"INSEE commune": code, "Commune": "X", **emit(code, size)}
        for code, size in sorted(people.items())
        if not code.startswith(OVERSEAS)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    table = pd.DataFrame(rows, columns=["INSEE commune", "Commune", *EMISSIONS])
    table.to_csv(path, index=False)


# --- Urssaf -----------------------------------------------------------------------------------------------------

GRAND_SECTORS = (
    "GS1 Industrie", "GS2 Construction", "GS3 Commerce", "GS4 Hôtellerie et restauration",
    "GS5 Autres services marchands hors intérim", "GS6 Intérim", "GS7 Services non marchands",
)  # fmt: skip
URSSAF_YEARS = tuple(range(2006, 2026))


@functools.cache
def _trend(code: str, sector: str) -> float:
    return 0.03 * (draw(code, f"trend {sector}") - 0.45)


def employ(code: str, people: float, sector: str) -> list[int | None]:
    """Invent the private jobs of a sector by year; None: no employer that year."""
    base = people * 0.06 * draw(code, f"private {sector}") ** 2
    if base < 1.5:
        return []
    return [
        round(base * (1 + _trend(code, sector)) ** (year - 2015)) or None for year in URSSAF_YEARS
    ]


def write_private_jobs(path: Path, world: World) -> None:
    """Write the export summed by sector: byte order mark, lost zeros, arrondissements and what was not located."""
    people = world.split_cities(world.people_in(2021), keep=False)
    columns = [
        f"{name}_{year}"
        for year in URSSAF_YEARS
        for name in ("effectifs_salaries", "nombre_d_etablissements")
    ]
    lines = [";".join(["code_commune", "grand_secteur_d_activite", *columns])]
    for code, size in sorted(people.items()):
        for sector in GRAND_SECTORS:
            jobs = employ(code, size, sector)
            if jobs:
                cells = [f"{n if n else ''};{1 + n // 10 if n else ''}" for n in jobs]
                lines.append(";".join([code.lstrip("0"), sector, *cells]))
    for city in sorted(set(world.cities.values()) & set(world.communes.index)):
        lines.append(";".join([city.lstrip("0"), GRAND_SECTORS[2], *["3;1"] * len(URSSAF_YEARS)]))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\ufeff" + "\n".join(lines) + "\n", encoding="utf-8")
