"""The kinds of mess, by name; each changes a return and says whether it could."""

from collections.abc import Callable
from random import Random

from tests.mess.page import Cell, Column, Page, Return

Mess = Callable[[Return, Random], bool]

KINDS: dict[str, Mess] = {}
"""Every kind of mess, in the order of the table that `make mess` prints."""


def kind(name: str) -> Callable[[Mess], Mess]:
    """Register a kind of mess under its name."""

    def register(mess: Mess) -> Mess:
        assert name not in KINDS, name
        KINDS[name] = mess
        return mess

    return register


def some_page(made: Return, random: Random, *bodies: str) -> Page | None:
    """One of the pages, of one of the bodies if any are named."""
    pages = [page for _, page in made.pages if not bodies or page.form.body in bodies]
    return random.choice(pages) if pages else None


def columns_of(page: Page, *kinds: str, computed: bool = False) -> list[Column]:
    """The columns of the form whose values are of one of the kinds."""
    return [
        column
        for column in page.columns
        if column.indicator is not None
        and column.indicator.kind in kinds
        and (column.indicator.computed is not None) == computed
    ]


def some_cell(
    made: Return, random: Random, *kinds: str, computed: bool = False
) -> tuple[Page, Column, Cell] | None:
    """A cell with a value of one of the kinds of which no mess was made yet."""
    found = [
        (page, column, cell)
        for _, page in made.pages
        for column in columns_of(page, *kinds, computed=computed)
        for line, cell in enumerate(column.cells)
        if cell.free and cell.truth is not None and line in page.lines
    ]
    return random.choice(found) if found else None


def entered(page: Page) -> list[Column]:
    """The columns that a person fills in."""
    return [c for c in page.columns if c.indicator is not None and c.indicator.computed is None]
