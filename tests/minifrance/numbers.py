"""The numbers of the mini-France: what the official files say, as small tables.

Contours, on a grid whose cells have a side of 1/16 of a degree, from 2° E and 46.5° N::

            département 01          département 03
          (contours of 2026)      (contours of 2023)
    y=3  +---------+---------+---------+---------+
         |  01001  |         |       03001       |
    y=2  +---------+  01002  +---------+---------+
         |  01003  |         |  03002  |  03003  |     a gap west of 03002, 0.001° wide
    y=1  +---------+---------+---------+---------+
         |  01004  |  01014  |  03004  | (03005) |     03004 overlaps 01014 by 0.001°
    y=0  +---------+---------+---------+---------+
        x=0       x=1       x=2       x=3       x=4

and three communes apart: an island of Corsica in no EPCI (2A004), Paris and its arrondissements
(75056), a commune overseas of which nobody publishes a figure (97601).

What happened to them:

- 1 January 2021: the EPCI of the Haut-Pays becomes 200100001 (it was 240100001);
- 1 January 2022: 01012 merges into 01002;
- 1 January 2024: 01014 leaves 01004 again; 03003 goes from the Plaine to the Haut-Pays;
- 1 January 2025: 03005 merges into 03004.

A dot stands for an empty cell; ``s`` is the producers' mark of statistical secrecy.
"""

COMMUNES = """
COM    REG  DEP  LIBELLE
01001  84   01   L'Aulne
01002  84   01   Bruyère-le-Mont
01003  84   01   Charme
01004  84   01   Douves
01014  84   01   Érable
03001  84   03   Frêne-la-Ville
03002  84   03   Genêt
03003  84   03   Houx
03004  84   03   If-et-Jonc
2A004  94   2A   Isula
75056  11   75   Paris
97601  06   976  Lagune
"""

ARRONDISSEMENTS = {"75101": "75056", "75102": "75056"}

DEPARTEMENTS = {
    "01": ("84", "Ain"),
    "03": ("84", "Allier"),
    "2A": ("94", "Corse-du-Sud"),
    "75": ("11", "Paris"),
    "976": ("06", "Mayotte"),
}

REGIONS = {
    "06": "Mayotte",
    "11": "Île-de-France",
    "84": "Auvergne-Rhône-Alpes",
    "94": "Corse",
}

# MOD 10: renamed, 20: created, 21: re-established, 32: new commune (the others follow INSEE).
EVENTS = """
MOD DATE_EFF   TYPECOM_AV COM_AV LIBELLE_AV TYPECOM_AP COM_AP LIBELLE_AP
10  2020-06-01 COM        01001  Aulne      COM        01001  L'Aulne
32  2022-01-01 COM        01002  Bruyère    COM        01002  Bruyère-le-Mont
32  2022-01-01 COM        01012  Le·Mont    COM        01002  Bruyère-le-Mont
32  2022-01-01 COM        01012  Le·Mont    COMD       01012  Le·Mont
21  2024-01-01 COM        01004  Douves     COM        01004  Douves
21  2024-01-01 COM        01004  Douves     COM        01014  Érable
32  2025-01-01 COM        03004  If         COM        03004  If-et-Jonc
32  2025-01-01 COM        03005  Jonc       COM        03004  If-et-Jonc
20  1990-01-01 .          .      .          COM        97601  Lagune
"""

# Corners in grid cells; neighbours share every vertex of their border.
CONTOURS_2026 = {
    "01001": [[(0, 2), (1, 2), (1, 3), (0, 3)]],
    "01002": [[(1, 1), (2, 1), (2, 2), (2, 3), (1, 3), (1, 2)]],
    "01003": [[(0, 1), (1, 1), (1, 2), (0, 2)]],
    "01004": [[(0, 0), (1, 0), (1, 1), (0, 1)]],
    "01014": [[(1, 0), (2, 0), (2, 1), (1, 1)]],
    "2A004": [
        [(104, -80), (105, -80), (105, -79), (104, -79)],
        [(106, -80), (107, -80), (107, -79)],
    ],
    "75056": [[(4, 36), (6, 36), (6, 38), (4, 38)]],
    "97601": [[(690, -949), (691, -949), (691, -948), (690, -948)]],
}

CONTOURS_2023 = {
    "03001": [[(2, 2), (2.016, 2), (3, 2), (4, 2), (4, 3), (2, 3)]],
    "03002": [[(2.016, 1), (3, 1), (3, 2), (2.016, 2)]],
    "03003": [[(3, 1), (4, 1), (4, 2), (3, 2)]],
    "03004": [[(1.984, 0), (3, 0), (3, 1), (2.016, 1), (1.984, 1)]],
    "03005": [[(3, 0), (4, 0), (4, 1), (3, 1)]],
}

# SIREN, name, nature, first and last year of a list of members (in the communes of the time).
EPCI = """
siren      nom                 nature  from  to    members
240100001  CC·du·Haut-Pays     CC      2019  2020  01001,01002,01012,01003
200100001  CC·du·Haut-Pays     CC      2021  2021  01001,01002,01012,01003
200100001  CC·du·Haut-Pays     CC      2022  2023  01001,01002,01003
200100001  CC·du·Haut-Pays     CC      2024  2025  01001,01002,01003,03003
240300002  CA·de·la·Plaine     CA      2019  2023  01004,03001,03002,03003,03004,03005
240300002  CA·de·la·Plaine     CA      2024  2024  01004,01014,03001,03002,03004,03005
240300002  CA·de·la·Plaine     CA      2025  2025  01004,01014,03001,03002,03004
200054781  Métropole·de·Paris  METRO   2019  2025  75056
200060473  CC·de·la·Lagune     CC      2019  2025  97601
"""

EPT = {"200057867": ("Paris intérieur", ["75056"])}

# The communes of the TI are those of the Plaine, and L'Aulne, named by its own SIREN.
TERRITOIRE_INDUSTRIE = ("ti-8401", "La Plaine", ["240300002", "210100012"])

# A fifth of the communes of the Plaine: a border effect, not a member.
PETR = """
id      lib       siren_epci  nb_com_in  nb_com_epci
CR0001  Montagne  200100001   4          4
CR0001  Montagne  240300002   1          5
"""

MASSIFS = {
    "01001": "03 - Massif central",
    "01002": "03 - Massif central",
    "01003": "03 - Massif central",
}
UNCLASSIFIED = "01014"

# Municipal population in force and population counted apart, geography 2025: arrondissements
# instead of Paris, no Mayotte.
REFERENCE_2023 = """
COM    PMUN  PCAP
01001  1160  10
01002  315   5
01003  37    0
01004  400   0
01014  200   0
03001  4800  90
03002  325   0
03003  148   2
03004  360   0
2A004  520   0
75101  4150  50
75102  6150  50
"""

# Rows are communes of 2025; each column counts the communes of its time (2013, 2018, 2024), so that
# 01002 is without 01012 in 2011 and 2016, and 03004 without 03005 in all three.
CENSUSES = """
code_commune  P11_POP  P16_POP  P22_POP
01001         950      1050     1150
01002         210      190      310
01003         .        50       38
01004         450      540      420
01014         .        .        210
03001         5100     4950     4850
03002         290      305      320
03003         150      150      149
03004         260      245      235
2A004         380      450      510
75101         3900     3950     4100
75102         5900     5950     6100
"""

# Communes of 1 January 2021. Establishments: total = agriculture + industry + construction + trade
# and services + administration; dwellings = main + second + vacant homes.
COMPARATEUR_2018_PEOPLE = """
CODGEO P13_POP P18_POP NAIS1318 DECE1318 P18_LOG P18_RP P18_RSECOCC P18_LOGVAC MED19
01001     1000    1100       50       60     600    500          60         40 21000
01002      200     180        5       10     150     80          50         20 20000
01012      100     120        5        5      80     50          20         10     .
01003       60      40        0        4      60     20          35          5     .
01004      480     600       30       18     300    240          30         30 22000
03001     5000    4900      250      300    2800   2500         100        200 20500
03002      300     310       10       15     200    130          50         20 19800
03003      150     150        6        6      90     70          10         10     .
03004      250     240        8        7     130    110          10         10 18900
03005      110     130        4        3      70     60           5          5 19100
2A004      400     500       15       20     400    200         180         20     .
75056    10000   10000      600      400    6000   5000         400        600 28000
75101     4000    4000      240      160    2400   2000         160        240 29000
75102     6000    6000      360      240    3600   3000         240        360 27000
97601        .       .        .        .       .      .           .          .     .
"""

COMPARATEUR_2018_JOBS = """
CODGEO P18_EMPLT P18_EMPLT_SAL P13_EMPLT P18_POP1564 P18_CHOM1564 P18_ACT1564 ETTOT18 ETAZ18 ETBE18 ETFZ18 ETGU18 ETOQ18
01001        400           320       380         700           70         500     100     10     20     10     40     20
01002         40            20        50         110           10          80      10      2      1      1      5      1
01012         30            20        25          70            5          50       6      1      1      0      3      1
01003         10             0         8          20            0          15       3      1      1      0      1      0
01004        210           150       210         390           39         300      60      6      6      6     30     12
03001       2990          2700      3100        3000          300        2200     400     10     40     40    200    110
03002         90            60        80         190           20         150      20      5      3      2      8      2
03003         20            10        20          95            5          70       0      0      0      0      0      0
03004        140           100       130         150           15         110      12      2      4      1      4      1
03005         70            50        70          80            5          60       8      1      1      1      4      1
2A004        100            60        90         300           30         200      30      4      2      4     15      5
75056      12000         11000     11500        7000          700        5500    1500      1     45    104   1000    350
75101       7000          6500      6800        2800          280        2200     900      1     25     64    600    210
75102       5000          4500      4700        4200          420        3300     600      0     20     40    400    140
97601          .             .         .           .            .           .       .      .      .      .      .      .
"""

# The next edition, known for the Haut-Pays only (communes of 2025).
COMPARATEUR_2022_PEOPLE = """
CODGEO P16_POP P22_POP NAIS1621 DECE1621 P22_LOG P22_RP P22_RSECOCC P22_LOGVAC MED21
01001     1050    1150       60       70     640    520          80         40 23000
01002      305     310        9       15     240    140          75         25     s
01003       50      39        0        6      60     18          38          4     s
03003      150     149        7        8      92     70          12         10     s
"""

COMPARATEUR_2022_JOBS = """
CODGEO P22_EMPLT P22_EMPLT_SAL P16_EMPLT P22_POP1564 P22_CHOM1564 P22_ACT1564 ETTOT24 ETAZ24 ETBE24 ETFZ24 ETGU24 ETOQ24
01001        420           330       390         720           72         520     110     10     25     10     44     21
01002         75            42        72         180           16         130      18      3      2      1     10      2
01003          9             0         9          18            0          13       4      1      s      0      s      1
03003         22            11        21          96            6          71       2      0      1      0      1      0
"""

# Metres, geography 2025.
ALTITUDES = """
code_insee  altitude_minimale  altitude_moyenne  altitude_maximale
01001       300                500               900
01002       400                600               1000
01003       700                1100              1800
"""

# Metres, communes of 2024; 0: unknown.
ALTITUDE_MAX = """
code_insee  altitude_maximale
01001       905
01002       0
01003       1800
01004       250
01014       260
03001       240
03002       0
03003       310
03004       220
03005       230
2A004       600
75056       130
97601       594
"""

# Percentages of the jobs of 2022: agriculture, industry, construction, trade and services,
# administration. Paris stands among the EPCI too, as in the published file.
SECTORS = """
level        code       agriculture industry construction trade administration
epci         200100001         10.0     25.0         10.0  35.0           20.0
epci         240300002          5.0     10.0          8.0  47.0           30.0
epci         200054781          0.1      3.9          4.0  68.0           24.0
epci         75056              0.1      3.9          4.0  68.0           24.0
epci         200057867          0.1      3.9          4.0  68.0           24.0
departement  01                 8.0     20.0         10.0  38.0           24.0
departement  03                 6.0     12.0          8.0  45.0           29.0
departement  2A                 3.0      5.0         12.0  50.0           30.0
departement  75                 0.1      3.9          4.0  68.0           24.0
region       84                 6.5     14.0          8.5  43.0           28.0
region       94                 3.0      5.0         12.0  50.0           30.0
region       11                 0.1      3.9          4.0  68.0           24.0
france       00FR               2.0      6.0          5.0  61.0           26.0
"""

# The same for 2011 and 2016, without agriculture nor industry; growth of jobs in % a year.
SECTORS_EARLIER = """
code       construction11 trade11 administration11 construction16 trade16 administration16 growth1116 growth1622
200100001            12.0    30.0             18.0           11.0    33.0             19.0      -1.00       1.12
240300002             9.0    43.0             29.0            8.5    45.0             29.5       0.50      -0.40
200054781             4.5    65.0             25.0            4.2    66.0             24.5       0.10       0.90
75056                 4.5    65.0             25.0            4.2    66.0             24.5       0.10       0.90
200057867             4.5    65.0             25.0            4.2    66.0             24.5       0.10       0.90
01                   11.0    35.0             23.0           10.5    36.0             23.5      -0.60       0.30
03                    9.0    42.0             28.0            8.5    43.0             28.5       0.40      -0.20
2A                   13.0    47.0             29.0           12.5    48.0             29.5       0.90       1.60
75                    4.5    65.0             25.0            4.2    66.0             24.5       0.10       0.90
84                    9.0    40.0             27.0            8.7    41.0             27.5       0.20       0.10
94                   13.0    47.0             29.0           12.5    48.0             29.5       0.90       1.60
11                    4.5    65.0             25.0            4.2    66.0             24.5       0.10       0.90
00FR                  5.5    58.0             25.0            5.2    59.0             25.5       0.00       0.88
"""

# EPCI of 1 January 2018: inhabitants of 2016, share of industry in salaried jobs. 240100001 is no more,
# the Plaine has lost 03003 since (150 inhabitants of 6311, 2.4 %), nobody counted the Lagune.
OBSERVATOIRE_2018 = """
epci       nombredhab_epci partemploiindus_epci
240100001             1405                 27.5
240300002             6311                 11.0
200054781             9900                  4.2
200060473             1000                  2.0
"""
