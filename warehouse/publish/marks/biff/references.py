"""The sheets that formulas look into, in the list by whose numbers formulas know them."""

from collections.abc import Mapping
from struct import pack, unpack_from

from warehouse.publish.marks.biff import kinds
from warehouse.publish.marks.biff.records import LONGEST, Record, Stream
from warehouse.publish.marks.marking import CannotMark

_THIS_BOOK = 0x0401
_NO_SHEET = 0xFFFE  # from here on: the whole workbook, or a sheet that was deleted
_DELETED = 0xFFFF
_PART = 2 + 6 * ((LONGEST - 2) // 6)


class References:
    """That list of a workbook. Raises struct.error where it is cut off."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        data = b"".join(part for _, part in stream.head[slice(*self._place())]) or bytes(2)
        (count,) = unpack_from("<H", data)
        self._entries = [unpack_from("<3H", data, 2 + 6 * number) for number in range(count)]

    def move(self, places: Mapping[int, int]) -> None:
        """Let the sheets of this workbook be found where they stand now, by where they stood."""
        own = self._own_books()
        for number, (book, *sheets) in enumerate(self._entries):
            if book >= len(own):
                raise CannotMark("a formula looks into a book that is not there")
            if own[book]:
                first, last = (n if n >= _NO_SHEET else places.get(n, _DELETED) for n in sheets)
                self._entries[number] = (book, first, last)
        if self._entries:
            self._write()

    def number_of(self, sheet: int) -> int:
        """The number by which a formula knows a sheet of this workbook."""
        entry = (self._own_book(), sheet, sheet)
        if entry not in self._entries:
            self._entries.append(entry)
            self._write()
        return self._entries.index(entry)

    def _place(self) -> tuple[int, int]:
        """Where the list begins and ends, or is to stand, behind the books it speaks of."""
        head = self._stream.head
        books = self._stream.last(*kinds.BOOKS) or self._stream.last(
            kinds.COUNTRY, kinds.BOUND_SHEET
        )
        start = next((n for n, (kind, _) in enumerate(head) if kind == kinds.EXTERN_SHEET), None)
        end = books if start is None else start + 1
        while head[end][0] == kinds.CONTINUE:
            end += 1
        return (end, end) if start is None else (start, end)

    def _own_books(self) -> list[bool]:
        """Of the books that formulas look into, in their order, whether each is this one."""
        books = [data for kind, data in self._stream.head if kind == kinds.SHARED_BOOK]
        return [is_own(book) for book in books]

    def _own_book(self) -> int:
        """The number of this workbook among them, to which it is added if it is not there."""
        own = self._own_books()
        if True not in own:
            book = pack("<2H", len(self._stream.sheets), _THIS_BOOK)
            self._stream.head.insert(self._place()[0], (kinds.SHARED_BOOK, book))
            return len(own)
        return own.index(True)

    def _write(self) -> None:
        data = pack("<H", len(self._entries)) + b"".join(pack("<3H", *e) for e in self._entries)
        parts = [data[at : at + _PART] for at in range(0, len(data), _PART)]
        records: list[Record] = [(kinds.EXTERN_SHEET, parts[0])]
        records += [(kinds.CONTINUE, part) for part in parts[1:]]
        self._stream.head[slice(*self._place())] = records


def is_own(book: bytes) -> bool:
    """Whether a book that formulas look into is the one that they stand in."""
    return len(book) == 4 and unpack_from("<H", book, 2)[0] == _THIS_BOOK
