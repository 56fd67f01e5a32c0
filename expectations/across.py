"""Check that no household, person or project is in the returns of two counties.

Persons are compared by their pseudonyms, and the values of any column are numbered before anything
is asked, so that no expectation and no finding ever holds one: a finding says on which lines they
stand, and which other county has them, too.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from expectations.engine import Engine
from expectations.suites import ACROSS, across_suite
from schemas.consolidated.across import Column, Held, columns_across
from schemas.filing import ROW, Checked, Filing
from schemas.findings import CellRef, CheckResult, Finding
from schemas.messages import severity
from schemas.models import Form, Indicator, Scheme
from schemas.period import Period
from schemas.place import MOST_LINES
from schemas.rules.wording import heading
from schemas.text import Text

_CODE = "value-in-two-counties"
_COLUMN, _COUNTY, _AT = "column", "county", "at"


def validate_across(
    returns: Sequence[Sequence[Filing]], scheme: Scheme, held: Held
) -> list[list[Checked]]:
    """How the filings of each file compare with those of the other counties.

    Of two filings of a county the later one is compared; a county of which nothing came has what
    is accepted. Raises RuntimeError when a check could not be evaluated, never for data.
    """
    filings = [filing for of_file in returns for filing in of_file]
    asked = {
        column: _Asked.of(column, indicator, filings, held)
        for column, indicator in columns_across(scheme, filings).items()
    }
    shared = _shared(scheme, asked)
    found: dict[int, Checked] = defaultdict(lambda: Checked((), ()))
    for column, each in asked.items():
        then = scheme.at(Period.parse(column.period))
        for filing in each.came:
            checked = _checked(then, column, each.indicator, filing, shared.get(column, {}))
            found[id(filing)] = found[id(filing)].and_also(checked)
    return [[found[id(filing)] for filing in of_file] for of_file in returns]


@dataclass(frozen=True)
class _Asked:
    """A column: the filings that came, and its values by county, of each the later filing's."""

    indicator: Indicator
    came: Sequence[Filing]
    values: Mapping[str, "pd.Series[Any]"]

    @classmethod
    def of(
        cls, column: Column, indicator: Indicator, filings: Sequence[Filing], held: Held
    ) -> "_Asked":
        """What came of a column, and what is accepted of the other counties."""
        came = {
            filing.county: filing
            for filing in filings
            if (filing.form, filing.period) == (column.form, column.period)
        }
        accepted = held.values.get(column, {})
        values = {county: _values(filing, indicator, held) for county, filing in came.items()}
        values |= {c: pd.Series(v, dtype="object") for c, v in accepted.items() if c not in came}
        return cls(indicator, [*came.values()], values)

    def lines(self, first: int) -> pd.DataFrame:
        """The lines of all counties, with numbers from some on in the place of their values."""
        parts = [pd.DataFrame({_COUNTY: c, _AT: v.index}) for c, v in self.values.items()]
        lines = pd.concat(parts, ignore_index=True)
        numbers, _ = pd.factorize(pd.concat([*self.values.values()], ignore_index=True))
        return lines.assign(**{ACROSS: first + numbers})


Shared = Mapping[str, pd.DataFrame]
"""By county, its lines with values that another one has: position, and that county."""


def _values(filing: Filing, indicator: Indicator, held: Held) -> pd.Series:
    """The values of a column by position, as they are held."""
    values = filing.frame[indicator.name].dropna()
    return values.map(held.pseudonym) if indicator.personal else values


def _shared(scheme: Scheme, asked: Mapping[Column, _Asked]) -> Mapping[Column, Shared]:
    """Which values of each column are in the returns of two counties; all columns at once."""
    parts: dict[int, pd.DataFrame] = {}
    first = 0
    for number, each in enumerate(asked.values()):
        if len(each.values) > 1:
            parts[number] = each.lines(first)
            first += len(parts[number])
    if not parts:
        return {}
    lines = pd.concat(parts, names=[_COLUMN]).reset_index(_COLUMN).reset_index(drop=True)
    # A value that a county has twice is another fault; here each county has it once.
    once = lines.drop_duplicates([_COUNTY, ACROSS]).reset_index(drop=True)
    suite = across_suite([asked_of.indicator for asked_of in asked.values()], scheme)
    (failing,) = Engine().unexpected(suite, once[[ACROSS]]).values()
    twice = once.loc[failing, [ACROSS, _COUNTY]]
    pairs = lines.merge(twice, on=ACROSS, suffixes=("", " beside"))
    pairs = pairs[pairs[_COUNTY] != pairs[f"{_COUNTY} beside"]]
    columns = [*asked]
    found: dict[Column, dict[str, pd.DataFrame]] = defaultdict(dict)
    for (place, county), of_county in pairs.groupby([_COLUMN, _COUNTY]):
        found[columns[int(str(place))]][str(county)] = of_county
    return found


def _checked(
    scheme: Scheme, column: Column, indicator: Indicator, filing: Filing, shared: Shared
) -> Checked:
    form = scheme.form(column.form)
    pairs = shared.get(filing.county)
    rows: dict[str, list[int]] = {}
    if pairs is not None:
        for beside, of_other in pairs.groupby(f"{_COUNTY} beside"):
            rows[str(beside)] = filing.frame.loc[of_other[_AT], ROW].astype(int).tolist()
    found = [
        finding
        for beside, on in rows.items()
        for finding in _findings(scheme, form, indicator, filing, beside, on)
    ]
    failed = 0 if pairs is None else pairs[_AT].nunique()
    blank = int(filing.frame[indicator.name].isna().sum())
    return Checked(
        tuple(found),
        (
            CheckResult(
                check=_id(form, indicator),
                statement=statement(form, indicator),
                severity=severity(_CODE),
                passed=len(filing.frame) - blank - failed,
                failed=failed,
                undetermined=blank,
            ),
        ),
    )


def _findings(
    scheme: Scheme,
    form: Form,
    indicator: Indicator,
    filing: Filing,
    beside: str,
    rows: Sequence[int],
) -> list[Finding]:
    """A finding for each line, or one for all of many."""

    def finding(on: Sequence[int], areas: tuple[CellRef, ...] = (), lines: int = 1) -> Finding:
        return Finding(
            code=_CODE,
            severity=severity(_CODE),
            rule=_id(form, indicator),
            county=filing.county,
            form=form.name,
            period=filing.period,
            indicator=indicator.name,
            cells=tuple(filing.cell(indicator.name, row) for row in on),
            areas=areas,
            lines=lines,
            parameters={
                "column": heading(form, indicator),
                "county": scheme.county(beside).name,
            },
        )

    if len(rows) > MOST_LINES:
        areas = filing.places.areas(indicator.name, rows)
        return [finding(rows[:MOST_LINES], areas, len(rows))]
    return [finding([row]) for row in rows]


def _id(form: Form, indicator: Indicator) -> str:
    return f"{form.code}.{indicator.name}.one-county"


def statement(form: Form, indicator: Indicator) -> Text:
    """What must hold of a column across counties."""
    label = heading(form, indicator)
    return Text(
        zh=f"同一“{label.zh}”只由一个县报送",
        en=f"The same {label.en} is in the return of one county only",
    )
