"""The blocks of the section « Relief », with or without an elevation model."""

import shlex
from typing import Final

import geopandas as gpd

from terrdiag.analyses.terrain import TerrainFindings
from terrdiag.report.blocks import Block
from terrdiag.report.comparison import Figures
from terrdiag.report.terrain.bands import tell_bands
from terrdiag.report.terrain.gradients import tell_gradients
from terrdiag.report.terrain.measured import tell_measured
from terrdiag.report.terrain.transect import tell_transect

WHERE_TO_GET_FR: Final = (
    "Modèles libres et gratuits : BD ALTI de l'IGN (terrain, 25 m), Copernicus GLO-30 (surface, environ 30 m). "
    "Pour un modèle de surface, écrivez dem_is_surface = true."
)


def tell_terrain(
    findings: TerrainFindings, figures: Figures, frame: gpd.GeoDataFrame, command: str = ""
) -> tuple[Block, ...]:
    """Tell the relief of a territory: what is measured, then how figures change with altitude.

    Parameters
    ----------
    findings
        The analysis.
    figures
        The territory, and the words of the years.
    frame
        Communes of the territory and around: ``code, name, inside, geometry`` (EPSG:4326).
    command
        The command that makes the page, to which an elevation model is to be added.

    Returns
    -------
    tuple of Block
        Without a model, what the altitude tables give, then the command that adds the rest.
    """
    return (
        *tell_measured(findings, figures, frame),
        *tell_bands(findings, figures),
        *tell_gradients(findings, figures),
        *tell_transect(findings),
        *(() if findings.measures else (_invite(command),)),
    )


def word_fetch(command: str) -> str:
    """Word the command that fetches a model, from the one that makes the page.

    Examples
    --------
    >>> word_fetch("terrdiag diagnostic 'haute bigorre' --edition x")
    "terrdiag data dem 'haute bigorre'"
    >>> word_fetch("")
    'terrdiag data dem TERRITOIRE'
    """
    words = shlex.split(command)
    territory = shlex.quote(words[2]) if len(words) > 2 else "TERRITOIRE"
    return f"terrdiag data dem {territory}"


def _invite(command: str) -> Block:
    fetch = (
        f"« {word_fetch(command)} » télécharge un modèle libre, que la même commande lit ensuite"
    )
    start = f"« {command} --dem FICHIER.tif »" if command else "« --dem FICHIER.tif »"
    return Block(
        "relief",
        "Mesurer le relief",
        sentences=(
            (
                "Aucun modèle d'altitude n'est donné : les altitudes ci-dessus sont celles de la table officielle. "
                "Avec un modèle, la page ajoute la carte du relief, la courbe hypsométrique, les parts du territoire "
                "au-dessus de chaque altitude, les pentes et le profil d'une coupe."
            ),
            (
                f"Pour l'ajouter : {fetch} ; ou {start} (un ou plusieurs fichiers à vous) ; ou, dans le fichier "
                'd\'étude, une table [relief] avec dem = ["dem/*.tif"].'
            ),
        ),
        notes=(WHERE_TO_GET_FR,),
    )
