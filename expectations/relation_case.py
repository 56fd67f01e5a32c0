"""One rule between forms applied to one filing: the figures that it compares."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from expectations.figure_rows import Stated
from schemas.consolidated.figures import Figure, Source, matching
from schemas.consolidated.measures import Condition
from schemas.consolidated.relations import Operand
from schemas.filing import ROW, Filing
from schemas.findings import CellRef
from schemas.language import expression
from schemas.models import Form, Relation
from schemas.rules.statement import Statement

MOST_CELLS = 10
"""A finding names no more cells than these; a figure may be made of thousands."""

_UNKNOWN: Stated = (None, Decimal(0))


@dataclass(frozen=True)
class Taken:
    """A figure and where it was taken from; `filing` is set where that is in the same file."""

    operand: Operand
    source: Source
    figure: Figure
    filing: Filing | None

    @property
    def value(self) -> Decimal:
        """The value of a figure that is known."""
        assert self.figure.value is not None, self.operand.name
        return self.figure.value


@dataclass(frozen=True)
class RelationCase:
    """A relation and the filing it judges; a figure of which nothing has come is not `taken`.

    `key` is the column and value that it is asked of, where it is asked of some lines only.
    """

    relation: Relation
    form: Form
    filing: Filing
    taken: Mapping[str, Taken]
    key: Condition | None = None

    @property
    def statement(self) -> Statement:
        """What must hold, each figure as precise as the lines it is made of."""
        reaches = {name: found.figure.reach for name, found in self.taken.items()}
        return Statement(self.relation.comparison, self.relation.condition, reaches)

    @property
    def line(self) -> dict[str, Decimal | None]:
        """The figures by name; None where a figure is unknown."""
        values = {name: found.figure.value for name, found in self.taken.items()}
        return {name: values.get(name) for name in self.statement.operands}

    def figures(self, operands: Sequence[str]) -> list[Stated]:
        """The figures of the statement's operands, and how far the true ones may lie from them."""
        taken = [self.taken.get(name) for name in operands]
        return [_UNKNOWN if t is None else (t.figure.value, t.figure.reach) for t in taken]

    @property
    def indicator(self) -> str | None:
        """The column of the judged form that it speaks of first."""
        mine = Source.of(self.filing)
        own = (t.operand.measure.indicator for t in self.taken.values() if t.source == mine)
        return next(own, None) or (None if self.key is None else self.key[0])

    @property
    def is_part_of_total(self) -> bool:
        """Whether its left side is a sum of the judged form, of which the municipal one is made."""
        left = expression.bare(self.relation.comparison.left)
        if not isinstance(left, expression.Name) or self.key is not None:
            return False
        taken = self.taken[left.name]
        mine = taken.source == Source.of(self.filing)
        return mine and taken.operand.measure.aggregation == "sum"

    def filings(self) -> dict[str, Filing]:
        """The judged filing and those of its file that the figures are taken from, by name."""
        beside = (taken.filing for taken in self.taken.values() if taken.filing is not None)
        return {filing.name: filing for filing in (self.filing, *beside)}

    def cells(self) -> tuple[CellRef, ...]:
        """Where the compared figures stand in the judged filing, and then in the rest of its file.

        Of a relation that failed, all of them have come.
        """
        mine = Source.of(self.filing)
        compared = (self.taken[name] for name in expression.names(self.relation.comparison))
        ordered = sorted(compared, key=lambda found: found.source != mine)
        cells = [cell for found in ordered for cell in cells_of(found)]
        if self.key is not None and all(found.source != mine for found in ordered):
            cells = [*self._key_cells(self.key), *cells]
        return tuple(dict.fromkeys(cells))[:MOST_CELLS]

    def _key_cells(self, key: Condition) -> list[CellRef]:
        lines = self.filing.frame[matching(self.form, self.filing.frame, (key,))]
        return [self.filing.cell(key[0], int(row)) for row in lines[ROW].tolist()]


def cells_of(taken: Taken) -> Iterator[CellRef]:
    """The cell of the total that the county wrote, or else the cells that make the figure.

    None where the figure stands in another file.
    """
    filing, form, measure = taken.filing, taken.operand.form, taken.operand.measure
    if filing is None:
        return
    open_to_all = (i for i in (*form.key_indicators, *form.indicators) if not i.personal)
    column = measure.indicator or next(open_to_all).name
    totals = [total.cell for total in filing.totals if total.indicator == measure.indicator]
    if totals and not measure.where:
        yield from totals
    elif column in filing.columns:
        lines = filing.frame[matching(form, filing.frame, measure.where)]
        for row in lines[ROW].tolist():
            yield filing.cell(column, int(row))
