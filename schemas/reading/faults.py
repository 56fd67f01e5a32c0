"""Faults of cells, and the findings that are made of them: those that say the same are one.

A register may have the same fault on each of its lines, and a finding is large beside a cell: so
findings are made of faults when it is known how many say the same.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from schemas import messages
from schemas.findings import CellRef, Finding, Severity, areas_of
from schemas.layout import address
from schemas.models import Indicator
from schemas.place import MOST_LINES, Place, public
from schemas.text import Text


class Fault(NamedTuple):
    """What is wrong with one cell of a column, which stands in a row of the sheet, from 0.

    Without a severity it has the usual one of its code.
    """

    code: str
    indicator: Indicator
    row: int
    column: int
    parameters: Mapping[str, Text | str]
    severity: Severity | None = None


Found = Finding | Fault


def merged(found: Iterable[Found], place: Place, sheet: str) -> tuple[Finding, ...]:
    """The findings on a sheet, those that say the same of the same column made one.

    More than a few of one code about one column are one, too, though they quote other values.
    """
    groups: dict[object, list[Found]] = {}
    for each in found:
        groups.setdefault(_said(each), []).append(each)
    alike: dict[object, list[list[Found]]] = {}
    for number, group in enumerate(groups.values()):
        alike.setdefault(_of_column(group[0]) or number, []).append(group)
    return tuple(
        _one(group, place, sheet)
        for of_column in alike.values()
        for group in ([_all(of_column)] if len(of_column) > MOST_LINES else of_column)
    )


def _said(found: Found) -> object:
    """What is said, wherever it is; of what is not about a column, where it is, too."""
    if isinstance(found, Finding):
        where = () if found.indicator else found.cells
        return found.model_copy(update={"cells": where}).model_dump_json()
    told = public(found.indicator, found.parameters)
    return *(_of_column(found) or ()), *told.items()


def _of_column(found: Found) -> tuple[str, str, Severity] | None:
    """The code and severity of what is about a column, with it."""
    if isinstance(found, Finding):
        return (found.code, found.indicator, found.severity) if found.indicator else None
    severity = found.severity or messages.severity(found.code)
    return found.code, found.indicator.name, severity


def _all(groups: Iterable[list[Found]]) -> list[Found]:
    """What several groups say of one column, each from the top down."""
    return [*chain.from_iterable(sorted(group, key=_row) for group in groups)]


def _row(found: Found) -> int:
    return found.row if isinstance(found, Fault) else found.cells[0].row - 1


def _one(group: Sequence[Found], place: Place, sheet: str) -> Finding:
    """One finding in the place of some, which says what the first of them says."""
    first = group[0]
    cells = tuple(cell for each in group for cell in _cells(each, sheet))
    if isinstance(first, Fault):
        code, indicator, _, _, parameters, severity = first
        first = place.value_finding(code, indicator, cells[0], parameters, severity)
    if len(group) == 1:
        return first
    together = {"cells": cells[:MOST_LINES], "areas": areas_of(cells), "lines": len(group)}
    return first.model_copy(update=together)


def _cells(found: Found, sheet: str) -> Iterator[CellRef]:
    if isinstance(found, Finding):
        yield from found.every_cell
    else:
        yield CellRef(sheet=sheet, address=address(found.row, found.column))
