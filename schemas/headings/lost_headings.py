"""What is said of a form whose headings cannot be found: what they should be, and what they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.headings.expected import Expected
from schemas.headings.heading_paths import Grid, Heading
from schemas.headings.headings import MOST_DEPTH, Match
from schemas.layout import Column
from schemas.models import Form, Scheme
from schemas.typed.unit_words import UnitWords
from schemas.workbook import Sheet


@dataclass(frozen=True)
class LostHeadings:
    """The columns of a form that a sheet does not name, and the headings that none of them has."""

    columns: Sequence[Column]
    stated: Sequence[Heading]


def lost_headings(sheet: Sheet, form: Form, scheme: Scheme) -> LostHeadings:
    """What is lost on a sheet where `find_headings` finds too little.

    The row that says most different things is taken for that of the headings, with those over it.
    """
    grid, expected = Grid.of(sheet), Expected(form, scheme)
    rows = range(grid.first, len(grid.filled))
    lowest = max(rows, key=lambda row: len(set(grid.filled[row])), default=grid.first)
    band = range(max(grid.first, lowest - MOST_DEPTH + 1), lowest + 1)
    headings = list(grid.headings(band, UnitWords(scheme).knows)) if rows else []
    found = Match.of(band, headings, expected).places
    return LostHeadings(
        [c for n, c in enumerate(expected.columns) if n not in found and c.indicator],
        [heading for heading in headings if heading not in found.values()],
    )
