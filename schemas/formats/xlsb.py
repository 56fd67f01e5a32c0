"""Binary workbooks (.xlsb): what the native reader does not tell of them, from their records."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import takewhile
from struct import unpack_from
from zipfile import ZipFile

from schemas.dates import EPOCH, EPOCH_1904
from schemas.formats.biff12_cells import MERGED, merged_area, plain_cells
from schemas.formats.biff12_notes import notes_of
from schemas.formats.biff12_records import records, string_at
from schemas.formats.facts import SheetFacts
from schemas.formats.native import read_native
from schemas.formats.number_format import PER_CENT, shows_per_cent, styles_part, unit_shown
from schemas.formats.package import open_package, part, require_sound, with_parts
from schemas.formats.pictures import pictures_on
from schemas.formats.relations import targets, workbook_part
from schemas.grid import Place, Sheet

_ROW, _CELL_ERROR, _FORMULA_ERROR, _COLUMNS, _CELLS_END, _SHEET = 0, 3, 11, 60, 146, 156
_FILLED = range(2, 12)  # cells, but for blank ones
_NUMBERS = (2, 5, 9)  # in four bytes, in eight, worked out by a formula
_WORKBOOK, _FORMAT, _STYLE, _STYLES, _STYLES_END = 153, 44, 47, 617, 618
_HIDDEN_ROW, _HIDDEN_COLUMN = 0x10, 0x01
_STYLE_BITS = 0xFFFFFF
_MOST_COLUMNS = 16_384


def read_xlsb(content: bytes) -> tuple[Sheet, ...]:
    """The sheets of an .xlsb."""
    facts, mended = dict[str, SheetFacts](), dict[str, bytes]()
    with open_package(content) as package:
        parts = dict(_sheet_parts(package))
        require_sound(package, but=parts.values())
        formats, epoch = dict(_formats_of_styles(package)), _epoch(package)
        for name, path in parts.items():
            stated = part(package, path)
            sheet = plain_cells(stated)
            if sheet is not stated:
                mended[path] = sheet
            notes, pictures = notes_of(package, path), pictures_on(package, path)
            of_sheet = _facts(sheet, formats)
            facts[name] = replace(of_sheet, epoch=epoch, notes=notes, pictures=pictures)
        if mended:
            content = with_parts(package, mended)
    return read_native(content, facts)


def _sheet_parts(package: ZipFile) -> Iterator[tuple[str, str]]:
    workbook = workbook_part(package)
    if workbook not in package.namelist():
        return
    parts = targets(package, workbook)
    for kind, data in records(part(package, workbook)):
        if kind == _SHEET:
            relation, after = string_at(data, 8)
            name, _ = string_at(data, after)
            if parts.get(relation) in package.namelist():
                yield name, parts[relation]


def _epoch(package: ZipFile) -> date:
    """The day from which the workbook counts days."""
    workbook = workbook_part(package)
    if workbook in package.namelist():
        for kind, data in records(part(package, workbook)):
            if kind == _WORKBOOK and data and data[0] & 1:
                return EPOCH_1904
    return EPOCH


def _formats_of_styles(package: ZipFile) -> Iterator[tuple[int, str]]:
    """The number formats of the styles of cells that are written out, or are per cent."""
    formats, styles, listed = dict.fromkeys(PER_CENT, "%"), list[int](), False
    for kind, data in records(styles_part(package, "styles.bin")):
        if kind == _FORMAT:
            formats[unpack_from("<H", data)[0]] = string_at(data, 2)[0]
        elif kind in (_STYLES, _STYLES_END):
            listed = kind == _STYLES
        elif kind == _STYLE and listed:
            styles.append(unpack_from("<H", data, 2)[0])
    yield from ((style, formats[of]) for style, of in enumerate(styles) if of in formats)


def _facts(stream: bytes, formats: Mapping[int, str]) -> SheetFacts:
    """What its records say of a sheet.

    Raises IndexError or struct.error where a row or cell is cut off, of which the native reader
    makes a place of its own.
    """
    row = rows = columns = 0
    errors: set[Place] = set()
    written: dict[Place, str] = {}
    hidden_rows: set[int] = set()
    hidden_columns: set[int] = set()
    parts = records(stream)
    for kind, data in takewhile(lambda record: record[0] != _CELLS_END, parts):
        if kind in _FILLED:
            column = unpack_from("<I", data)[0]
            rows, columns = max(rows, row + 1), max(columns, column + 1)
            if kind in (_CELL_ERROR, _FORMULA_ERROR):
                errors.add((row, column))
            elif kind in _NUMBERS:
                style = unpack_from("<I", data, 4)[0] & _STYLE_BITS
                if (code := formats.get(style)) is not None:
                    written[row, column] = code
        elif kind == _ROW:
            row = unpack_from("<I", data)[0]
            if data[11] & _HIDDEN_ROW:
                hidden_rows.add(row)
        elif kind == _COLUMNS and len(data) > 16 and data[16] & _HIDDEN_COLUMN:
            first, last = unpack_from("<II", data)
            hidden_columns |= set(range(first, min(last + 1, _MOST_COLUMNS)))
    return SheetFacts(
        rows=rows,
        columns=columns,
        errors=frozenset(errors),
        per_cent=frozenset(place for place, code in written.items() if shows_per_cent(code)),
        shown={place: unit for place, code in written.items() if (unit := unit_shown(code))},
        hidden_rows=frozenset(hidden_rows),
        hidden_columns=frozenset(hidden_columns),
        merged=[merged_area(data) for kind, data in parts if kind == MERGED],
    )
