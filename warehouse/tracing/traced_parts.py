"""The totals that a traced figure is made of, and what each county's cells add to them."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import itemgetter
from typing import Any

from schemas.consolidated.measures import PART, WHOLE, Condition, Measure
from schemas.findings import CellRef
from schemas.models import Form, OrgUnit, Scheme
from schemas.text import Text
from warehouse.tracing.traced_lines import FiledLines


@dataclass(frozen=True)
class TracedCell:
    """A cell and what it adds: its number, or 1 for each line where lines are counted.

    `typed` is what stands in it, where that is more than the plain number.
    """

    cell: CellRef
    value: Decimal
    typed: str | None = None


@dataclass(frozen=True)
class Share:
    """What one county's filing adds; `value` is None where none of its cells is filled in."""

    unit: OrgUnit
    file_name: str
    sha256: str
    version: int
    value: Decimal | None
    cells: tuple[TracedCell, ...]


@dataclass(frozen=True)
class Part:
    """One total that a figure is made of: the figure itself, or an operand of a ratio.

    `name` is that of the indicator, or of the form's line where lines are counted.
    """

    name: str
    label: Text
    value: Decimal | None
    shares: tuple[Share, ...]


def part_of(
    scheme: Scheme, form: Form, measure: Measure, name: str, filed: Iterable[FiledLines]
) -> Part:
    """What the lines of filings make of one total of a figure: the operand, or all, by `name`."""
    if measure.share is not None and name == PART:
        filed = [replace(one, lines=_satisfying(one.lines, measure.share)) for one in filed]
    filed = list(filed)
    adding = _first_ones(filed, name) if measure.aggregation == "distinct" else filed
    shares = tuple(
        _share(scheme, form, measure, name, one, _is_known(measure, name, whole.lines))
        for whole, one in zip(filed, adding, strict=True)
    )
    counts_lines = name in (form.line.name, PART, WHOLE)
    label = form.line.label if counts_lines else form[name].label
    return Part(name, label, _combined(measure, [share.value for share in shares]), shares)


def _first_ones(filed: Iterable[FiledLines], name: str) -> Iterator[FiledLines]:
    """The lines on which each value of a column stands for the first time."""
    known: set[Any] = {None}
    for one in filed:
        first = {line[name]: line for line in reversed(one.lines) if line[name] not in known}
        known.update(first)
        yield replace(one, lines=tuple(sorted(first.values(), key=itemgetter("line"))))


def _satisfying(
    lines: Iterable[Mapping[str, Any]], where: Iterable[Condition]
) -> tuple[Mapping[str, Any], ...]:
    return tuple(line for line in lines if all(line[name] == value for name, value in where))


def _is_known(measure: Measure, name: str, lines: Sequence[Mapping[str, Any]]) -> bool:
    """Whether what adds no cell is a zero.

    Without a line the county reported nothing, and its values may all be those of others; lines
    left blank are unknown.
    """
    if measure.aggregation in ("max", "min", "county"):
        return False
    distinct = measure.aggregation == "distinct"
    return not lines or (distinct and any(line[name] is not None for line in lines))


def _share(
    scheme: Scheme, form: Form, measure: Measure, name: str, filed: FiledLines, known: bool
) -> Share:
    filing = filed.filing
    counted = measure.aggregation in ("count", "share", "distinct")
    of_lines = counted and measure.indicator is None
    column = anchor(form, filed.places.columns) if of_lines else name
    cells = tuple(
        TracedCell(
            cell=filed.places.cell(column, line["row"]),
            value=Decimal(1) if counted else Decimal(line[column]),
            typed=None if counted else filed.typed.get((column, line["row"])),
        )
        for line in filed.lines
        if counted or line[column] is not None
    )
    nothing = known and not cells
    value = Decimal(0) if nothing else _combined(measure, [cell.value for cell in cells])
    return Share(
        unit=scheme.county(filing.county_code),
        file_name=filing.file_name,
        sha256=filing.sha256,
        version=filing.version,
        value=value,
        cells=cells,
    )


def anchor(form: Form, there: Container[str] | None = None) -> str:
    """The column whose cell stands for a whole line: its first key, if need be of those there."""
    open_to_all = [i.name for i in (*form.key_indicators, *form.indicators) if not i.personal]
    return next(name for name in open_to_all if there is None or name in there)


def _combined(measure: Measure, values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    if not known:
        return None
    if measure.aggregation == "min":
        return min(known)
    return max(known) if measure.aggregation in ("max", "county") else sum(known, Decimal(0))
