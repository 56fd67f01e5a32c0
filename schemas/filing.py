"""A filing: one form of one county for one period, read out of a submission, with its cells.

Most of huizong knows filings, and what only looks into the warehouse never sees the lines of one:
pandas, which takes longer to import than a look, is imported where a frame is made.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from decimal import Decimal
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from schemas.answers import Answers
from schemas.areas import area_of
from schemas.findings import CellRef, CheckResult, Finding, areas_of, has_errors
from schemas.language.expression import Value
from schemas.models import Form, Indicator

if TYPE_CHECKING:
    import pandas as pd

ROW = "row"
"""Frame column: the row of the sheet, as Excel numbers it; numbered on over several sheets."""

NIL = "nil"
"""Frame column: the indicators of the line that were declared nil, separated by blanks."""


@dataclass(frozen=True)
class Total:
    """A total that the county wrote itself: never loaded, only compared with its lines."""

    indicator: str
    value: Decimal
    cell: CellRef


@dataclass(frozen=True)
class Typed:
    """What a person typed where it is more than the plain number: 近1.2万人 for 12000.

    `step` is what one more in its last digit is worth, in the unit of the column (1000 here), so
    that the true value lies within half of it; `rough` are the words that make it a rough one.
    """

    text: str
    step: Decimal
    rough: str = ""


@dataclass(frozen=True)
class Piece:
    """A further sheet of a form that is split: some columns of the frame's rows `first` to `last`.

    The row of the frame is `shift` more than the row of that sheet.
    """

    sheet: str
    columns: Mapping[str, str]
    first: int
    last: int
    shift: int


@dataclass(frozen=True)
class Places:
    """Where the values of a filing stand: the letter of each indicator's column on its sheet.

    Of a form that is split over sheets `pieces` say what stands on the others, and letters are
    those of the sheet where the column stands first.
    """

    sheet: str
    columns: Mapping[str, str]
    pieces: Sequence[Piece] = ()

    def cell(self, indicator: str, row: int) -> CellRef:
        """The cell of an indicator on a row of the frame."""
        for piece in self.pieces:
            if piece.first <= row <= piece.last and indicator in piece.columns:
                letter = piece.columns[indicator]
                return CellRef(sheet=piece.sheet, address=f"{letter}{row - piece.shift}")
        return CellRef(sheet=self.sheet, address=f"{self.columns[indicator]}{row}")

    def areas(self, indicator: str, rows: Sequence[int]) -> tuple[CellRef, ...]:
        """The cells of an indicator on many rows of the frame; none where the sheet lacks it."""
        if indicator not in self.columns:
            return ()
        if self.pieces:
            return areas_of(self.cell(indicator, row) for row in rows)
        letter = self.columns[indicator]
        return (CellRef(sheet=self.sheet, address=area_of(f"{letter}{row}" for row in rows)),)

    def rows(self, cell: CellRef) -> Iterator[int]:
        """The rows of the frame that may stand on the row of a cell: one, unless it is stray."""
        number = cell.row
        if cell.sheet == self.sheet:
            yield number
        for piece in self.pieces:
            if cell.sheet == piece.sheet and piece.first <= number + piece.shift <= piece.last:
                yield number + piece.shift


@dataclass(frozen=True)
class Filing:
    """One form of one county for one period as read.

    `frame` has one row per reported line and the columns of `frame_columns`: text and codes as
    str, integers as Int64, decimals as Decimal and dates as date in object columns. A blank cell is
    missing; a declared nil is 0 and named in the NIL column. `columns` gives the letter of each
    indicator's column, so every value has an address; `pieces` are further sheets of a form that is
    split. `declared_nil` is set when the county declared the whole form nil, which leaves no lines.
    `typed` holds what was typed, by indicator and row of the frame, where that is more than the
    plain number; of any other number its own digits are what was typed.
    """

    form: str
    county: str
    period: str
    sheet: str
    frame: pd.DataFrame
    columns: Mapping[str, str]
    declared_nil: bool = False
    totals: tuple[Total, ...] = ()
    typed: Mapping[tuple[str, int], Typed] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    pieces: tuple[Piece, ...] = ()

    @property
    def name(self) -> str:
        """What it is called among the filings of its county: its form and its period."""
        return f"{self.form}@{self.period}"

    @cached_property
    def places(self) -> Places:
        """Where its values stand."""
        return Places(self.sheet, self.columns, self.pieces)

    def cell(self, indicator: str, row: int) -> CellRef:
        """The cell of an indicator on a row of the frame."""
        return self.places.cell(indicator, row)

    @cached_property
    def plain(self) -> dict[str, list[Any]]:
        """The columns of its frame as plain values, which take more room than the frame."""
        return plain_columns(self.frame)

    def digest(self, form: Form) -> str:
        """A digest of every value and where it stands; equal filings have equal digests."""
        what = [self.sheet, sorted(self.columns.items()), self.declared_nil]
        what += map(astuple, self.pieces)
        # By columns: a register has millions of values.
        lines = list(zip(*(_words(self.plain[n]) for n in frame_columns(form)), strict=True))
        return hashlib.sha256(json.dumps([what, lines], ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Reading:
    """What was read out of one submission.

    `county` and `period` are None where they could not be told; then there are no filings and a
    finding says why. `findings` concern the file; each filing has its own. `answers` are what was
    written beside findings that were sent back; without a filing the file is a list of these.
    """

    county: str | None = None
    period: str | None = None
    filings: tuple[Filing, ...] = ()
    findings: tuple[Finding, ...] = ()
    answers: Answers | None = None

    @property
    def refused(self) -> bool:
        """Whether the file as a whole was refused."""
        return not self.filings and has_errors(self.findings)


@dataclass(frozen=True)
class Checked:
    """How the checks of one filing came out, besides what reading it found."""

    findings: tuple[Finding, ...]
    results: tuple[CheckResult, ...]

    def and_also(self, other: Checked) -> Checked:
        """With how further checks of the filing came out."""
        return Checked(self.findings + other.findings, self.results + other.results)


@dataclass(frozen=True)
class Received:
    """A file as it came in, before anything looked at it."""

    name: str
    content: bytes
    channel: str
    sender: str | None = None
    sha256: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sha256", hashlib.sha256(self.content).hexdigest())


def frame_columns(form: Form) -> list[str]:
    """The columns of a form's frame, in order."""
    return [*(indicator.name for indicator in form.indicators), ROW, NIL]


def typed_frame(form: Form, lines: list[dict[str, object]]) -> pd.DataFrame:
    """A frame from lines of plain values; columns that a line lacks are missing."""
    names = frame_columns(form)
    return frame_of(form, {name: [line.get(name) for line in lines] for name in names})


def frame_of(form: Form, columns: Mapping[str, Sequence[object]]) -> pd.DataFrame:
    """A frame from columns of plain values, all as long; one that is not among them is missing."""
    import pandas as pd

    missing = [None] * max(map(len, columns.values()), default=0)
    # No series: their indexes would be compared with each other, one by one.
    return pd.DataFrame(
        {name: _array(form, name, columns.get(name, missing)) for name in frame_columns(form)}
    )


def _array(form: Form, name: str, values: Sequence[object]) -> Any:
    """The plain values of a column as its frame has them."""
    import pandas as pd
    import pyarrow as pa  # type: ignore[import-untyped]

    dtype = _dtype(form, name)
    if dtype == "str":  # Arrow is where pandas puts texts, after it has looked at each by itself
        values = pa.array(values, type=pa.large_string(), from_pandas=True)
    return pd.array(values, dtype=_type_named(dtype))


@cache
def _type_named(name: str) -> Any:
    """A type of pandas; to find it by its name takes longer than to make a short column."""
    from pandas.api.types import pandas_dtype

    return pandas_dtype(name)


def _dtype(form: Form, name: str) -> str:
    if name == ROW:
        return "Int64"
    if name == NIL:
        return "str"
    return {"integer": "Int64", "decimal": "object", "date": "object"}.get(form[name].kind, "str")


def column_of(frames: Sequence[pd.DataFrame], name: str) -> pd.Series[Any]:
    """A column of some frames, one after the other, numbered from 0."""
    import pandas as pd

    # To be asked whether the name is to be sorted takes as long as three times the column.
    return pd.concat([frame[name] for frame in frames], ignore_index=True, sort=False)


def records(
    frame: pd.DataFrame, form: Form, *, provenance: bool = False
) -> list[dict[str, Value | None]]:
    """The lines of a frame as plain values: str, Decimal, date, None.

    Integers come as Decimal, so that all arithmetic is exact. With `provenance` the row and the
    declared nils are there too.
    """
    values = plain_columns(frame)
    columns: dict[str, list[Value | None]] = {}
    for indicator in form.indicators:
        columns[indicator.name] = _exact(values[indicator.name], indicator)
    if provenance:
        columns[ROW] = [Decimal(row) for row in values[ROW]]
        columns[NIL] = values[NIL]
    return [dict(zip(columns, line, strict=True)) for line in zip(*columns.values(), strict=True)]


def plain_column(frame: pd.DataFrame, indicator: Indicator) -> list[Value | None]:
    """A column of a frame as plain values, as in `records`."""
    return _exact(plain_values(frame[indicator.name]), indicator)


def _exact(values: list[Any], indicator: Indicator) -> list[Value | None]:
    if indicator.kind == "integer":
        return [None if value is None else Decimal(value) for value in values]
    return values


def plain_columns(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """The values of all columns, as in `plain_values`."""
    cells = frame.to_numpy(object, na_value=None)  # type: ignore[arg-type]
    return dict(zip(frame.columns, cells.T.tolist(), strict=True))


def _words(values: list[Any]) -> Iterable[str]:
    """Plain values as texts."""
    return map(str, values) if {*map(type, values)} != {str} else values


def plain_values(column: pd.Series[Any]) -> list[Any]:
    """The values of a column as Python has them, None where one is missing."""
    values: list[Any] = column.to_numpy(object, na_value=None).tolist()  # type: ignore[call-overload]
    return values
