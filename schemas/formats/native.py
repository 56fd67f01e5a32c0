"""The native reader (calamine): .xlsx, .xlsb and .xls as far as it tells of them."""

import io
from collections.abc import Mapping

from python_calamine import CalamineWorkbook, SheetMetadata, SheetTypeEnum, SheetVisibleEnum

from schemas.formats.facts import NOTHING_KNOWN, SheetFacts, completed
from schemas.formats.limits import Room, require_sheets
from schemas.grid import Sheet


def read_native(content: bytes, facts: Mapping[str, SheetFacts]) -> tuple[Sheet, ...]:
    """The sheets of a workbook, completed by what is known of each by its name.

    Sheets of charts, dialogs and macros hold no return. Raises what the native reader raises.
    """
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        listed = [meta for meta in book.sheets_metadata if meta.typ is SheetTypeEnum.WorkSheet]
        require_sheets(len(listed))
        room = Room()
        return tuple(
            _sheet(book, meta, facts.get(meta.name, NOTHING_KNOWN), room) for meta in listed
        )


def _sheet(book: CalamineWorkbook, meta: SheetMetadata, facts: SheetFacts, room: Room) -> Sheet:
    room.require(meta.name, facts.rows, facts.columns)  # before the reader spreads them out
    source = book.get_sheet_by_name(meta.name)
    room.take(meta.name, source.total_height + 1, source.total_width + 1)
    sheet = Sheet(
        name=meta.name,
        hidden=meta.visible is not SheetVisibleEnum.Visible,
        rows=source.to_python(skip_empty_area=False),
        merged=source.merged_cell_ranges or (),
    )
    return completed(sheet, facts)
