"""The workbook part: which sheets there are, in which order, and what counts them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from warehouse.publish.marks.marking import CannotMark
from warehouse.publish.marks.ooxml.package import Package, Relation
from warehouse.publish.marks.ooxml.properties import tell_of_sheet

_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_SELECTED = re.compile(rb"""\s+tabSelected\s*=\s*["'][^"']*["']""")
_FILTER = "_xlnm._FilterDatabase"
_DIALECTS = {  # the namespace of what refers to parts, by that of the sheets
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": (
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
    "http://purl.oclc.org/ooxml/spreadsheetml/main": (
        "http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
}


@dataclass(frozen=True)
class SheetPart:
    """A sheet and the part it is in; `kind` is worksheet, chartsheet or another."""

    name: str
    kind: str
    part: str
    relation: str


def workbook_part(package: Package) -> str:
    """The part of the workbook. Raises CannotMark where there is none, or it is shared.

    Those who have a shared one open keep a record of its sheets.
    """
    part = package.related("", "officeDocument")
    if part is None:
        raise CannotMark("it has no workbook")
    if package.related(part, "revisionHeaders") is not None:
        raise CannotMark("it is a shared workbook")
    return part


class Workbook:
    """The workbook of a package, transitional or strict.

    Raises CannotMark where it is none, or is shared.
    """

    def __init__(self, package: Package) -> None:
        self.package = package
        self.part = workbook_part(package)
        self._root = package.edit(self.part)
        tag = etree.QName(self._root)
        if tag.localname != "workbook" or tag.namespace not in _DIALECTS:
            raise CannotMark(f"it is a {tag}")
        self.main, self.relations = tag.namespace, _DIALECTS[tag.namespace]

    @property
    def sheets(self) -> tuple[SheetPart, ...]:
        """The sheets in their order."""
        parts = {each.id: each for each in self.package.relations(self.part)}
        return tuple(self._sheet(entry, parts) for entry in self._listed)

    def _sheet(self, entry: etree._Element, parts: Mapping[str, Relation]) -> SheetPart:
        relation = parts.get(entry.get(f"{{{self.relations}}}id", ""))
        if relation is None:
            raise CannotMark("a sheet is missing")
        return SheetPart(entry.get("name", ""), relation.kind, relation.target, relation.id)

    def related(self, kind: str) -> str | None:
        """The part of a kind that the workbook has one of, such as styles."""
        return self.package.related(self.part, kind)

    def drop(self, sheet: SheetPart) -> None:
        """Take out a sheet with what belongs to it alone."""
        number = self.sheets.index(sheet)
        self._listed.remove(self._listed[number])
        self._renumber(lambda old: None if old == number else old - (old > number))
        self.package.drop_with_own(sheet.part, [other.part for other in self.sheets])
        self.package.unrelate(self.part, sheet.relation)
        tell_of_sheet(self.package, sheet.name, there=False)

    def deselect(self) -> None:
        """Select no sheet: those that are selected together are edited together."""
        for sheet in self.sheets:
            head, data, rest = self.package.read(sheet.part).partition(b"sheetData")
            if _SELECTED.search(head):
                self.package.write(sheet.part, _SELECTED.sub(b"", head) + data + rest)

    def put_in_front(self, name: str, xml: bytes, filtered: str) -> None:
        """Put a sheet in front, which the workbook opens on; `filtered` is its area to filter."""
        part = self.package.free("xl/worksheets/sheet{}.xml")
        self.package.add(part, xml, _SHEET_TYPE)
        entry = etree.Element(f"{{{self.main}}}sheet", name=name, sheetId=str(self._free_id()))
        relation = self.package.relate(self.part, f"{self.relations}/worksheet", part)
        entry.set(f"{{{self.relations}}}id", relation)
        self._listed.insert(0, entry)
        self._renumber(lambda old: old + 1)
        self._filter(f"'{name}'!{filtered}")
        for view in self._root.iter(f"{{{self.main}}}workbookView"):
            view.attrib.pop("firstSheet", "")
            view.set("activeTab", "0")
        tell_of_sheet(self.package, name, there=True)

    @cached_property
    def _listed(self) -> etree._Element:
        sheets = self._root.find(f"{{{self.main}}}sheets")
        if sheets is None:
            raise CannotMark("it has no sheets")
        return sheets

    def _free_id(self) -> int:
        """A number that no sheet is known by, nor any calculation of its formulas."""
        taken = (entry.get("sheetId", "") for entry in self._listed)
        return 1 + max((int(number) for number in taken if number.isdecimal()), default=0)

    def _renumber(self, moved: Callable[[int], int | None]) -> None:
        """Let the names of one sheet alone follow it; those of one that is gone go with it."""
        for name in self._root.findall(f"{{{self.main}}}definedNames/{{{self.main}}}definedName"):
            old = name.get("localSheetId", "")
            if not old.isdecimal():
                continue
            new, names = moved(int(old)), name.getparent()
            if new is not None:
                name.set("localSheetId", str(new))
            elif names is not None:
                names.remove(name)

    def _filter(self, area: str) -> None:
        """Name the area of the filter of the first sheet, by which Excel knows it."""
        names = self._root.find(f"{{{self.main}}}definedNames")
        if names is None:
            names = etree.Element(f"{{{self.main}}}definedNames")
            before = ("sheets", "functionGroups", "externalReferences")
            last = [e for e in self._root if etree.QName(e).localname in before][-1]
            last.addnext(names)
        tag, attributes = f"{{{self.main}}}definedName", {"name": _FILTER, "localSheetId": "0"}
        name = etree.Element(tag, attributes, hidden="1")
        name.text = area
        names.insert(0, name)
