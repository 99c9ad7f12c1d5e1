"""Every reader refuses in words, or reads, whatever the file has become."""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from fuzz.mutations import Op
from fuzz.runner import Seed, read, spoil, tell
from fuzz.seeds import make_seeds
from terrdiag.catalogue import load_sources

SEEDS = make_seeds()

NAMES = [f"{seed.reader}, {seed.targets[0].rpartition('/')[2]}" for seed in SEEDS]

OPS = st.lists(
    st.builds(
        Op,
        kind=st.integers(0, 9_999),
        where=st.floats(0, 1, allow_nan=False),
        what=st.integers(0, 99_999),
        deep=st.booleans(),
    ),
    min_size=1,
    max_size=3,
)


def test_every_reader_of_the_register_has_a_seed():
    # those of elevation ask the network: the formats that they read have a seed each
    readers = {one.reader for one in load_sources().values() if one.feeds != "elevation"}
    assert readers - {seed.reader for seed in SEEDS} == set()


@pytest.mark.parametrize("seed", SEEDS, ids=NAMES)
class TestEveryReader:
    def test_the_seed_is_valid(self, seed: Seed, tmp_path):
        assert read(seed, tmp_path) == "read"

    def test_law(self, seed: Seed, tmp_path_factory):
        folder = tmp_path_factory.mktemp("spoilt")

        # no shrinking: what was done is told in a few words, and tools/fuzz.py takes away what is not needed
        @settings(max_examples=40, phases=[Phase.explicit, Phase.generate])
        @given(ops=OPS, target=st.integers(0, 3))
        def obey(ops, target):
            name, data = spoil(seed, ops, target)
            try:
                read(seed, folder, {name: data})
            except BaseException as error:
                error.add_note(tell(seed, ops, target))
                raise

        obey()
