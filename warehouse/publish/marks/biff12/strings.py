"""The texts of cells, which an .xlsb has in one list for all its sheets.

A cell may hold its text itself, but few programs write such cells, and not all read them.
"""

from struct import pack, unpack_from

from schemas.formats.biff12_records import joined
from warehouse.publish.marks.biff12 import kinds
from warehouse.publish.marks.biff12.records import records_of, spans_of, text
from warehouse.publish.marks.marking import CannotMark

NO_TEXTS = joined([(kinds.TEXTS, bytes(8)), (kinds.TEXTS_END, b"")])
"""A list without any."""


class Texts:
    """The list of texts of a part, to which others are added. Raises CannotMark where damaged."""

    def __init__(self, part: bytes) -> None:
        self._records = records_of(part)
        of = [kind for kind, _ in self._records]
        if of[:1] != [kinds.TEXTS] or kinds.TEXTS_END not in of:
            raise CannotMark("its list of texts is damaged")
        listed = [data for kind, data in self._records if kind == kinds.LISTED_TEXT]
        (self._uses,) = unpack_from("<I", self._records[0][1])
        self._numbers: dict[bytes, int] = {}
        for number, data in enumerate(listed):
            self._numbers.setdefault(data, number)
        self._count, self._added = len(listed), list[bytes]()

    def used(self, written: str) -> int:
        """The number of a text, for one more cell that has it."""
        self._uses += 1
        plain = b"\0" + text(written)
        if plain not in self._numbers:
            self._numbers[plain] = self._count + len(self._added)
            self._added.append(plain)
        return self._numbers[plain]

    def dropped(self, sheet: bytes) -> None:
        """The cells of a sheet are no more; its texts stay, as others are known by their place."""
        gone = sum(kind in kinds.WITH_LISTED_TEXT for kind, *_ in spans_of(sheet))
        self._uses = max(0, self._uses - gone)

    def part(self) -> bytes:
        """The part with what was added."""
        end = next(n for n, (kind, _) in enumerate(self._records) if kind == kinds.TEXTS_END)
        counts = pack("<2I", self._uses, self._count + len(self._added))
        added = [(kinds.LISTED_TEXT, data) for data in self._added]
        head, tail = self._records[1:end], self._records[end:]
        return joined(((kinds.TEXTS, counts), *head, *added, *tail))
