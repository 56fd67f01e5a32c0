"""The sheets of a workbook in another order: all that counts them from the first one follows."""

from collections.abc import Sequence
from struct import error, pack, unpack_from

from warehouse.publish.marks.biff import kinds
from warehouse.publish.marks.biff.records import SheetRecords, Stream
from warehouse.publish.marks.biff.references import References, is_own
from warehouse.publish.marks.marking import CannotMark

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
    for number, (kind, data) in enumerate(stream.head):
        if kind == kinds.SHARED_BOOK and is_own(data):
            stream.head[number] = (kind, pack("<H", len(stream.sheets)) + data[2:])
        elif kind == kinds.NAME:
            stream.head[number] = (kind, _name(data, places))
        elif kind == kinds.SHEET_IDS:
            stream.head[number] = (kind, _ids(data, kept, instead_of))
        elif kind == kinds.WINDOW:
            stream.head[number] = (kind, data[:10] + pack("<3H", 0, 0, 1) + data[16:])
    References(stream).move(places)
    for other in stream.sheets[1:]:
        _unselect(other)


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


def _unselect(sheet: SheetRecords) -> None:
    for number, (kind, data) in sheet.own():
        if kind == kinds.SHEET_WINDOW:
            (options,) = unpack_from("<H", data)
            sheet.records[number] = (kind, pack("<H", options & ~_SELECTED) + data[2:])
