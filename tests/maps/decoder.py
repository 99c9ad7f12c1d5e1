"""A decoder of the packed geometry, written from the description of the format and not from the encoder."""

from collections.abc import Iterator

ALPHABET = "".join(chr(c) for c in range(33, 127) if chr(c) not in '"&<>\\')
LEADS = [40, 42, 5, 1, 1]


def unpack(text: str) -> list[int]:
    """Numbers of one to five characters: the first one tells how many, the next ones are digits in base 89."""
    numbers, stream = [], iter(text)
    for character in stream:
        rank, length, smallest = ALPHABET.index(character), 0, 0
        while rank >= LEADS[length]:
            rank -= LEADS[length]
            smallest += LEADS[length] * len(ALPHABET) ** length
            length += 1
        for _ in range(length):
            rank = rank * len(ALPHABET) + ALPHABET.index(next(stream))
        numbers.append(rank + smallest)
    return numbers


def unzigzag(number: int) -> int:
    return -(number + 1) // 2 if number % 2 else number // 2


def read_rings(text: str) -> list[list[list[tuple[int, bool]]]]:
    """For each place, its rings: lists of (arc, run backwards)."""
    numbers = iter(unpack(text))
    places, met = [], -1
    for rings in numbers:
        place = []
        for _ in range(rings):
            ring = []
            for _ in range(next(numbers)):
                code = next(numbers)
                if code == 0:
                    met += 1
                    ring.append((met, False))
                else:
                    ring.append((met - (code - 1) // 2, (code - 1) % 2 == 0))
            place.append(ring)
        places.append(place)
    return places


class ArcReader:
    """Vertices of each arc, in steps of the grid, in the order the rings first meet them."""

    def __init__(self, text: str):
        self.numbers = iter(unpack(text))
        self.arcs: list[list[tuple[int, int]]] = []

    def start_of(self, ref):
        arc, backwards = ref
        return self.arcs[arc][-1 if backwards else 0]

    def end_of(self, ref):
        return self.start_of((ref[0], not ref[1]))

    def step(self, point):
        return point[0] + unzigzag(next(self.numbers)), point[1] + unzigzag(next(self.numbers))

    def read_ring(self, ring) -> None:
        known = len(self.arcs)
        if ring[0][0] < known:
            first = pen = self.start_of(ring[0])
        elif ring[-1][0] < known:
            first = pen = self.end_of(ring[-1])
        else:
            first = pen = self.step(self.arcs[-1][-1] if self.arcs else (0, 0))
        for rank, ref in enumerate(ring):
            if ref[0] < known:
                pen = self.end_of(ref)
                continue
            arc = [pen]
            for _ in range(next(self.numbers)):
                arc.append(self.step(arc[-1]))
            if rank == len(ring) - 1:
                pen = first
            elif ring[rank + 1][0] < known:
                pen = self.start_of(ring[rank + 1])
            else:
                pen = self.step(arc[-1])
            self.arcs.append([*arc, pen])


def read_arcs(text: str, places) -> list[list[tuple[int, int]]]:
    reader = ArcReader(text)
    for rings in places:
        for ring in rings:
            reader.read_ring(ring)
    return reader.arcs


def decode(arcs_text: str, rings_text: str) -> list[list[list[tuple[int, int]]]]:
    """For each place, its rings: closed lists of vertices, in steps of the grid."""
    places = read_rings(rings_text)
    arcs = read_arcs(arcs_text, places)
    return [[list(_chain(ring, arcs)) for ring in rings] for rings in places]


def _chain(ring, arcs) -> Iterator[tuple[int, int]]:
    for rank, (arc, backwards) in enumerate(ring):
        points = arcs[arc][::-1] if backwards else arcs[arc]
        yield from points if rank == 0 else points[1:]


def canonical(ring) -> tuple[tuple[int, int], ...]:
    """The same ring from its smallest vertex: rings are compared whatever vertex they start from."""
    assert ring[0] == ring[-1]
    points = ring[:-1]
    at = points.index(min(points))
    return tuple(points[at:] + points[:at])
