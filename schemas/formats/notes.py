"""Comments on the cells of an .xlsx."""

import re
from collections.abc import Mapping
from posixpath import basename
from zipfile import ZipFile

from schemas.formats.markup import text_of, walk
from schemas.formats.package import part, refuse_entities
from schemas.formats.relations import targets
from schemas.grid import Place, column_number, peoples_words

_NAME = re.compile(r"comments?\d*\.xml")
_MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


def notes_of(package: ZipFile, sheet: str) -> Mapping[Place, str]:
    """What people wrote in comments on the cells of a sheet, given by its part.

    What huizong has written itself is left out.
    """
    names = set(package.namelist())
    found: dict[Place, str] = {}
    for target in targets(package, sheet).values():
        if target in names and _NAME.fullmatch(basename(target)):
            xml = part(package, target)
            refuse_entities(xml)
            found |= _notes(xml)
    return found


def _notes(xml: bytes) -> dict[Place, str]:
    authors: list[str] = []
    found: dict[Place, str] = {}
    names = [f"{{{space}}}{name}" for space in _MAIN for name in ("author", "comment")]
    for event, element in walk(xml, *names):
        if event != "end":
            continue
        if element.tag.endswith("}author"):
            authors.append(element.text or "")
            continue
        number = element.get("authorId", "")
        author = authors[int(number)] if number.isdecimal() and int(number) < len(authors) else ""
        place = _PLACE.fullmatch(element.get("ref", ""))
        if place and (text := peoples_words(author, text_of(element))):
            found[int(place[2]) - 1, column_number(place[1])] = text
    return found
