"""Elements put into the parts of a package."""

from lxml import etree


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
