"""The comments on a sheet: ours come below what others wrote, and go again."""

from collections.abc import Mapping
from struct import pack, unpack_from

from schemas.formats.biff12_records import joined, string_at
from schemas.grid import OWN_AUTHOR, OWN_RULE, Place
from warehouse.publish.marks.biff12 import kinds
from warehouse.publish.marks.biff12.records import Record, records_of, text
from warehouse.publish.marks.biff12.rich_text import RichText
from warehouse.publish.marks.marking import (
    LONGEST_AUTHOR,
    CannotMark,
    is_ours,
    with_our_author,
    with_ours,
    without_our_author,
    without_ours,
)

_THREAD = "tc="
"""How the author begins of a comment that stands for a conversation."""

NO_COMMENTS = joined(
    (kind, b"")
    for kind in (
        *(kinds.COMMENTS, kinds.AUTHORS, kinds.AUTHORS_END),
        *(kinds.COMMENT_LIST, kinds.COMMENT_LIST_END, kinds.COMMENTS_END),
    )
)
"""A part without any."""


class _Comment:
    """A comment in its records, which it changes in place.

    In front of the first may stand by what number newer programs know it.
    """

    def __init__(self, records: list[Record]) -> None:
        self.records = records
        of = [kind for kind, _ in records]
        if kinds.COMMENT not in of:
            raise CannotMark("the comments of a sheet are damaged")
        self._head = of.index(kinds.COMMENT)
        if kinds.COMMENT_TEXT not in of:
            records.insert(self._head + 1, (kinds.COMMENT_TEXT, RichText("").written()))
        self._text = [kind for kind, _ in records].index(kinds.COMMENT_TEXT)

    @property
    def author(self) -> int:
        """The number of its author."""
        return int(unpack_from("<I", self.records[self._head][1])[0])

    @author.setter
    def author(self, number: int) -> None:
        kind, data = self.records[self._head]
        self.records[self._head] = (kind, pack("<I", number) + data[4:])

    @property
    def place(self) -> Place:
        """The cell that it is on."""
        row, column = unpack_from("<4xI4xI", self.records[self._head][1])
        return row, column

    @property
    def text(self) -> RichText:
        """What it says."""
        return RichText.read(self.records[self._text][1])

    @text.setter
    def text(self, told: RichText) -> None:
        self.records[self._text] = (kinds.COMMENT_TEXT, told.written())


class Comments:
    """The comments of a part, in whose `font` ours are written. Raises CannotMark where damaged."""

    def __init__(self, part: bytes, font: int) -> None:
        records = records_of(part)
        of = [kind for kind, _ in records]
        ends = (kinds.AUTHORS_END, kinds.COMMENT_LIST, kinds.COMMENT_LIST_END)
        if any(end not in of for end in ends):
            raise CannotMark("the comments of a sheet are damaged")
        authors, begin, end = map(of.index, ends)
        self._head, self._between = records[:authors], records[authors : begin + 1]
        self._comments, self._tail = _grouped(records[begin + 1 : end]), records[end:]
        self._font = font

    def part(self) -> bytes:
        """The part with its comments as they are now."""
        comments = [record for comment in self._comments for record in comment.records]
        return joined((*self._head, *self._between, *comments, *self._tail))

    @property
    def texts(self) -> dict[Place, str]:
        """What is said on which cell."""
        return {comment.place: comment.text.text for comment in self._comments}

    def has_ours(self) -> bool:
        """Whether there is anything of ours; in a conversation it has another author."""
        ours = any(map(is_ours, self._authors))
        return ours or any(OWN_RULE in comment.text.text for comment in self._comments)

    def clean(self) -> frozenset[Place]:
        """Take ours out, and tell from where; what others wrote stays, and is theirs again."""
        authors = self._authors
        kept, gone = list[_Comment](), set[Place]()
        for comment in self._comments:
            author, said = authors[comment.author], comment.text
            if author == OWN_AUTHOR and OWN_RULE not in said.text:
                gone.add(comment.place)
                continue
            kept.append(comment)
            if OWN_RULE in said.text:
                comment.text = said.cut(without_ours(said.text))
            if is_ours(author):
                comment.author = self._author(without_our_author(author))
        self._comments = kept
        return frozenset(gone)

    def put(self, texts: Mapping[Place, str]) -> None:
        """Put comments on cells, below those that are there."""
        there = {comment.place: comment for comment in self._comments}
        for place, ours in texts.items():
            if place not in there:
                there[place] = self._added(place)
            comment = there[place]
            said = comment.text
            comment.text = said.extended(with_ours(said.text, ours), self._font)
            author = self._authors[comment.author] if said.text else ""
            if not author.startswith(_THREAD):
                comment.author = self._author(with_our_author(author)[:LONGEST_AUTHOR])

    def _added(self, place: Place) -> _Comment:
        row, column = place
        of_nobody = pack("<5I16x", 0, row, row, column, column)
        comment = _Comment([(kinds.COMMENT, of_nobody), (kinds.COMMENT_END, b"")])
        self._comments.append(comment)
        return comment

    @property
    def _authors(self) -> list[str]:
        return [string_at(data, 0)[0] for kind, data in self._head if kind == kinds.AUTHOR]

    def _author(self, name: str) -> int:
        """The number of an author, who is added where he is new."""
        authors = self._authors
        if name not in authors:
            self._head.append((kinds.AUTHOR, text(name)))
            return len(authors)
        return authors.index(name)


def _grouped(records: list[Record]) -> list[_Comment]:
    """Comments, each with all that stands behind the end of the one before."""
    found, begun = list[_Comment](), 0
    for number, (kind, _) in enumerate(records, start=1):
        if kind == kinds.COMMENT_END:
            found.append(_Comment(records[begun:number]))
            begun = number
    return found
