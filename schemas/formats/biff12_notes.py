"""Comments on the cells of an .xlsb."""

from collections.abc import Mapping
from posixpath import basename
from struct import unpack_from
from zipfile import ZipFile

from schemas.formats.biff12_records import records, string_at
from schemas.formats.package import part
from schemas.formats.relations import targets
from schemas.grid import Place, peoples_words

_AUTHOR, _COMMENT, _TEXT = 632, 635, 637
_FLAGS = 1  # a byte before the text


def notes_of(package: ZipFile, sheet: str) -> Mapping[Place, str]:
    """What people wrote in comments on the cells of a sheet, given by its part.

    What huizong has written itself is left out.
    """
    names = set(package.namelist())
    found: dict[Place, str] = {}
    for target in targets(package, sheet).values():
        if target in names and basename(target).startswith("comments"):
            found |= _notes(part(package, target))
    return found


def _notes(comments: bytes) -> dict[Place, str]:
    authors: list[str] = []
    found: dict[Place, str] = {}
    number, place = -1, (0, 0)
    for kind, data in records(comments):
        if kind == _AUTHOR:
            authors.append(string_at(data, 0)[0])
        elif kind == _COMMENT:
            number, row, column = unpack_from("<2I4xI", data)
            place = row, column
        elif kind == _TEXT:
            author = authors[number] if 0 <= number < len(authors) else ""
            if text := peoples_words(author, string_at(data, _FLAGS)[0]):
                found[place] = text
    return found
