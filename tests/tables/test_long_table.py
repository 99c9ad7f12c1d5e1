import csv
import io
import math

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tables.example import ROWS, make_context, make_values
from terrdiag.errors import EditionError
from terrdiag.tables import write_csv, write_parquet
from terrdiag.values import STATUS_CODES_FR, VALUE_DTYPES

HEADER = (
    "territoire;niveau;code;nom;indicateur;libelle;annee;valeur;unite;"
    "numerateur;denominateur;couverture_pct;statut;source"
)
A = "INSEE, Fichier a (RP 2018)"
B = "DGCL, Fichier b (RP 2018)"
CC = '"CC de la « Haute; ""Bigorre"" »"'
NASTY = "'=cmd|' /C calc'!A0"

EXPECTED = [
    HEADER,
    f"mini;commune;01004;Ambérieu;jobs;Emplois;2018;0,3;emplois;;;100;ok;{A}",
    f"mini;commune;01004;Ambérieu;rate;Part;2018;-0,3333333333;%;-1;300;100;ok;{A} + {B}",
    "mini;commune;01004;Ambérieu;growth;Évolution (2013-2018);2018;1,5;% par an;110;102;100;ok;"
    + A,
    f"mini;commune;2A004;Ajaccio;jobs;Emplois;2018;0,00000015;emplois;;;100;ok;{A}",
    f"mini;commune;2A004;Ajaccio;rate;Part;2018;;%;1;3;100;effectif_trop_faible;{A} + {B}",
    f"mini;commune;2A004;Ajaccio;growth;Évolution (2013-2018);2018;;% par an;;;;secret;{A}",
    f"mini;commune;65059;{NASTY};jobs;Emplois;2018;;emplois;;;;manquant;",
    f"mini;commune;65059;{NASTY};rate;Part;2018;;%;0;0;100;sans_objet;{B}",
    f"mini;commune;65059;{NASTY};rate;Part;2022;12;%;6;50;100;ok;{B}",
    f"mini;epci;246500482;{CC};jobs;Emplois;2018;66730000,13;emplois;;;98,5;partiel;{A}",
    f"mini;territoire;mini;Le territoire 🏔;rate;Part;2018;11,4;%;;;100;estimation;{A}",
    f"mini;departement;01;'+Ain;jobs;Emplois;2018;0;emplois;;;100;ok;{A}",
    f"mini;france;00FR;'@France;jobs;Emplois;2018;12345678901234;emplois;;;100;ok;{A}",
]


def test_the_csv_is_the_contract_byte_for_byte(values, context, tmp_path):
    write_csv(values, context, tmp_path / "x.csv")
    expected = "".join(f"{line}\r\n" for line in EXPECTED)
    assert (tmp_path / "x.csv").read_bytes() == b"\xef\xbb\xbf" + expected.encode()


def test_a_script_reads_codes_numbers_and_statuses_back(values, context, tmp_path):
    write_csv(values, context, tmp_path / "x.csv")
    table = pd.read_csv(
        tmp_path / "x.csv", sep=";", decimal=",", encoding="utf-8-sig", dtype={"code": str}
    )
    assert table["code"].tolist() == [row[1] for row in ROWS]
    assert table["valeur"].tolist() == pytest.approx(
        [row[5] for row in ROWS], rel=1e-9, nan_ok=True
    )
    assert table["statut"].tolist() == [STATUS_CODES_FR[row[10]] for row in ROWS]
    assert set(STATUS_CODES_FR.values()) == set(table["statut"])


def test_no_cell_would_be_computed_by_a_spreadsheet(values, context, tmp_path):
    write_csv(values, context, tmp_path / "x.csv")
    text = (tmp_path / "x.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    numbers = {"valeur", "numerateur", "denominateur", "couverture_pct"}
    for row in rows:
        for column, cell in row.items():
            if column in numbers:
                float(cell.replace(",", ".") or "0")
            else:
                assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_an_empty_table_still_has_its_header(context, tmp_path):
    write_csv(make_values([]), context, tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_bytes() == b"\xef\xbb\xbf" + HEADER.encode() + b"\r\n"


def test_an_unknown_source_is_said_and_nothing_is_written(values, tmp_path):
    with pytest.raises(EditionError, match="« a »"):
        write_csv(values, make_context(sources={}), tmp_path / "x.csv")
    assert not (tmp_path / "x.csv").exists()


def test_the_parquet_is_typed_in_the_order_of_the_contract(values, tmp_path):
    write_parquet(values, tmp_path / "x.parquet")
    table = pq.read_table(tmp_path / "x.parquet")
    assert table.schema.names == list(VALUE_DTYPES)
    types = {"str": pa.string(), "int16": pa.int16(), "float64": pa.float64()}
    assert table.schema.types == [types[name] for name in VALUE_DTYPES.values()]
    assert table["code"].to_pylist() == [row[1] for row in ROWS]
    assert table["value"].to_pylist() == [None if math.isnan(row[5]) else row[5] for row in ROWS]
    assert table["name"][6].as_py() == "=cmd|' /C calc'!A0"
    compressions = {
        pq.ParquetFile(tmp_path / "x.parquet").metadata.row_group(0).column(i).compression
        for i in range(13)
    }
    assert compressions == {"ZSTD"}


def test_categories_are_written_as_texts(values, tmp_path):
    shuffled = values[values.columns[::-1]].astype({"level": "category", "indicator": "category"})
    write_parquet(values, tmp_path / "a.parquet")
    write_parquet(shuffled, tmp_path / "b.parquet")
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_the_same_values_give_the_same_bytes(values, context, tmp_path):
    for name in ("1", "2"):
        write_csv(make_values(), make_context(), tmp_path / f"{name}.csv")
        write_parquet(make_values(), tmp_path / f"{name}.parquet")
    for end in ("csv", "parquet"):
        assert (tmp_path / f"1.{end}").read_bytes() == (tmp_path / f"2.{end}").read_bytes()
