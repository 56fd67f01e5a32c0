"""The records of a part taken out and put in."""

from collections.abc import Iterable, Iterator
from struct import pack

from schemas.formats.biff12_records import Span, spans
from warehouse.publish.marks.marking import CannotMark

Record = tuple[int, bytes]
"""Its kind and its data."""

Edit = tuple[int, int, bytes]
"""From where to where in a part, and what stands there now."""

NOTHING = pack("<i", -1)
"""A text that is not there."""


def spans_of(part: bytes) -> Iterator[Span]:
    """The records of a part: kind, begin, begin of the data, and end.

    Raises CannotMark where one is cut off.
    """
    try:
        for span in spans(part):
            if span[3] > len(part):
                raise CannotMark("a part is cut off")
            yield span
    except IndexError as damage:
        raise CannotMark("a part is cut off") from damage


def records_of(part: bytes) -> list[Record]:
    """The records of a part. Raises CannotMark where one is cut off."""
    return [(kind, part[begin:end]) for kind, _, begin, end in spans_of(part)]


def edited(part: bytes, edits: Iterable[Edit]) -> bytes:
    """A part with other bytes in some places; what is put into the same place keeps its order."""
    done, at = list[bytes](), 0
    for begin, end, data in sorted(edits, key=lambda edit: edit[:2]):
        done += (part[at:begin], data)
        at = end
    return b"".join((*done, part[at:]))


def text(written: str) -> bytes:
    """A text behind the count of its characters."""
    raw = written.encode("utf-16-le", "surrogatepass")
    return pack("<I", len(raw) // 2) + raw
