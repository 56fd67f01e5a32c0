"""Texts as paragraphs."""

import re

from lxml import etree

from warehouse.publish.figures import printable
from warehouse.publish.marks.opendocument.names import added

_GAP = re.compile(r"(^ +|(?<= ) +|\t)")  # what XML takes for a single blank, or for none


def add_text(parent: etree._Element, text: str) -> None:
    """Add a paragraph for each line of a text."""
    for line in printable(text).split("\n"):
        first, *rest = _GAP.split(line)
        paragraph = added(parent, "text:p")
        paragraph.text = first
        for gap, following in zip(rest[::2], rest[1::2], strict=True):
            if gap == "\t":
                blank = added(paragraph, "text:tab")
            else:
                blank = added(paragraph, "text:s", {"text:c": str(len(gap))})
            blank.tail = following
