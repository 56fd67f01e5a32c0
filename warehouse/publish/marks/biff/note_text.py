"""The text of a comment, in the records of the object that it is drawn by."""

from collections.abc import Iterator
from struct import pack, unpack_from

from warehouse.publish.marks.biff import kinds
from warehouse.publish.marks.biff.records import LONGEST, Record
from warehouse.publish.marks.marking import LONGEST_COMMENT, length

_COUNTS, _BEHIND_COUNTS = 10, 14
_RUN = 8
_WIDE = 1
_PART = LONGEST - 2  # even, with a byte before it
_LEFT_AND_TOP = pack("<H12xI", 0x0212, 0)


class NoteText:
    """A text as records, which it changes in place: its head, the text, and the fonts in it."""

    def __init__(self, records: list[Record]) -> None:
        self._records = records

    @property
    def _counts(self) -> tuple[int, int]:
        """How many characters it has, and how many bytes say where their fonts begin."""
        count, fonts = unpack_from("<2H", self._records[0][1], _COUNTS)
        return count, fonts

    @property
    def text(self) -> str:
        """The text."""
        found, (left, _) = "", self._counts
        for _, data in self._records[1:]:
            if left <= 0:
                break
            wide = data[0] & _WIDE
            raw = data[1 : 1 + left * (1 + wide)]
            left -= len(raw) // (1 + wide)
            found += raw.decode("utf-16-le", "replace") if wide else raw.decode("latin-1")
        return found

    def write(self, text: str, written: str, font: int) -> None:
        """Put another text in its place, whose first part is as it was written and formatted.

        What follows that is in another font.
        """
        kept, text = length(written), text[:LONGEST_COMMENT]
        count = length(text)
        runs = [run for run in self._fonts() if run[0] < min(kept, count)]
        runs += [(kept, font)] if count > kept else []
        head = self._records[0][1]
        counts = pack("<2H", count, _RUN * (len(runs) + 1))
        fonts = b"".join(pack("<2H4x", *run) for run in (*runs, (count, 0)))
        self._records[:] = [
            (kinds.OBJECT_TEXT, head[:_COUNTS] + counts + head[_BEHIND_COUNTS:]),
            *_continued(text),
            (kinds.CONTINUE, fonts),
        ]

    def _fonts(self) -> Iterator[tuple[int, int]]:
        """Where a font begins in the text, and which; the last one says where the text ends."""
        data = b"".join(data for _, data in self._records[1:])
        end = len(data)
        for at in range(end - self._counts[1], end - _RUN, _RUN):
            yield unpack_from("<2H", data, at)


def new_text(text: str, font: int) -> list[Record]:
    """The records of a text in one font."""
    records: list[Record] = [(kinds.OBJECT_TEXT, _LEFT_AND_TOP)]
    NoteText(records).write(text, "", font)
    return records


def _continued(text: str) -> Iterator[Record]:
    raw = text.encode("utf-16-le", "surrogatepass")
    for at in range(0, len(raw), _PART):
        yield kinds.CONTINUE, bytes((_WIDE,)) + raw[at : at + _PART]
