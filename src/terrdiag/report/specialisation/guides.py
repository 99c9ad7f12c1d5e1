"""Reading guides of the blocks of specialisation: how to read a figure, and what it does not say."""

from typing import Final

QUOTIENT_ESTABLISHMENTS: Final = (
    "Comment lire : un quotient de 1,30 signifie que le secteur pèse, dans les établissements actifs du "
    "territoire, 1,30 fois ce qu'il pèse dans ceux de la référence. Un établissement compte pour un, quel que "
    "soit son effectif."
)

ONE_ESTABLISHMENT: Final = (
    "L'intervalle est celui d'un établissement de plus ou de moins dans le secteur, à total égal : quand il "
    "contient 1, rien ne distingue le territoire de la référence. Ce n'est pas un intervalle de confiance."
)

QUOTIENT_JOBS: Final = (
    "Comment lire : un quotient de 1,30 signifie que le secteur pèse, dans les emplois au lieu de travail du "
    "territoire, 1,30 fois ce qu'il pèse dans ceux de la référence."
)

ROUNDED_SHARES: Final = (
    "L'intervalle ne compte que l'arrondi des parts publiées. L'aléa de sondage du recensement, plus grand dans "
    "un petit territoire, n'y est pas : sous 200 emplois du secteur (estimés), le quotient est dit fragile."
)

QUOTIENTS: Final = {
    "establishments": (QUOTIENT_ESTABLISHMENTS, ONE_ESTABLISHMENT),
    "jobs": (QUOTIENT_JOBS, ROUNDED_SHARES),
}

UNKNOWN_SHARES: Final = {
    "establishments": (
        "Les établissements par secteur ne sont pas connus, la même année, pour le territoire et pour un de ses "
        "comparateurs : aucun quotient n'est calculé."
    ),
    "jobs": (
        "Les parts des secteurs dans l'emploi sont publiées par EPCI, département et région de France métropolitaine, "
        "et estimées sur une réunion d'EPCI entiers. Elles ne le sont pas pour ce territoire, ou pour aucun de ses "
        "comparateurs : aucun quotient n'est calculé en emplois."
    ),
}

INDICES: Final = (
    "Comment lire : le nombre effectif de secteurs va de 1 (un seul secteur) à 5 (cinq secteurs égaux) ; c'est "
    "l'inverse de l'indice de Herfindahl (nombre de Hill d'ordre 2). L'indice de Krugman va de 0 (même "
    "répartition par secteur) à 2 (aucun secteur en commun)."
)

COARSE: Final = (
    "Sur cinq secteurs, ces indices sont grossiers : ils ne disent rien de la diversité à l'intérieur de "
    "l'industrie ou des services, et ne se comparent pas à ceux qui sont calculés sur une nomenclature plus fine."
)

GINI: Final = (
    "Comment lire : l'indice de Gini va de 0 (toutes les communes en ont autant) à 1 (une seule a tout) ; il est "
    "corrigé du nombre de communes. Une commune compte pour une, quelle que soit sa taille : il se lit à côté "
    "de celui de la population."
)

EFFECTS: Final = (
    "Comment lire : l'évolution est la somme exacte de trois effets. Effet de la référence (« national ») : ce "
    "qu'aurait donné le rythme d'ensemble de la référence. Effet structurel : ce qu'ajoute ou retire la part, "
    "dans le territoire, des branches qui croissent plus ou moins que l'ensemble dans la référence. Effet local "
    "(« résiduel ») : le reste, c'est-à-dire l'écart entre l'évolution de chaque branche ici et dans la référence."
)

NO_CAUSE: Final = (
    "Ce que cela ne dit pas : aucune cause. L'effet local est un reste ; il ne mesure ni une attractivité ni un "
    "mérite. Sur si peu de branches, il tient aussi à ce dont chacune est faite ici, et il dépend de la "
    "référence et des dates choisies."
)

CHANGE_LIMITS: Final = {
    "jobs": (
        "Estimation : les parts viennent de l'exploitation complémentaire du recensement, le taux d'évolution de "
        "l'exploitation principale. Agriculture et industrie sont réunies (100 − les trois autres branches), "
        "faute d'être publiées séparément avant 2022. Les intervalles ne comptent que l'arrondi des chiffres "
        "publiés, non l'aléa de sondage."
    ),
    "establishments": (
        "Les établissements de fin 2018 et de fin 2024 viennent de deux éditions du comparateur dont il n'est "
        "pas établi qu'elles comptent de la même façon : leur évolution ne se lit pas seule. L'écart à la "
        "référence, comptée de même, en souffre moins."
    ),
}

UNION: Final = (
    "Le territoire réunit plusieurs EPCI : ses emplois par branche sont la somme des leurs, les emplois de 2013 "
    "et de 2018 de chacun étant portés aux deux dates par son taux publié."
)
