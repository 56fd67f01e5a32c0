"""Comments on cells: ours, under what the county has written in the same comment."""

from datetime import UTC, datetime

from lxml import etree

from schemas.formats.markup import text_of
from schemas.grid import OWN_RULE
from warehouse.publish.marks.marking import (
    COMMENT_WIDTH,
    comment_height,
    is_ours,
    with_our_author,
    with_ours,
    without_our_author,
    without_ours,
)
from warehouse.publish.marks.opendocument.names import added, drop, made, q
from warehouse.publish.marks.opendocument.texts import add_text

_NOTE, _CREATOR = q("office:annotation"), q("dc:creator")
_PARAGRAPH, _SOURCE = q("text:p"), q("table:cell-range-source")
_PIXELS = 96  # per inch


def comment(cell: etree._Element, text: str, at: datetime) -> None:
    """Put a comment on a cell, or under the one that it has."""
    note = cell.find(_NOTE)
    if note is None:
        note = made("office:annotation")
        added(note, "dc:date").text = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        cell.insert(sum(1 for _ in cell.iterchildren(_SOURCE)), note)
    written = _text(note)
    whole = with_ours(written, text)
    add_text(note, whole.removeprefix(written).removeprefix("\n"))
    _sign(note, with_our_author(note.findtext(_CREATOR) or ""))
    note.set(q("svg:width"), f"{COMMENT_WIDTH / _PIXELS:.2f}in")
    note.set(q("svg:height"), f"{comment_height(whole) / _PIXELS:.2f}in")


def take_out(spreadsheet: etree._Element) -> None:
    """Take out our comments; what the county had written above them stays, under its name."""
    for note in [*spreadsheet.iter(_NOTE)]:
        author, text = note.findtext(_CREATOR) or "", _text(note)
        if not is_ours(author) and OWN_RULE not in text:
            continue
        if kept := without_ours(text):
            for paragraph in [*note.iterchildren(_PARAGRAPH)][len(kept.split("\n")) :]:
                note.remove(paragraph)
            _sign(note, without_our_author(author))
        else:
            drop(note)


def _sign(note: etree._Element, author: str) -> None:
    """Say whose a comment is, or, with "", no longer."""
    creator = note.find(_CREATOR)
    if creator is None:
        creator = made("dc:creator")
        note.insert(0, creator)
    creator.text = author
    if not author:
        note.remove(creator)


def _text(note: etree._Element) -> str:
    return "\n".join(text_of(paragraph) for paragraph in note.iterchildren(_PARAGRAPH))
