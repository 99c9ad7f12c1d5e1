"""Lines of keys."""

import pytest

from terrdiag.study.faults import find_lines
from terrdiag.study.model import StudyFile


def test_lines_of_tables_and_keys():
    text = "\n".join(
        [
            "# commentaire = 1",
            "[study]  # x",
            'id = "x"',
            "",
            "[ perimeter ]",
            "communes = [",
            '  "65059",  # a = b',
            "]",
            'name="y"',
            "[[claims]]",
            "text = '''",
            "[expect]",
            "communes = 3",
            "'''",
            "[expect]",
            '"communes" = 3',
        ]
    )
    assert find_lines(text) == {
        ("study",): 2,
        ("study", "id"): 3,
        ("perimeter",): 5,
        ("perimeter", "communes"): 6,
        ("perimeter", "name"): 9,
        ("claims",): 10,
        ("claims", "text"): 11,
        ("expect",): 15,
        ("expect", "communes"): 16,
    }


def test_lines_of_dotted_keys():
    assert find_lines('study.id = "x"\nstudy.title = "X"\n') == {
        ("study",): 1,
        ("study", "id"): 1,
        ("study", "title"): 2,
    }


@pytest.mark.parametrize("table", StudyFile.model_fields)
def test_each_table_is_described_for_editors(table):
    assert StudyFile.model_fields[table].description
