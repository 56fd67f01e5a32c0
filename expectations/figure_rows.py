"""Rows of figures, each of which is about one of some statements: how that comes out.

A row has its statement as text, and then each figure that this speaks of, followed by how far it
may lie from the true one. All rows about a statement are decided at once.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pandas as pd

from expectations.rule import Outcome
from expectations.screen import Outcomes, outcomes
from schemas.rules.statement import Statement

_EXACT_BELOW = 2**53

Stated = tuple[Decimal | None, Decimal]
"""A figure, None where it is unknown, and how far the true one may lie from it."""


def figure_rows(written: Sequence[str], stated: Sequence[Sequence[Stated]]) -> pd.DataFrame:
    """A row for each statement, as text, with the figures of its operands, in their order."""
    columns: dict[str, Sequence[object]] = {"statement": written}
    for n in range(max(map(len, stated), default=0)):
        figures = [figures[n] if n < len(figures) else (None, None) for figures in stated]
        columns[f"figure {n + 1}"] = [value for value, _ in figures]
        columns[f"reach {n + 1}"] = [reach for _, reach in figures]
    return pd.DataFrame(columns, dtype=object)


def rows_outcomes(rows: pd.DataFrame, statements: Iterable[Statement]) -> Outcomes:
    """The `Outcome` of each row; one about any other statement is not applicable."""
    asked = {statement.written: statement for statement in statements}
    came_out = np.full(len(rows), Outcome.NOT_APPLICABLE, dtype=np.int8)
    columns = [rows[name].to_numpy() for name in rows.columns[1:]]
    for written, positions in rows.groupby(rows.columns[0], sort=False).indices.items():
        if (statement := asked.get(str(written))) is not None:
            came_out[positions] = _outcomes(statement, [each[positions] for each in columns])
    return came_out


def _outcomes(statement: Statement, columns: Sequence[npt.NDArray[np.object_]]) -> Outcomes:
    figures, widths = {}, {}
    for name, values, reaches in zip(statement.operands, columns[::2], columns[1::2], strict=False):
        figures[name] = _column(values.tolist(), reaches.tolist())
        widths[name] = reaches.tolist()
    return outcomes(statement, pd.DataFrame(figures), widths)


def _column(values: list[Decimal | None], reaches: list[Decimal]) -> "pd.Series[int]":
    """Figures; whole numbers, which are compared as such, where all are exact and whole."""
    known = [value for value in values if value is not None]
    whole = not any(reaches) and all(
        abs(value) < _EXACT_BELOW and value == int(value) for value in known
    )
    if whole:
        return pd.Series([None if v is None else int(v) for v in values], dtype="Int64")
    return pd.Series(values, dtype=object)
