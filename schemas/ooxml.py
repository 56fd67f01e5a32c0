"""What stands in the parts of an .xlsx that the reader of workbooks does not tell.

Only the few facts needed are taken from the XML, by patterns, so that no entity is ever expanded.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from zipfile import ZipFile

_SHEET = re.compile(rb"<(?:\w+:)?sheet\s([^>]*)>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s([^>]*)>")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*["']([^"']*)["']""")
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*[^>/])>")
_PLACE = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")
_ERROR = re.compile(rb"""\bt=["']e["']""")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}


@dataclass(frozen=True)
class SheetFacts:
    """How far the filled cells of a sheet reach, and which of them hold an error."""

    rows: int
    columns: int
    errors: frozenset[tuple[int, int]]


def sheet_facts(archive: ZipFile) -> dict[str, SheetFacts]:
    """The facts of each sheet by name; empty where the package is not laid out as usual."""
    names = set(archive.namelist())
    return {
        name: _facts(archive.read(part)) for name, part in _sheets(archive, names) if part in names
    }


def _sheets(archive: ZipFile, names: set[str]) -> Iterator[tuple[str, str]]:
    workbook = _target(archive, names, "_rels/.rels", "officeDocument")
    if workbook not in names:
        return
    folder, file = posixpath.split(workbook)
    rels = posixpath.join(folder, "_rels", f"{file}.rels")
    if rels not in names:
        return
    targets = {
        found.get("Id", ""): _resolve(folder, found.get("Target", ""))
        for found in _elements(_RELATION, archive.read(rels))
    }
    for sheet in _elements(_SHEET, archive.read(workbook)):
        relation = next((v for key, v in sheet.items() if key.endswith(":id")), "")
        yield sheet.get("name", ""), targets.get(relation, "")


def _target(archive: ZipFile, names: set[str], rels: str, kind: str) -> str:
    if rels in names:
        for found in _elements(_RELATION, archive.read(rels)):
            if found.get("Type", "").endswith(f"/{kind}"):
                return _resolve("", found.get("Target", ""))
    return ""


def _resolve(folder: str, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    return posixpath.normpath(posixpath.join(folder, target))


def _elements(pattern: re.Pattern[bytes], xml: bytes) -> Iterator[dict[str, str]]:
    for tag in pattern.finditer(xml):
        yield {
            name.decode(): _unescape(value.decode("utf-8", "replace"))
            for name, value in _ATTRIBUTE.findall(tag[1])
        }


def _unescape(text: str) -> str:
    for entity, character in _ENTITIES.items():
        text = text.replace(entity, character)
    return text


def _facts(xml: bytes) -> SheetFacts:
    rows, columns, errors = 0, 0, set()
    for cell in _CELL.finditer(xml):
        place = _PLACE.search(cell[1])
        if place is None:
            continue
        row, column = int(place[2]) - 1, _column(place[1])
        rows, columns = max(rows, row + 1), max(columns, column + 1)
        if _ERROR.search(cell[1]):
            errors.add((row, column))
    return SheetFacts(rows, columns, frozenset(errors))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1
