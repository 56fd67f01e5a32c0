"""The sheets of a workbook in another order: all that counts them from the first one follows."""

from collections.abc import Sequence
from struct import error, pack, unpack_from

from warehouse.publish.marks.biff import kinds
from warehouse.publish.marks.biff.records import LONGEST, Record, SheetRecords, Stream
from warehouse.publish.marks.marking import CannotMark

_THIS_BOOK = 0x0401
_NO_SHEET = 0xFFFE  # from here on: the whole workbook, or a sheet that was deleted
_PART = 2 + 6 * ((LONGEST - 2) // 6)
_SELECTED = 0x0600  # that it is selected, and that it is the one that shows


def put_in_front(stream: Stream, sheet: SheetRecords, *, instead_of: int | None) -> None:
    """Put a sheet in front, which takes the place of one that is there or is a new one.

    References to the sheet that it replaces lead to it. It is the one that the workbook opens on,
    and the only one that is selected: sheets selected together are edited together.
    """
    try:
        _put(stream, sheet, instead_of)
    except error as damage:
        raise CannotMark("what counts its sheets is damaged") from damage


def _put(stream: Stream, sheet: SheetRecords, instead_of: int | None) -> None:
    count = len(stream.sheets)
    kept = [number for number in range(count) if number != instead_of]
    places = {number: place for place, number in enumerate(kept, start=1)}
    if instead_of is not None:
        places[instead_of] = 0
    stream.sheets = [sheet, *(stream.sheets[number] for number in kept)]
    books = [data for kind, data in stream.head if kind == kinds.SHARED_BOOK]
    own = [_is_own(book) for book in books]
    for number, (kind, data) in enumerate(stream.head):
        if kind == kinds.SHARED_BOOK and _is_own(data):
            stream.head[number] = (kind, pack("<H", len(stream.sheets)) + data[2:])
        elif kind == kinds.NAME:
            stream.head[number] = (kind, _name(data, places))
        elif kind == kinds.SHEET_IDS:
            stream.head[number] = (kind, _ids(data, kept, instead_of))
        elif kind == kinds.WINDOW:
            stream.head[number] = (kind, data[:10] + pack("<3H", 0, 0, 1) + data[16:])
    _move_references(stream, own, places)
    for other in stream.sheets[1:]:
        _unselect(other)


def _is_own(book: bytes) -> bool:
    """Whether a book that formulas look into is the one that they stand in."""
    return len(book) == 4 and unpack_from("<H", book, 2)[0] == _THIS_BOOK


def _name(data: bytes, places: dict[int, int]) -> bytes:
    """A name; one of a single sheet has the number of it, from 1 on."""
    (sheet,) = unpack_from("<H", data, 8)
    if not sheet:
        return data
    if sheet - 1 not in places:
        raise CannotMark("a name is of a sheet that is not there")
    return data[:8] + pack("<H", places[sheet - 1] + 1) + data[10:]


def _ids(data: bytes, kept: Sequence[int], instead_of: int | None) -> bytes:
    """The numbers that sheets keep wherever they stand."""
    ids = [unpack_from("<H", data, at)[0] for at in range(0, len(data) - 1, 2)]
    if len(ids) != len(kept) + (instead_of is not None):
        raise CannotMark("its sheets are not as many as it says")
    new = max(ids) + 1 if instead_of is None else ids[instead_of]
    return pack(f"<{len(kept) + 1}H", new, *(ids[number] for number in kept))


def _move_references(stream: Stream, own: Sequence[bool], places: dict[int, int]) -> None:
    """Let the sheets that formulas name be found where they stand now."""
    head = stream.head
    start = next((n for n, record in enumerate(head) if record[0] == kinds.EXTERN_SHEET), None)
    if start is None:
        return
    end = start + 1
    while head[end][0] == kinds.CONTINUE:
        end += 1
    data = bytearray(b"".join(part for _, part in head[start:end]))
    (count,) = unpack_from("<H", data)
    for at in range(2, 2 + 6 * count, 6):
        book, *sheets = unpack_from("<3H", data, at)
        if book >= len(own):
            raise CannotMark("a formula looks into a book that is not there")
        if own[book]:
            moved = [n if n >= _NO_SHEET else places.get(n, 0xFFFF) for n in sheets]
            data[at + 2 : at + 6] = pack("<2H", *moved)
    parts = [bytes(data[at : at + _PART]) for at in range(0, len(data), _PART)]
    first: list[Record] = [(kinds.EXTERN_SHEET, parts[0])]
    head[start:end] = first + [(kinds.CONTINUE, part) for part in parts[1:]]


def _unselect(sheet: SheetRecords) -> None:
    for number, (kind, data) in sheet.own():
        if kind == kinds.SHEET_WINDOW:
            (options,) = unpack_from("<H", data)
            sheet.records[number] = (kind, pack("<H", options & ~_SELECTED) + data[2:])
