"""The workbook part: which sheets there are, in which order, and what counts them."""

from io import BytesIO
from struct import pack, unpack_from
from zipfile import BadZipFile, ZipFile

from schemas.formats.archive import ZIP
from schemas.formats.biff12_records import joined, string_at
from warehouse.publish.marks.biff12 import kinds
from warehouse.publish.marks.biff12.order import named_filter, put_in_front
from warehouse.publish.marks.biff12.records import edited, records_of, spans_of, text
from warehouse.publish.marks.biff12.strings import NO_TEXTS
from warehouse.publish.marks.marking import CannotMark
from warehouse.publish.marks.ooxml.package import Package
from warehouse.publish.marks.ooxml.properties import tell_of_sheet
from warehouse.publish.marks.ooxml.workbook import SheetPart, workbook_part
from warehouse.publish.marks.reread import called
from warehouse.publish.marks.review_rows import Area

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
"""How the types begin by which parts refer to each other."""

_SHEET_TYPE = "application/vnd.ms-excel.worksheet"
_TEXTS_TYPE = "application/vnd.ms-excel.sharedStrings"
_INDEX = "xlBinaryIndex"
_OF_VIEW, _OF_CHART_VIEW = 0x40, 0x01


def is_binary_package(content: bytes) -> bool:
    """Whether these bytes are a package whose workbook is of records."""
    if not content.startswith(ZIP):
        return False
    try:
        with ZipFile(BytesIO(content)) as package:
            return any(name.endswith("workbook.bin") for name in package.namelist())
    except (BadZipFile, EOFError, ValueError, NotImplementedError):
        return False


class Workbook:
    """The workbook of a package. Raises CannotMark where it is none of records, or is shared."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.part = workbook_part(package)
        self._records = records_of(package.read(self.part))
        of = [kind for kind, _ in self._records]
        if of[:1] != [kinds.BOOK] or kinds.SHEETS_END not in of:
            raise CannotMark("its workbook is not of records")

    @property
    def sheets(self) -> tuple[SheetPart, ...]:
        """The sheets in their order."""
        relations = {each.id: each for each in self.package.relations(self.part)}
        found = []
        for kind, data in self._records:
            if kind == kinds.SHEET:
                key, after = string_at(data, 8)
                name, _ = string_at(data, after)
                if key not in relations:
                    raise CannotMark("a sheet is missing")
                relation = relations[key]
                found.append(SheetPart(name, relation.kind, relation.target, key))
        return tuple(found)

    def related(self, kind: str) -> str | None:
        """The part of a kind that the workbook has one of, such as styles."""
        return self.package.related(self.part, kind)

    def texts(self) -> str:
        """The part with the texts of cells, put there where it is missing."""
        part = self.related("sharedStrings")
        if part is None:
            part = "xl/sharedStrings.bin"  # where some programs look for it, whatever is related
            self.package.add(part, NO_TEXTS, _TEXTS_TYPE)
            self.package.relate(self.part, f"{RELATIONS}/sharedStrings", part)
        return part

    def rewrite(self, sheet: SheetPart, content: bytes) -> None:
        """Put other records into a sheet.

        What tells where in the part its rows stand is left out, as programs do without.
        """
        for relation in self.package.relations(sheet.part):
            if relation.kind == _INDEX:
                self.package.unrelate(sheet.part, relation.id)
                self.package.drop(relation.target)
        self.package.write(sheet.part, content)

    def deselect(self) -> None:
        """Select no sheet: those that are selected together are edited together."""
        for sheet in self.sheets:
            part = self.package.read(sheet.part)
            if (other := _deselected(part)) != part:
                self.package.write(sheet.part, other)

    def put_in_front(self, name: str, content: bytes, filtered: Area) -> None:
        """Put a sheet in front, which the workbook opens on, in the place of one of that name.

        `filtered` is its area to filter.
        """
        sheets = self.sheets
        earlier = called([sheet.name for sheet in sheets], name)
        if earlier is not None:
            others = [sheet.part for sheet in sheets if sheet is not sheets[earlier]]
            self.package.drop_with_own(sheets[earlier].part, others)
            self.package.unrelate(self.part, sheets[earlier].relation)
            tell_of_sheet(self.package, sheets[earlier].name, there=False)
        part = self.package.free("xl/worksheets/sheet{}.bin")
        self.package.add(part, content, _SHEET_TYPE)
        key = self.package.relate(self.part, f"{RELATIONS}/worksheet", part)
        entry = pack("<2I", 0, self._free_id(earlier)) + text(key) + text(name)
        records = put_in_front(self._records, entry, instead_of=earlier)
        self._records = named_filter(records, filtered)
        self.package.write(self.part, joined(self._records))
        tell_of_sheet(self.package, name, there=True)

    def _free_id(self, earlier: int | None) -> int:
        """The number of the sheet that is replaced, or one that no sheet is known by."""
        ids = [unpack_from("<4xI", data)[0] for kind, data in self._records if kind == kinds.SHEET]
        return int(ids[earlier]) if earlier is not None else 1 + max(ids, default=0)


def _deselected(part: bytes) -> bytes:
    """A sheet of cells or with a chart alone, selected in none of its views."""
    for kind, _, begin, _ in spans_of(part):
        if kind in (kinds.CELLS, kinds.WORKSHEET_END):
            break
        if kind in (kinds.VIEW, kinds.CHART_VIEW):
            selected = _OF_VIEW if kind == kinds.VIEW else _OF_CHART_VIEW
            part = edited(part, [(begin, begin + 1, bytes((part[begin] & ~selected,)))])
    return part
