"""What stands in the parts of an .xlsx that the native reader does not tell.

Only the few facts needed are taken from the XML, by patterns, so that no entity is ever expanded
and a large sheet costs a fraction of reading it.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from zipfile import ZipFile

from schemas.dates import EPOCH, EPOCH_1904
from schemas.formats.facts import SheetFacts
from schemas.formats.native import read_native
from schemas.formats.notes import notes_of
from schemas.formats.number_format import per_cent_styles, units_of_styles
from schemas.formats.package import open_package, part, refuse_entities, require_sound
from schemas.formats.pictures import pictures_on
from schemas.formats.relations import elements, targets, workbook_part
from schemas.grid import Place, Sheet, column_number

_SHEET = re.compile(rb"<(?:\w+:)?sheet\s([^>]*)>")
_FROM_1904 = re.compile(rb"""\bdate1904=["'](?:1|true)["']""")
_HEAD = 4096
_PREFIX = re.compile(rb"<(\w+:)worksheet\b")

# What is looked for on every sheet begins with fixed letters, which is many times faster.
_FAR = re.compile(rb' r="(?:[A-Z]{2,3}[0-9]|[A-Z]?[0-9]{6})')  # beyond Z, or beyond row 99,999
_FILLED = re.compile(rb'<c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"(?:[^>]*[^>/])?>')
_ERROR = re.compile(rb'<c\s([^>]*\bt="e"(?:[^>]*[^>/])?)>')
_FORMULA = re.compile(
    rb"<c\s([^>]*[^>/])>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*"
    rb"(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)
_LINKED = re.compile(rb"<c\s([^>]*[^>/])>\s*<f\b[^>]*>[^<]*\[\d+\][^<]*</f>")  # [1]Sheet1!A1
_FORMULA_TAG = re.compile(rb"<f\b")
_HIDDEN_ROW = re.compile(rb'<row\s([^>]*\bhidden="(?:1|true)"[^>]*)>')
_HIDDEN_COLUMNS = re.compile(rb'<col\s([^>]*\bhidden="(?:1|true)"[^>]*)>')

_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_NUMBER_OF_ROW = re.compile(rb'\br="(\d{1,7})"')
_SHOWS_TEXT = re.compile(rb'\bt="str"')
_MOST_COLUMNS = 16_384


def read_ooxml(content: bytes) -> tuple[Sheet, ...]:
    """The sheets of an .xlsx, .xlsm or .xltx, transitional or strict."""
    with open_package(content) as package:
        facts = dict(_all_facts(package))
    return read_native(content, facts)


def _all_facts(package: ZipFile) -> Iterator[tuple[str, SheetFacts]]:
    """The facts of each sheet by name; none where the package is not laid out as usual."""
    names = set(package.namelist())
    sheets = [(name, path) for name, path in _sheet_parts(package) if path in names]
    epoch = _epoch(package)
    require_sound(package, but={path for _, path in sheets})
    per_cent, units = per_cent_styles(package), units_of_styles(package)
    for name, path in sheets:
        xml = part(package, path)
        refuse_entities(xml)
        notes, pictures = notes_of(package, path), pictures_on(package, path)
        facts = _facts(xml, per_cent, units)
        yield name, replace(facts, epoch=epoch, notes=notes, pictures=pictures)


def _sheet_parts(package: ZipFile) -> Iterator[tuple[str, str]]:
    """The name of each sheet and of the part it is in."""
    workbook = workbook_part(package)
    if workbook in package.namelist():
        parts = targets(package, workbook)
        for sheet in elements(_SHEET, part(package, workbook)):
            relation = next((v for key, v in sheet.items() if key.endswith(":id")), "")
            yield sheet.get("name", ""), parts.get(relation, "")


def _epoch(package: ZipFile) -> date:
    """The day from which the workbook counts days."""
    workbook = workbook_part(package)
    counts_from_1904 = workbook in package.namelist() and _FROM_1904.search(part(package, workbook))
    return EPOCH_1904 if counts_from_1904 else EPOCH


def _facts(xml: bytes, per_cent: frozenset[int], units: Mapping[int, str]) -> SheetFacts:
    """The facts of a sheet; by the styles `per_cent` and `units` a number is shown so.

    What a sheet seldom has is looked for only where its sign is found.
    """
    xml = _plain(xml)
    rows, columns = _reach(xml) if _FAR.search(xml) else (0, 0)
    errors = _ERROR.findall(xml) if b't="e"' in xml else []
    computed = list(_cells_with_formulas(xml))
    formulas = [found[1] for at in computed if (found := _FORMULA.match(xml, at))]
    linked = [found[1] for at in computed if (found := _LINKED.match(xml, at))]
    hides = b"hidden=" in xml
    return SheetFacts(
        rows,
        columns,
        errors=frozenset(_places(errors)),
        # A formula that shows "" was worked out: it says that it is text.
        not_calculated=frozenset(_places(f for f in formulas if not _SHOWS_TEXT.search(f))),
        per_cent=frozenset(_styled(xml, per_cent)) if per_cent else frozenset(),
        shown={place: unit for style, unit in units.items() for place in _styled(xml, {style})},
        linked=frozenset(_places(linked)),
        hidden_rows=frozenset(_hidden_rows(xml)) if hides else frozenset(),
        hidden_columns=frozenset(_hidden_columns(xml)) if hides else frozenset(),
    )


def _plain(xml: bytes) -> bytes:
    """A sheet as most programs write it: without a prefix, and with double quotes."""
    head = xml[:_HEAD]
    if prefix := _PREFIX.search(head):
        xml = xml.replace(b"<" + prefix[1], b"<").replace(b"</" + prefix[1], b"</")
    return xml.replace(b"'", b'"') if b"='" in head else xml


def _reach(xml: bytes) -> tuple[int, int]:
    """How many rows and columns the filled cells of a sheet reach over."""
    found = _FILLED.findall(xml)
    rows = max((int(row) for row in {row for _, row in found}), default=0)
    return rows, max(
        (column_number(letters.decode()) + 1 for letters in {c for c, _ in found}), default=0
    )


def _cells_with_formulas(xml: bytes) -> Iterator[int]:
    """Where the cells begin that have a formula, which few of a large sheet have."""
    before = 0
    for found in _FORMULA_TAG.finditer(xml):
        at = xml.rfind(b"<c", before, found.start())
        before = found.start()
        if at >= 0:
            yield at


def _places(cells: Iterable[bytes]) -> Iterator[Place]:
    """Where cells stand, by their attributes; one that does not say so is left to the reader."""
    for cell in cells:
        if place := _PLACE.search(cell):
            yield int(place[2]) - 1, column_number(place[1].decode())


def _styled(xml: bytes, styles: Collection[int]) -> Iterator[Place]:
    """The cells of some styles."""
    for found in re.finditer(rb' s="(?:%s)"' % b"|".join(b"%d" % n for n in styles), xml):
        start = xml.rfind(b"<", 0, found.start())
        if xml.startswith(b"<c ", start):
            yield from _places([xml[start : xml.find(b">", start)]])


def _hidden_rows(xml: bytes) -> Iterator[int]:
    for row in _HIDDEN_ROW.findall(xml):
        if number := _NUMBER_OF_ROW.search(row):
            yield int(number[1]) - 1


def _hidden_columns(xml: bytes) -> Iterator[int]:
    for found in elements(_HIDDEN_COLUMNS, xml):
        if found.get("min", "").isdecimal() and found.get("max", "").isdecimal():
            yield from range(int(found["min"]) - 1, min(int(found["max"]), _MOST_COLUMNS))
