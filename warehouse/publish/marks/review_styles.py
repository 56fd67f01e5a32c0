"""How the review looks in formats in which a style is known by a number."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from schemas.findings import Severity
from warehouse.publish.marks.marking import HEAD_SIZES, ReviewColumn
from warehouse.publish.sheets import HEADING, INK, LINK, MUTED, SEVERITY_FILLS

_POINTS = 10


class Styles(Protocol):
    """The styles of a workbook, to which those of the review are added."""

    def font(
        self, name: str, points: float, *, bold: bool = False, link: bool = False, colour: str
    ) -> int:
        """The number of a font; `link` underlines it."""

    def head(self, font: int) -> int:
        """The number of the style of a row above the headings."""

    def boxed(self, font: int, *, centred: bool = True, fill: str = "") -> int:
        """The number of the style of a cell with lines around it; `fill` is a colour."""


@dataclass(frozen=True)
class ReviewStyles:
    """The numbers of the styles of the review: of its four heads, its headings and its lines.

    `plain` is that of cells nobody sees.
    """

    heads: tuple[int, ...]
    heading: int
    left: int
    centred: int
    link: int
    severities: Mapping[Severity, int]
    plain: int

    def of_cell(self, column: ReviewColumn, severity: Severity, *, leads: bool) -> int:
        """The style of a cell in a line; `leads` says whether its address leads to a cell."""
        if column.name == "severity":
            return self.severities[severity]
        if column.name == "cell" and leads:
            return self.link
        return self.centred if column.centred else self.left


def review_styles(styles: Styles, font: str, plain: int) -> ReviewStyles:
    """Those styles, added to the others of a workbook; `plain` is one that it has."""
    text = styles.font(font, _POINTS, colour=INK)
    bold = styles.font(font, _POINTS, bold=True, colour=INK)
    link = styles.font(font, _POINTS, link=True, colour=LINK)
    title, *others, signature = HEAD_SIZES
    heads = (
        styles.font(font, title, bold=True, colour=INK),
        *(styles.font(font, size, colour=INK) for size in others),
        styles.font(font, signature, colour=MUTED),
    )
    return ReviewStyles(
        heads=tuple(styles.head(head) for head in heads),
        heading=styles.boxed(bold, fill=HEADING),
        left=styles.boxed(text, centred=False),
        centred=styles.boxed(text),
        link=styles.boxed(link),
        severities={
            severity: styles.boxed(text, fill=colour) for severity, colour in SEVERITY_FILLS.items()
        },
        plain=plain,
    )
