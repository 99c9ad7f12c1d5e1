"""Say « en Occitanie », « dans les Hautes-Pyrénées », « à La Réunion » without ever being wrong.

A name that is not in the tables is introduced by a common noun (« dans le département X »), which is always right.
"""

import functools
import re
from typing import Final

from terrdiag.wording import fold

_NAMES: Final = {
    "à": "La Réunion, Mayotte, Paris",
    "dans l'": (
        "Ain, Aisne, Allier, Aube, Aude, Aveyron, Eure, Hérault, Indre, Oise, Orne, Yonne, Essonne"
    ),
    "dans la": "Creuse, Drôme, Loire, Manche, Marne, Meuse, Nièvre, Sarthe, Somme, Vienne",
    "dans le": (
        "Bas-Rhin, Calvados, Cantal, Cher, Doubs, Finistère, Gard, Gers, Grand Est, Haut-Rhin, Jura, Loir-et-Cher, "
        "Loiret, Lot, Morbihan, Nord, Pas-de-Calais, Puy-de-Dôme, Rhône, Tarn, Territoire de Belfort, Val-d'Oise, "
        "Val-de-Marne, Var, Vaucluse"
    ),
    "dans les": (
        "Alpes-Maritimes, Alpes-de-Haute-Provence, Ardennes, Bouches-du-Rhône, Côtes-d'Armor, Deux-Sèvres, "
        "Hautes-Alpes, Hautes-Pyrénées, Hauts-de-France, Hauts-de-Seine, Landes, Pays de la Loire, "
        "Pyrénées-Atlantiques, Pyrénées-Orientales, Vosges, Yvelines"
    ),
    "en": (
        "Ardèche, Ariège, Auvergne-Rhône-Alpes, Bourgogne-Franche-Comté, Bretagne, Centre-Val de Loire, Charente, "
        "Charente-Maritime, Corrèze, Corse, Corse-du-Sud, Côte-d'Or, Dordogne, Eure-et-Loir, France, Gironde, "
        "Guadeloupe, Guyane, Haute-Corse, Haute-Garonne, Haute-Loire, Haute-Marne, Haute-Savoie, Haute-Saône, "
        "Haute-Vienne, Île-de-France, Ille-et-Vilaine, Indre-et-Loire, Isère, Loire-Atlantique, Lot-et-Garonne, "
        "Lozère, Maine-et-Loire, Martinique, Mayenne, Meurthe-et-Moselle, Moselle, Normandie, Nouvelle-Aquitaine, "
        "Occitanie, Provence-Alpes-Côte d'Azur, Saône-et-Loire, Savoie, Seine-Maritime, Seine-Saint-Denis, "
        "Seine-et-Marne, Tarn-et-Garonne, Vendée"
    ),
}
"""Régions, départements and France by the words that introduce them, as INSEE writes them."""

_NOUNS: Final = {
    "commune": "dans la commune",
    "departement": "dans le département",
    "ensemble": "dans l'ensemble",
    "epci": "dans l'intercommunalité",
    "france": "dans l'ensemble",
    "perimetre": "pour",
    "petr": "dans le PETR",
    "region": "dans la région",
    "territoire": "dans le territoire",
    "ti": "dans le Territoire d'industrie",
    "ti2023": "dans le Territoire d'industrie",
}
"""The common noun that introduces a name whose article is not known."""

_OWN_NOUN: Final = {
    "petr": ("PETR", "pôle d'équilibre"),
    "ti": ("territoire d'industrie",),
    "ti2023": ("territoire d'industrie",),
    "bv": ("bassin de vie",),
    "cv": ("canton",),
}
"""First words of a name that already bears its common noun."""

_NAMED_ZONES: Final = {"Zone": "la", "Aire": "l'", "Unité": "l'", "Arrondissement": "l'"}
"""First word of the name of a zone of INSEE, and its article."""


@functools.cache
def _words_by_name() -> dict[str, str]:
    return {fold(name): words for words, names in _NAMES.items() for name in names.split(", ")}


def locate(kind: str, name: str) -> str:
    """Word where something is: the right preposition and article before a place.

    Parameters
    ----------
    kind
        Kind of the place (``departement``, ``region``, ``ensemble``, ``france``, ``ti``, ``petr``, ``epci``…).
    name
        Its name; « Occitanie hors Toulouse Métropole » follows « Occitanie ».

    Returns
    -------
    str
        A complement of place, ready to follow a figure.

    Examples
    --------
    >>> locate("region", "Occitanie"), locate("departement", "Hautes-Pyrénées"), locate("departement", "Ain")
    ('en Occitanie', 'dans les Hautes-Pyrénées', "dans l'Ain")
    >>> locate("region", "Occitanie hors Toulouse Métropole")
    'en Occitanie hors Toulouse Métropole'
    >>> locate("ensemble", "Occitanie sans Toulouse Métropole"), locate("ensemble", "Gers et Landes")
    ('en Occitanie sans Toulouse Métropole', "dans l'ensemble Gers et Landes")
    >>> locate("departement", "Val Inconnu")
    'dans le département Val Inconnu'
    >>> locate("ti", "Lacq-Pau - Tarbes")
    "dans le Territoire d'industrie Lacq-Pau - Tarbes"
    >>> locate("ze", "Zone d'emploi d'Auch"), locate("aav", "Aire d'attraction de Tarbes")
    ("dans la zone d'emploi d'Auch", "dans l'aire d'attraction de Tarbes")
    >>> locate("bv", "Bassin de vie de Bagnères-de-Bigorre")
    'dans le bassin de vie de Bagnères-de-Bigorre'
    """
    if kind in {"departement", "region", "ensemble", "france"}:
        core = re.split(" hors | sans ", name, maxsplit=1)[0]
        core = "France" if fold(core) == "france metropolitaine" else core
        words = _words_by_name().get(fold(core))
        if words:
            return f"{words}{name}" if words.endswith("'") else f"{words} {name}"
    first = name.partition(" ")[0]
    if kind in {"ze", "aav", "uu", "arr"} and first in _NAMED_ZONES:
        article = _NAMED_ZONES[first]
        return f"dans {article}{'' if article[-1] == chr(39) else ' '}{name[0].lower()}{name[1:]}"
    if any(fold(name).startswith(fold(noun)) for noun in _OWN_NOUN.get(kind, ())):
        lowered = f"{name[0].lower()}{name[1:]}" if kind in {"bv", "cv"} else name
        return f"dans le {lowered}"
    return f"{_NOUNS.get(kind, _NOUNS['territoire'])} {name}"
