"""A few rows by hand under the real header of each producer: the valid files that mutations start from."""

import gzip
import io
import json
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import shapely

from faultserver.bodies import make_zip

Row = Sequence[object]


def text(header: str, rows: Iterable[str], end: str = "\r\n", bom: str = "") -> bytes:
    return (bom + end.join([header, *rows]) + end).encode()


def workbook(sheets: dict[str, Iterable[Row]]) -> bytes:
    """Make a workbook, a list of rows a sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    book.close()
    return out.getvalue()


# --- INSEE: census, employment ---------------------------------------------------------------------

SECTORS = ("AGRI", "INDUS", "CONST", "CTS", "APESAS")


def employment_csv() -> bytes:
    """Three censuses of three communes and of Paris with its two arrondissements."""
    names = ["CODGEO"]
    for year in ("22", "16", "11"):
        names += [f"P{year}_{word}" for word in ("POP1564", "ACT1564", "CHOM1564", "EMPLT")]
        names += [f"P{year}_EMPLT_SAL", f"C{year}_EMPLT"]
        names += [f"C{year}_EMPLT_{word}" for word in SECTORS]
    places = {
        "01001": (1.5, 20.25, 3.0, 10.0, 5.25),
        "2A004": (0.0, 0.0, 0.0, 4.0, 1.0),
        "65059": (30.0, 400.5, 150.0, 1200.0, 900.0),
        "75056": (10.0, 100.0, 50.0, 900.0, 600.0),
        "75101": (4.0, 40.0, 20.0, 400.0, 300.0),
        "75102": (6.0, 60.0, 30.0, 500.0, 300.0),
    }
    rows = []
    for code, parts in places.items():
        whole = sum(parts)
        years = [90.0, 80.0, 8.0, whole + 2, whole, whole, *parts]
        rows.append(";".join([code, *(f"{value:g}" for value in years * 3)]))
    return text(";".join(names), rows)


def employment_zip() -> bytes:
    return make_zip(
        {
            "base-cc-emploi-pop-active-2022.CSV": employment_csv(),
            "meta_base-cc-emploi-pop-active-2022.CSV": b"COD_VAR;LIB_VAR\r\nCODGEO;Code\r\n",
        }
    )


# --- INSEE: Melodi ---------------------------------------------------------------------------------


def melodi_zip(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    quoted = (";".join(f'"{cell}"' for cell in row) for row in rows)
    data = text(";".join(f'"{one}"' for one in header), quoted)
    return make_zip({f"{name}_data.csv": data, f"{name}_metadata.csv": b"COD_VAR;LIB_VAR\r\n"})


def melodi_jobs() -> bytes:
    """Jobs by sector of two communes and an EPCI, at two censuses; one value not disseminated."""
    header = ["GEO", "GEO_OBJECT", "RP_MEASURE", "SEX", "PCS", "EMPFORM", "EMP_ACTIVITY"]
    header += ["TIME_PERIOD", "OBS_STATUS", "OBS_VALUE"]
    parts = {"AZ": 2.5, "BE": 20.0, "FZ": 5.0, "GU": 30.0, "OQ": 12.5}
    rows = [
        [code, level, "NBEMP", "_T", "_T", "_T", sector, year, "A", f"{value:g}"]
        for code, level in (("01001", "COM"), ("65059", "COM"), ("246500482", "EPCI"))
        for year in ("2017", "2023")
        for sector, value in {"_T": 70.0, **parts}.items()
    ]
    rows.append(["2A004", "COM", "NBEMP", "_T", "_T", "_T", "_T", "2023", "K", ""])
    return melodi_zip("DS_RP_EMPLOI_LT_COMP_2023", header, rows)


def melodi_flores(activities: Sequence[str]) -> bytes:
    header = ["GEO", "GEO_OBJECT", "FLORES_MEASURE", "LEGAL_FORM_WITH_PUBLIC", "NUMBER_EMPL"]
    header += ["ACTIVITY", "TIME_PERIOD", "CONF_STATUS", "OBS_VALUE"]
    rows = [
        [code, "COM", "EMPL3112", "1T9X7", "_T", activity, "2024", "F", str(value)]
        for code in ("01001", "65059")
        for activity, value in [("_T", 10 * len(activities)), *((one, 10) for one in activities)]
    ]
    return melodi_zip("DS_FLORES", header, rows)


def melodi_populations() -> bytes:
    header = ["GEO", "GEO_OBJECT", "FREQ", "POPREF_MEASURE", "TIME_PERIOD", "OBS_VALUE"]
    rows = [
        [code, "COM", "A", measure, "2023", str(value)]
        for code in ("01001", "65059")
        for measure, value in (("PMUN", 700), ("PCAP", 20), ("PTOT", 720))
    ]
    return melodi_zip("DS_POPULATIONS_REFERENCE", header, rows)


def melodi_series() -> bytes:
    header = ["GEO", "GEO_OBJECT", "RP_MEASURE", "OCS", "TIME_PERIOD", "OBS_VALUE"]
    homes = (("_T", 90), ("DW_MAIN", 60), ("DW_SEC_DW_OCC", 20), ("DW_VAC", 10))
    rows = [
        [code, "COM", measure, kind, year, str(value)]
        for code in ("01001", "65059")
        for year in ("1968", "2017", "2023")
        for measure, kind, value in (
            ("POP", "_T", 700),
            *(("DWELLINGS", kind, value) for kind, value in homes),
        )
    ]
    return melodi_zip("DS_RP_SERIE_HISTORIQUE", header, rows)


# --- INSEE: zonings, passages ----------------------------------------------------------------------

ABOVE = [["Table d'appartenance des communes"], ["Géographie au 1er janvier 2026"], [], [], []]


def zonings_xlsx() -> bytes:
    header = [
        "CODGEO",
        "LIBGEO",
        "DEP",
        "REG",
        "EPCI",
        "ARR",
        "CV",
        "ZE2020",
        "UU2020",
        "AAV2020",
        "BV2022",
    ]
    communes = [
        [
            "01001",
            "L'Aulne",
            "01",
            "84",
            "200100001",
            "012",
            "0108",
            "8405",
            "01000",
            "524",
            "01093",
        ],
        [
            "65059",
            "Bagnères",
            "65",
            "76",
            "246500482",
            "652",
            "6504",
            "7610",
            "65401",
            "278",
            "65059",
        ],
        ["2A004", "Isula", "2A", "94", "242010056", "2A1", "2AZZ", "9401", "2A401", "000", "2A004"],
    ]
    zones = [
        [level, code, f"Zone {code}", "2"]
        for level, code in (
            ("ARR", "012"),
            ("ARR", "652"),
            ("ARR", "2A1"),
            ("CV", "0108"),
            ("CV", "6504"),
            ("CV", "2AZZ"),
            ("ZE2020", "8405"),
            ("ZE2020", "7610"),
            ("ZE2020", "9401"),
            ("UU2020", "65401"),
            ("UU2020", "2A401"),
            ("AAV2020", "524"),
            ("AAV2020", "278"),
            ("BV2022", "01093"),
            ("BV2022", "65059"),
            ("BV2022", "2A004"),
        )
    ]
    return workbook(
        {
            "COM": [*ABOVE, header, *communes, [], ["Source : INSEE"]],
            "Zones_supra_communales": [*ABOVE, ["NIVGEO", "CODGEO", "LIBGEO", "NB_COM"], *zones],
        }
    )


def yearly_passage() -> bytes:
    rows = [
        ["01002", "01002", "01002", "Bruyère"],
        ["01012", "01012", "01002", "Le Mont"],
        ["01004", "01004", "01004", "Douves"],
        ["01004", "01004", "01014", "Érable"],
    ]
    header = ["CODGEO_2003", "CODGEO_2020", "CODGEO_2026", "LIBGEO_2026"]
    return workbook({"COM": [*ABOVE, header, *rows]})


def passage_since_2003() -> bytes:
    rows = [["01002", "01002", "x"], ["01012", "01002", "x"], ["2A004", "2A004", "x"]]
    header = ["CODGEO_INI", "CODGEO_2026", "LIBGEO_2026"]
    return workbook({"Table de passage": [*ABOVE, header, *rows]})


# --- other producers -------------------------------------------------------------------------------


def filosofi_zip(year: int) -> bytes:
    header = (
        "GEO GEO_OBJECT FILOSOFI_MEASURE UNIT_MEASURE UNIT_MULT CONF_STATUS OBS_STATUS TIME_PERIOD"
    )
    rows = [
        [code, level, measure, "EUR_YR", "0", "F", "A", str(year), value]
        for code, level in (
            ("65059", "COM"),
            ("246500482", "EPCI"),
            ("65", "DEP"),
            ("76", "REG"),
            ("FM", "FRANCE"),
        )
        for measure, value in (("MED_SL", "22650"), ("PR_MD60", "14.2"))
    ]
    rows.append(["65004", "COM", "PR_MD60", "PT", "0", "C", "A", str(year), ""])
    return melodi_zip("DS_FILOSOFI_CC", [*header.split(), "OBS_VALUE"], rows)


def energy_csv() -> bytes:
    header = (
        "OPERATEUR;FILIERE;Code Commune;Nom Commune;Code EPCI;Nom EPCI;CODE GRAND SECTEUR;Nb sites;"
        "Conso totale (MWh);Conso moyenne (MWh);annee;Nombre de mailles secretisées"
    )
    rows = (
        "Enedis;Electricité;1004;Ambérieu;x;y;RESIDENTIEL;10;100.5;10;2024;0",
        "Enedis;Electricité;01004;Ambérieu;x;y;INDUSTRIE;2;300;150;2024;0",
        "GRDF;Gaz;01004;Ambérieu;x;y;INDUSTRIE;1;;;2024;1",
        "GRDF;Gaz;65059;Bagnères;x;y;INCONNU;1;12,5;12,5;2024;0",
    )
    return text(header, rows)


def emissions_csv() -> bytes:
    header = (
        "INSEE commune,Commune,Agriculture,Autres transports,Autres transports international,"
        "CO2 biomasse hors-total,Déchets,Energie,Industrie hors-énergie,Résidentiel,Routier,Tertiaire"
    )
    rows = (
        "01001,AULNE,3711.5,,,432.75,101.5,2.5,7,309.5,793,367",
        "2A004,ISULA,10,1,1,1,1,1,1,1,1,1",
    )
    return text(header, rows)


def urssaf_csv() -> bytes:
    header = (
        "code_commune;intitule_commune;code_departement;code_ape;secteur_na88;"
        "grand_secteur_d_activite;effectifs_salaries_2023;nombre_d_etablissements_2023;"
        "effectifs_salaries_2024;nombre_d_etablissements_2024"
    )
    rows = (
        "1004;1004 Ambérieu;1;2511Z;25 Fabrication;GS1 Industrie;30;2;40;2",
        "01004;01004 Ambérieu;01;4711D;47 Commerce;GS3 Commerce;20;4;25;4",
        "65059;65059 Bagnères;65;2511Z;25 Fabrication;GS1 Industrie;;1;7;1",
    )
    return text(header, rows, bom="\ufeff")


def ti_2023_csv() -> bytes:
    rows = (
        "01010,Anglefort,ti-8418,Rumilly Usses et Rhône",
        "01011,Apremont,ti-8418,Rumilly Usses et Rhône",
        "65059,Bagnères-de-Bigorre,ti-7505,Lacq-Pau - Tarbes",
    )
    return text("insee_com,lib_com,id_ti,lib_ti", rows)


def banatic_xlsx() -> bytes:
    header = [
        "N° SIREN",
        "Nom du groupement",
        "Nature juridique",
        "Département",
        "Date d'effet",
        "Siren membre",
        "Nom membre",
        "Catégorie des membres du groupement",
    ]
    rows: list[list[Any]] = [
        ["200052439", "PETR du Pays", "PETR", "65", 42718, "246500482", "CC", "Groupement"],
        ["200052439", "PETR du Pays", "PETR", "65", 42718, "216500595", "Bagnères", "Commune"],
        ["200052439", "PETR du Pays", "PETR", "65", 42718, "256500111", "SIVU", "Groupement"],
        ["256500111", "SIVU", "SIVU", "65", "2016-12-14", "216500041", "Antist", "Commune"],
    ]
    return workbook({"Export": [header, *rows]})


# --- outlines --------------------------------------------------------------------------------------


def square(west: float, south: float, side: float = 0.05) -> dict[str, object]:
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def layer_geojson() -> bytes:
    """Two communes, one of which is Paris with an arrondissement, as in « contours-administratifs »."""
    places = (
        ({"code": "01001", "nom": "L'Aulne", "departement": "01", "region": "84"}, (2.0, 46.5)),
        ({"code": "75056", "nom": "Paris", "departement": "75", "region": "11"}, (2.3, 48.8)),
        ({"code": "75101", "nom": "Paris 1er", "commune": "75056", "plm": True}, (2.3, 48.8)),
    )
    features = [
        {"type": "Feature", "properties": properties, "geometry": square(*corner)}
        for properties, corner in places
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def layer_gz() -> bytes:
    return gzip.compress(layer_geojson(), mtime=0)


def admin_express(suffix: str) -> bytes:
    """Two communes of ADMIN EXPRESS version 4, in Parquet or in a GeoPackage."""
    columns = {"nom_officiel": ["Bagnères", "Ajaccio"], "code_insee": ["65059", "2A004"]}
    shapes = [shapely.box(0, 43, 1, 44), shapely.box(8, 41, 9, 42)]
    layer = gpd.GeoDataFrame({**columns, "geometrie": shapes}, geometry="geometrie", crs=4326)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"commune.{suffix}"
        if suffix == "parquet":
            layer.to_parquet(path)
        else:
            layer.to_file(path, layer="commune")
        return path.read_bytes()


def flows_zip() -> bytes:
    header = "CODGEO;LIBGEO;DCLT;L_DCLT;NBFLUX_C22_ACTOCC15P"
    rows = (
        "65059;Bagnères-de-Bigorre;65059;Bagnères-de-Bigorre;1500.25",
        "65059;Bagnères-de-Bigorre;65440;Tarbes;400.5",
        "01004;Ambérieu;99140;Suisse;35.5",
        "75101;Paris 1er;75102;Paris 2e;12.5",
    )
    name = "base-flux-mobilite-domicile-lieu-travail-2022.csv"
    return make_zip({f"meta_{name}": b"COD_VAR;LIB_VAR\r\n", name: text(header, rows)})
