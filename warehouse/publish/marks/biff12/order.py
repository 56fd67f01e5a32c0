"""The sheets of a workbook in another order: all that counts them from the first one follows."""

from collections.abc import Mapping, Sequence
from struct import pack, unpack_from

from schemas.formats.biff12_records import string_at
from warehouse.publish.marks.biff12 import kinds
from warehouse.publish.marks.biff12.records import NOTHING, Record, text
from warehouse.publish.marks.marking import CannotMark
from warehouse.publish.marks.review_rows import Area

_FILTER = "_FilterDatabase"
_HIDDEN_BUILT_IN = 0x21
_WHOLE_BOOK = 0xFFFFFFFF
_SHEET_OF_NAME, _TEXT_OF_NAME = 5, 9
_AREA = 0x3B  # a formula: an area of a sheet


def put_in_front(
    records: Sequence[Record], entry: bytes, *, instead_of: int | None
) -> list[Record]:
    """A workbook with another sheet in front, which takes the place of one or is a new one.

    References to the sheet that it replaces lead to it. It is the one that the workbook opens on.
    Raises CannotMark where something counts more sheets than there are.
    """
    listed = [record for record in records if record[0] == kinds.SHEET]
    kept = [number for number in range(len(listed)) if number != instead_of]
    places = {number: place for place, number in enumerate(kept, start=1)}
    if instead_of is not None:
        places[instead_of] = 0
    own = _this_book(records)
    done = list[Record]()
    for kind, data in records:
        if kind == kinds.SHEET:
            continue
        if kind == kinds.SHEETS_END:
            done += [(kinds.SHEET, entry), *(listed[number] for number in kept)]
        done.append((kind, _moved(kind, data, places, own)))
    return done


def _this_book(records: Sequence[Record]) -> frozenset[int]:
    """The numbers under which formulas look into the workbook that they stand in."""
    supports = [kind for kind, _ in records if kind in kinds.SUPPORTS]
    return frozenset(n for n, kind in enumerate(supports) if kind == kinds.THIS_BOOK)


def _moved(kind: int, data: bytes, places: Mapping[int, int], own: frozenset[int]) -> bytes:
    """A record in which sheets are numbered anew."""
    if kind == kinds.BOOK_VIEW:
        return data[:20] + bytes(8) + data[28:]  # the first sheet that shows, and the one at hand
    if kind == kinds.NAME:
        (sheet,) = unpack_from("<I", data, _SHEET_OF_NAME)
        if sheet == _WHOLE_BOOK:
            return data
        if sheet not in places:
            raise CannotMark("a name is of a sheet that is not there")
        return data[:_SHEET_OF_NAME] + pack("<I", places[sheet]) + data[_TEXT_OF_NAME:]
    if kind == kinds.EXTERN_SHEETS:
        moved = bytearray(data)
        for at in range(4, len(data) - 11, 12):
            book, *sheets = unpack_from("<I2i", data, at)
            if book in own:  # a number below 0: the whole workbook, or a sheet that was deleted
                now = (number if number < 0 else places.get(number, -1) for number in sheets)
                moved[at + 4 : at + 12] = pack("<2i", *now)
        return bytes(moved)
    return data


def named_filter(records: Sequence[Record], area: Area) -> list[Record]:
    """A workbook in which the area of the filter of the first sheet has the name for it.

    It stands behind all other names, as formulas know these by their numbers.
    """
    records, number = _looking_in_front(records)
    formula = pack("<BH2I2H", _AREA, number, *area)
    told = pack("<IBI", _HIDDEN_BUILT_IN, 0, 0) + text(_FILTER)
    told += pack("<I", len(formula)) + formula + pack("<I", 0) + NOTHING
    of = [kind for kind, _ in records]
    for at, (kind, data) in enumerate(records):
        if kind == kinds.NAME and _is_filter_of_first(data):
            return [*records[:at], (kinds.NAME, told), *records[at + 1 :]]
    last = max(n for n, kind in enumerate(of) if kind in (kinds.NAME, kinds.EXTERNALS_END)) + 1
    return [*records[:last], (kinds.NAME, told), *records[last:]]


def _is_filter_of_first(data: bytes) -> bool:
    sheet = unpack_from("<I", data, _SHEET_OF_NAME)[0]
    return sheet == 0 and string_at(data, _TEXT_OF_NAME)[0] == _FILTER


def _looking_in_front(records: Sequence[Record]) -> tuple[list[Record], int]:
    """A workbook whose formulas may look into its first sheet, and the number by which they do."""
    records = _with_externals(records)
    at = _first(records, kinds.EXTERN_SHEETS)
    wanted, data = (min(_this_book(records)), 0, 0), records[at][1]
    looks = [unpack_from("<I2i", data, place) for place in range(4, len(data) - 11, 12)]
    if wanted not in looks:
        looks.append(wanted)
        told = b"".join(pack("<I2i", *look) for look in looks)
        records[at] = (kinds.EXTERN_SHEETS, pack("<I", len(looks)) + told)
    return records, looks.index(wanted)


def _with_externals(records: Sequence[Record]) -> list[Record]:
    """A workbook that says that its formulas look into itself, and into which of its sheets."""
    records = list(records)
    of = [kind for kind, _ in records]
    if kinds.EXTERNALS not in of:
        groups = kinds.FUNCTION_GROUPS_END in of
        before = of.index(kinds.FUNCTION_GROUPS_END if groups else kinds.SHEETS_END)
        records[before + 1 : before + 1] = [(kinds.EXTERNALS, b""), (kinds.EXTERNALS_END, b"")]
    if kinds.EXTERN_SHEETS not in of:
        records.insert(_first(records, kinds.EXTERNALS_END), (kinds.EXTERN_SHEETS, bytes(4)))
    if kinds.THIS_BOOK not in of:
        records.insert(_first(records, kinds.EXTERN_SHEETS), (kinds.THIS_BOOK, b""))
    return records


def _first(records: Sequence[Record], wanted: int) -> int:
    return next(number for number, (kind, _) in enumerate(records) if kind == wanted)
