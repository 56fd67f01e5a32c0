"""What stands in the records of an .xls or .et that the native reader does not tell."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from struct import unpack_from

from schemas.dates import EPOCH, EPOCH_1904
from schemas.formats.biff_links import linked_cells
from schemas.formats.biff_notes import notes_of
from schemas.formats.biff_records import records, text_at
from schemas.formats.facts import SheetFacts
from schemas.formats.number_format import PER_CENT, shows_per_cent, unit_shown
from schemas.grid import Place

_BOUND_SHEET, _EOF, _FILE_PASS, _BOF = 0x85, 0x0A, 0x2F, 0x809
_FORMULA, _BOOLEAN_OR_ERROR, _ROW, _COLUMNS = 0x06, 0x205, 0x208, 0x7D
_NUMBER, _SHORT_NUMBER, _SHORT_NUMBERS = 0x203, 0x27E, 0xBD
_OBJECT, _PICTURE = 0x5D, 8
_CODE_PAGE, _EPOCH, _FORMAT, _STYLE = 0x42, 0x22, 0x41E, 0xE0
_BIFF8, _NAMED_STYLE = 0x600, 0x4
WESTERN = "cp1252"
WESTERN_PAGE = 1252
_ENCODINGS = {932: "cp932", 936: "gb18030", 949: "cp949", 950: "big5hkscs", 1251: "cp1251"}
_HIDDEN_ROW, _HIDDEN_COLUMN = 0x20, 0x1
_ERROR_RESULT = 2


def is_encrypted(stream: bytes) -> bool:
    """Whether what stands behind the head of a workbook is encrypted."""
    return any(kind == _FILE_PASS for kind, _, _ in records(stream, 0))


@dataclass(frozen=True)
class CodePage:
    """The encoding of the texts of a workbook before Excel 97, and where the stream states it."""

    at: int
    encoding: str


def code_page(stream: bytes) -> CodePage | None:
    """The code page of a workbook; None from Excel 97 on, when texts are in Unicode."""
    for kind, start, _ in records(stream, 0):
        if kind == _BOF and unpack_from("<H", stream, start)[0] == _BIFF8:
            return None
        if kind == _CODE_PAGE:
            return CodePage(start, _ENCODINGS.get(unpack_from("<H", stream, start)[0], WESTERN))
    return None


def sheet_facts(stream: bytes) -> Mapping[str, SheetFacts]:
    """The facts of each sheet by its name. Raises struct.error where records are cut off."""
    page = code_page(stream)
    encoding = None if page is None else page.encoding
    formats, epoch = dict(_formats_of_styles(stream, encoding)), EPOCH
    per_cent = {style for style, code in formats.items() if shows_per_cent(code)}
    units = {style: unit for style, code in formats.items() if (unit := unit_shown(code))}
    found: dict[str, SheetFacts] = {}
    for kind, start, length in records(stream, 0):
        if kind == _EPOCH and stream[start]:
            epoch = EPOCH_1904
        elif kind == _BOUND_SHEET:
            name = text_at(stream[start + 6 : start + length], 1, encoding)
            sheet = unpack_from("<I", stream, start)[0]
            notes = notes_of(stream, sheet, encoding)
            found[name] = replace(
                _facts(stream, sheet),
                epoch=epoch,
                notes=notes,
                linked=frozenset(linked_cells(stream, sheet)),
                per_cent=frozenset(place for place, _ in _in_styles(stream, sheet, per_cent)),
                shown={place: units[style] for place, style in _in_styles(stream, sheet, units)},
            )
    return found


def _formats_of_styles(stream: bytes, encoding: str | None) -> Iterator[tuple[int, str]]:
    """The number formats of the styles of cells that are written out, or are per cent."""
    formats, styles = dict.fromkeys(PER_CENT, "%"), list[int]()
    for kind, start, length in records(stream, 0):
        if kind == _FORMAT:
            code = text_at(stream[start + 2 : start + length], 1 if encoding else 2, encoding)
            formats[unpack_from("<H", stream, start)[0]] = code
        elif kind == _STYLE:
            _, number, options = unpack_from("<3H", stream, start)
            styles.append(-1 if options & _NAMED_STYLE else number)
    yield from ((style, formats[of]) for style, of in enumerate(styles) if of in formats)


def _in_styles(stream: bytes, start: int, styles: Collection[int]) -> Iterator[tuple[Place, int]]:
    """The cells of some styles that hold numbers, each with its style."""
    for kind, at, length in records(stream, start) if styles else ():
        if kind in (_NUMBER, _SHORT_NUMBER, _FORMULA) and length >= 6:
            row, column, style = unpack_from("<3H", stream, at)
            if style in styles:
                yield (row, column), style
        elif kind == _SHORT_NUMBERS and length >= 12:
            row, first = unpack_from("<2H", stream, at)
            for number in range((length - 6) // 6):
                style = unpack_from("<H", stream, at + 4 + 6 * number)[0]
                if style in styles:
                    yield (row, first + number), style


@dataclass
class _Found:
    errors: set[Place] = field(default_factory=set)
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)


def _facts(stream: bytes, start: int) -> SheetFacts:
    found = _Found()
    for kind, at, length in records(stream, start):
        if kind == _BOOLEAN_OR_ERROR and length >= 8:
            if stream[at + 7]:
                found.errors.add(unpack_from("<HH", stream, at))
        elif kind == _FORMULA and length >= 14:
            # A result that is no number has FFFF at its end and its kind at its beginning.
            if stream[at + 12 : at + 14] == b"\xff\xff" and stream[at + 6] == _ERROR_RESULT:
                found.errors.add(unpack_from("<HH", stream, at))
        elif kind == _ROW and length >= 16:
            if unpack_from("<H", stream, at + 12)[0] & _HIDDEN_ROW:
                found.rows.add(unpack_from("<H", stream, at)[0])
        elif kind == _COLUMNS and length >= 10:
            first, last, _, _, options = unpack_from("<5H", stream, at)
            if options & _HIDDEN_COLUMN:
                found.columns |= set(range(first, last + 1))
    return SheetFacts(
        errors=frozenset(found.errors),
        hidden_rows=frozenset(found.rows),
        hidden_columns=frozenset(found.columns),
        pictures=_pictures(stream, start),
    )


def _pictures(stream: bytes, start: int) -> int:
    """How many pictures lie on a sheet."""
    objects = (at for kind, at, length in records(stream, start) if kind == _OBJECT and length >= 6)
    return sum(unpack_from("<H", stream, at + 4)[0] == _PICTURE for at in objects)
