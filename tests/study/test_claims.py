"""``[[claims]]`` in a study file: what is written is kept, what is misspelt is never left unchecked."""

from decimal import Decimal

import pytest

from terrdiag.errors import StudyFileError
from terrdiag.study import load_study
from terrdiag.study.claims import COUNTED, ClaimTable

HEAD = '[study]\nid = "x"\ntitle = "X"\n[perimeter]\nepci = ["246500482"]\n'
CLAIM = 'text = "24 communes"\ndocument = "Commande"\nindicator = "communes"\nvalue = 24\n'


@pytest.fixture
def load(tmp_path):
    def call(*claims: str):
        path = tmp_path / "x.toml"
        path.write_text(HEAD + "".join(f"[[claims]]\n{one}" for one in claims), encoding="utf-8")
        return load_study(path).claims

    return call


@pytest.fixture
def refuse(load):
    def call(*claims: str) -> str:
        with pytest.raises(StudyFileError) as error:
            load(*claims)
        return str(error.value)

    return call


def replace(key: str, line: str) -> str:
    """The claim with another line for a key (nothing: without it)."""
    kept = [row for row in CLAIM.splitlines() if not row.startswith(f"{key} ")]
    return "\n".join([*kept, line]) + "\n"


@pytest.mark.parametrize(
    ("written", "margin", "decimals"),
    [
        ("24", 0.5, 0),
        ("18112", 0.5, 0),
        ("18_112", 0.5, 0),
        ("7.9", 0.05, 1),
        ("7.90", 0.005, 2),
        ("10.0", 0.05, 1),
        ("-0.30", 0.005, 2),
        ("5e5", 50_000, 0),  # to a hundred thousand
        ("4e2", 50, 0),
        ("1.20e3", 5, 0),
        ("0", 0.5, 0),
        ("+3", 0.5, 0),
    ],
)
def test_the_digits_written_give_the_tolerance(load, written, margin, decimals):
    [claim] = load(replace("value", f"value = {written}"))
    assert claim.margin == pytest.approx(margin)
    assert claim.decimals == decimals
    assert float(claim.value) == float(written)


def test_a_tolerance_replaces_the_rounding(load):
    [claim] = load(f"{CLAIM}tolerance = 2\n")
    assert claim.margin == 2


def test_what_is_left_out(load):
    [claim] = load(CLAIM)
    assert (claim.place, claim.relation, claim.year, claim.date) == ("territoire", "=", None, None)
    assert claim.value == Decimal(24)


@pytest.mark.parametrize(
    ("key", "line", "words"),
    [
        ("indicator", 'indicator = "comunes"', ["Valeurs proches\xa0: communes", "not_computable"]),
        ("indicator", 'indicator = "industry_job_share_pct"', ["industry_jobs_share_pct"]),
        ("indicator", 'indicator = "xyz"', ["terrdiag list indicators"]),
        ("indicator", "indicator = 3", ["texte entre guillemets"]),
        ("indicator", "", ["indicator est absent", "not_computable"]),
        ("indicator", 'indicatr = "communes"', ["indicatr", "clé inconnue", "indicator"]),
        ("place", 'place = "territory"', ["territoire"]),
        ("place", 'place = "région:76"', ["région:76"]),
        ("place", 'place = "region:7"', ['"07"']),
        ("place", 'place = "region:76-epci:243100518"', ["deux espaces"]),
        ("relation", 'relation = ">="', ["relation", '"="']),
        ("year", "year = 20111", ["2100"]),
        ("year", "year = 2011.0", ["entier"]),
        ("date", 'date = "hier"', ["AAAA-MM-JJ"]),
        ("value", 'value = "24"', ["sans guillemets"]),
        ("value", "value = true", ["nombre"]),
        ("value", "value = nan", ["fini"]),
        ("value", "value = inf", ["fini"]),
        ("value", "value = 1e400", ["trop grand"]),
        ("value", "value = 1e-300", ["décimales"]),
        ("value", "", ["value", "obligatoire"]),
        ("tolerance", "tolerance = -1", ["supérieur ou égal à 0"]),
        ("text", 'text = ""', ["vide"]),
        ("document", "", ["document", "obligatoire"]),
    ],
)
def test_a_fault_is_told_with_its_place(refuse, key, line, words):
    message = refuse(CLAIM, replace(key, line))
    for word in ("n° 2", *words):
        assert word in message


def test_what_the_tool_cannot_compute_says_why(load):
    [claim] = load(replace("indicator", 'not_computable = "Pas d\'aires urbaines"'))
    assert claim.indicator is None
    assert claim.not_computable == "Pas d'aires urbaines"


def test_a_claim_is_not_both_computable_and_not(refuse):
    assert "s'excluent" in refuse(f'{CLAIM}not_computable = "Zonage absent"\n')


def test_more_than_has_no_tolerance(refuse):
    assert "tolerance n'a pas de sens" in refuse(f'{CLAIM}relation = ">"\ntolerance = 2\n')


def test_every_kind_of_place_is_accepted(load):
    places = [
        "france",
        "commune:65059",
        "epci:246500482",
        "ti:ti-7505",
        "region:76 - epci:243100518",
    ]
    claims = load(*(f'{CLAIM}place = "{place}"\n' for place in places))
    assert [claim.place for claim in claims] == places


@pytest.mark.parametrize("name", [*COUNTED, "population", "altitude_min_dem_m"])
def test_indicators_and_what_only_claims_count(name):
    assert ClaimTable(text="x", document="d", indicator=name, value=1).indicator == name


def test_a_variant_has_no_name_in_a_study(refuse):
    # « location_quotient » stands for as many indicators as there are sectors and comparators
    assert "n'est pas un indicateur" in refuse(replace("indicator", 'indicator = "altitude_rho"'))
