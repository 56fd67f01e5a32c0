"""The names of OpenDocument, and elements made with them."""

from collections.abc import Mapping
from functools import cache

from lxml import etree

_URN = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
SPACES = {
    "config": _URN.format("config"),
    "dc": "http://purl.org/dc/elements/1.1/",
    "draw": _URN.format("drawing"),
    "fo": _URN.format("xsl-fo-compatible"),
    "manifest": _URN.format("manifest"),
    "office": _URN.format("office"),
    "style": _URN.format("style"),
    "svg": _URN.format("svg-compatible"),
    "table": _URN.format("table"),
    "text": _URN.format("text"),
    "xlink": "http://www.w3.org/1999/xlink",
}
"""By their usual prefixes, the namespaces of the names that are used here."""


@cache
def q(name: str) -> str:
    """A name with its usual prefix (table:table-cell) as it stands in a tree."""
    prefix, local = name.split(":")
    return f"{{{SPACES[prefix]}}}{local}"


def made(name: str, attributes: Mapping[str, str] | None = None) -> etree._Element:
    """A new element; all names with their usual prefixes."""
    return etree.Element(q(name), _full(attributes), nsmap=SPACES)


def added(
    parent: etree._Element, name: str, attributes: Mapping[str, str] | None = None
) -> etree._Element:
    """A new element at the end of another: ten times as fast as one that is put there."""
    return etree.SubElement(parent, q(name), _full(attributes))


def _full(attributes: Mapping[str, str] | None) -> dict[str, str]:
    return {q(name): value for name, value in (attributes or {}).items()}


def drop(element: etree._Element) -> None:
    """Take an element out of its tree."""
    parent = element.getparent()
    assert parent is not None, element.tag
    element.clear()  # lxml takes out many elements at once in a time that grows with their square
    parent.remove(element)


_SECTIONS = [
    *map(q, ("office:meta", "office:settings", "office:scripts", "office:font-face-decls")),
    *map(q, ("office:styles", "office:automatic-styles", "office:master-styles", "office:body")),
]


def section(root: etree._Element, name: str) -> etree._Element:
    """A part of a document, which is made at its place where there is none."""
    found = root.find(q(name))
    if found is None:
        later = _SECTIONS[_SECTIONS.index(q(name)) + 1 :]
        following = next(root.iterchildren(*later), None)
        found = made(name)
        root.insert(len(root) if following is None else root.index(following), found)
    return found
