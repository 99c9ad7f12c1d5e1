import pytest

from tables.example import make_context, make_values


@pytest.fixture
def values():
    return make_values()


@pytest.fixture
def context():
    return make_context()
