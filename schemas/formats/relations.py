"""How the parts of an Office package refer to each other."""

import posixpath
import re
from collections.abc import Iterator
from zipfile import ZipFile

from schemas.formats.package import part

_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s([^>]*)>")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*["']([^"']*)["']""")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}


def workbook_part(package: ZipFile) -> str:
    """The part that lists the sheets; "" where the package is not laid out as usual."""
    if "_rels/.rels" in package.namelist():
        for found in elements(_RELATION, part(package, "_rels/.rels")):
            if found.get("Type", "").endswith("/officeDocument"):
                return _resolve("", found.get("Target", ""))
    return ""


def targets(package: ZipFile, source: str) -> dict[str, str]:
    """The parts that a part refers to, by the id it has for each."""
    folder, file = posixpath.split(source)
    rels = posixpath.join(folder, "_rels", f"{file}.rels")
    if rels not in package.namelist():
        return {}
    return {
        found.get("Id", ""): _resolve(folder, found.get("Target", ""))
        for found in elements(_RELATION, part(package, rels))
    }


def elements(pattern: re.Pattern[bytes], xml: bytes) -> Iterator[dict[str, str]]:
    """The attributes of each element that a pattern finds; its first group holds them."""
    for tag in pattern.finditer(xml):
        yield {
            name.decode(): _unescape(value.decode("utf-8", "replace"))
            for name, value in _ATTRIBUTE.findall(tag[1])
        }


def _resolve(folder: str, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    return posixpath.normpath(posixpath.join(folder, target))


def _unescape(text: str) -> str:
    for entity, character in _ENTITIES.items():
        text = text.replace(entity, character)
    return text
