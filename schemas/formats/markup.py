"""XML from files nobody vouches for: no network, no DTD, no entity, bounded depth and text."""

import io
from collections.abc import Iterator
from datetime import date, datetime, time

from lxml import etree

from schemas.grid import RawCell


def walk(xml: bytes, *names: str) -> Iterator[tuple[str, etree._Element]]:
    """The elements of these qualified names as they start and end, each forgotten after its end.

    What is told at an end is complete with its children, but for those that were named too.
    """
    source = etree.iterparse(
        io.BytesIO(xml),
        events=("start", "end"),
        tag=names,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    for event, element in source:
        yield event, element
        if event == "end":
            _forget(element)


def _forget(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def text_of(element: etree._Element) -> str:
    """All text in an element."""
    return "".join(map(str, element.itertext()))


def number_of(text: str | None, default: int = 0) -> int:
    """A whole number that an attribute states, or the default."""
    return int(text) if text is not None and text.isdecimal() and len(text) < 12 else default


def moment_of(text: str) -> RawCell:
    """A date or date with time in ISO 8601; a date alone where no time is told."""
    if len(text) <= len("2015-12-31"):
        return date.fromisoformat(text)
    told = datetime.fromisoformat(text).replace(tzinfo=None, microsecond=0)
    return told.date() if told.time() == time() else told
