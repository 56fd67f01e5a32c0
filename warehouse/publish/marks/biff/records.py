"""The stream of a workbook taken apart into the records of its sheets, and put together again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from struct import error, pack, unpack_from

from schemas.formats.biff_records import text_at
from warehouse.publish.marks.biff import kinds
from warehouse.publish.marks.marking import CannotMark

Record = tuple[int, bytes]
"""Its kind and its data."""

LONGEST = 8224
"""Bytes of data in a record; what is longer goes on in records of the kind CONTINUE."""
_WORKBOOK, _BIFF8 = 0x0005, 0x0600
_OPTIONS = 4  # of a BOUND_SHEET: what comes behind the place of the sheet
_LEFT_OUT = (kinds.INDEX, kinds.DB_CELL, kinds.EXT_SST, kinds.FILE_PASS_GONE)


@dataclass
class SheetRecords:
    """A sheet of any kind: what the workbook says of it, and its records.

    `entry` is its BOUND_SHEET without the place of the sheet in the stream.
    """

    entry: bytes
    records: list[Record]

    @property
    def name(self) -> str:
        """Its name."""
        return text_at(self.entry[2:], 1, None)

    def own(self) -> Iterator[tuple[int, Record]]:
        """Its records, each with its number, without those of charts that lie on it."""
        depth = 0
        for number, record in enumerate(self.records):
            depth += record[0] == kinds.BOF
            if depth == 1:
                yield number, record
            depth -= record[0] == kinds.EOF

    def first(self, *wanted: int) -> int | None:
        """The number of the first record of its own of some kinds."""
        return next((number for number, record in self.own() if record[0] in wanted), None)


@dataclass
class Stream:
    """The records of a workbook of Excel 97 to 2003: those of all sheets, and of each."""

    head: list[Record]
    sheets: list[SheetRecords]

    def last(self, *wanted: int) -> int:
        """The number behind the last record of the head of some kinds, 0 where there is none."""
        found = [number for number, record in enumerate(self.head) if record[0] in wanted]
        return found[-1] + 1 if found else 0


def parsed(stream: bytes) -> Stream:
    """The stream of a workbook taken apart.

    What tells where rows and texts stand in the stream is left out: programs do without, and it
    would have to be made anew. Raises CannotMark where it is of another version, or damaged.
    """
    try:
        parts = dict(_parts(stream))
        head = parts.pop(0)
        version, kind = unpack_from("<2H", head[0][1])
        if (version, kind) != (_BIFF8, _WORKBOOK):
            raise CannotMark("it is older than Excel 97")
        entries = [data for kind, data in head if kind == kinds.BOUND_SHEET]
        sheets = [
            SheetRecords(entry[_OPTIONS:], parts.pop(unpack_from("<I", entry)[0]))
            for entry in entries
        ]
    except (error, KeyError) as damage:
        raise CannotMark(f"its records do not hang together: {damage}") from damage
    if parts:
        raise CannotMark("it has records that belong to no sheet")
    return Stream(head, sheets)


def _parts(stream: bytes) -> Iterator[tuple[int, list[Record]]]:
    """The parts of a stream, from a BOF to the EOF that belongs to it, by their places."""
    at = begun = depth = 0
    records: list[Record] = []
    while at + 4 <= len(stream):
        kind, length = unpack_from("<2H", stream, at)
        depth += kind == kinds.BOF
        if not depth:
            break  # what fills the last sector
        if kind not in _LEFT_OUT:
            records.append((kind, stream[at + 4 : at + 4 + length]))
        at += 4 + length
        if kind == kinds.EOF:
            depth -= 1
            if not depth:
                yield begun, records
                begun, records = at, []
    if records or at > len(stream):
        raise CannotMark("it is cut off")


def written(stream: Stream) -> bytes:
    """The stream put together, each sheet at the place that its entry states."""
    place = stream.last(kinds.BOUND_SHEET)
    before = [r for r in stream.head[:place] if r[0] != kinds.BOUND_SHEET]
    entries = sum(4 + _OPTIONS + len(sheet.entry) for sheet in stream.sheets)
    start = _size(before) + entries + _size(stream.head[place:])
    parts = [_joined(before)]
    for sheet in stream.sheets:
        parts.append(_joined([(kinds.BOUND_SHEET, pack("<I", start) + sheet.entry)]))
        start += _size(sheet.records)
    parts.append(_joined(stream.head[place:]))
    parts += [_joined(sheet.records) for sheet in stream.sheets]
    return b"".join(parts)


def _size(records: Sequence[Record]) -> int:
    return sum(4 + len(data) for _, data in records)


def _joined(records: Sequence[Record]) -> bytes:
    return b"".join(pack("<2H", kind, len(data)) + data for kind, data in records)
