"""Drawings as Office keeps them (MS-ODRAW): parts within parts, each with a head of eight bytes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from struct import error, pack, unpack_from

GROUP, DRAWING, SHAPES, SHAPE = 0xF000, 0xF002, 0xF003, 0xF004
CLUSTERS, SHAPE_COUNT, FRAME, SHAPE_ID, OPTIONS = 0xF006, 0xF008, 0xF009, 0xF00A, 0xF00B
TEXT_BOX, ANCHOR, OBJECT, MENU_COLOURS = 0xF00D, 0xF010, 0xF011, 0xF11E
HEAD = 8
_CONTAINER = 0xF


@dataclass(frozen=True)
class Part:
    """A part of a drawing: from its head on, and where what is in it begins and ends."""

    kind: int
    start: int
    end: int

    @property
    def inside(self) -> int:
        """Where what is in it begins."""
        return self.start + HEAD


def parts(data: bytes | bytearray, start: int, end: int) -> Iterator[Part]:
    """The parts that lie in a range, one after the other. Raises struct.error at a cut."""
    while start < end:
        kind, length = unpack_from("<2xHI", data, start)
        part = Part(kind, start, start + HEAD + length)
        if part.end > end:
            raise error("a part is longer than what it is in")
        yield part
        start = part.end


def atom(kind: int, data: bytes, *, version: int = 0, instance: int = 0) -> bytes:
    """A part that holds data."""
    return pack("<2HI", version | instance << 4, kind, len(data)) + data


def options(values: Sequence[tuple[int, int]]) -> bytes:
    """The part that says how a shape looks: numbers of properties, each with its value."""
    data = b"".join(pack("<HI", *value) for value in values)
    return atom(OPTIONS, data, version=3, instance=len(values))


def container(kind: int, *children: bytes) -> bytes:
    """A part that holds other parts."""
    return atom(kind, b"".join(children), version=_CONTAINER)
