"""Elements put into the parts of a package."""

from lxml import etree
from openpyxl.descriptors.serialisable import Serialisable
from openpyxl.xml.functions import tostring


class Maker:
    """What makes elements of a namespace: `make("row", cell, r="7")`.

    An element takes over the prefix of the part that it is put into.
    """

    def __init__(self, namespace: str) -> None:
        self.space = f"{{{namespace}}}"

    def __call__(self, name: str, /, *children: etree._Element, **values: str) -> etree._Element:
        """An element with children and attributes."""
        element = etree.Element(f"{self.space}{name}", values)
        element.extend(children)
        return element

    def drawn(self, what: Serialisable, name: str | None = None) -> etree._Element:
        """The element of what openpyxl knows how to write: a font, a view, a page."""
        element = etree.fromstring(tostring(what.to_tree(name)))
        for each in element.iter():
            each.tag = f"{self.space}{each.tag}"
        return element

    def saying(self, name: str, text: str, /, **values: str) -> etree._Element:
        """An element with a text and attributes."""
        element = self(name, **values)
        element.text = text
        return element


def remove(element: etree._Element) -> None:
    """Take an element out of its parent."""
    parent = element.getparent()
    assert parent is not None, element
    parent.remove(element)
