"""Check that no household, person or project is in the returns of two counties.

Persons are compared by their pseudonyms, and the values of any column are numbered before anything
is asked, so that no expectation and no finding ever holds one: a finding says on which lines they
stand, and which other county has them, too.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from expectations.engine import Engine
from expectations.frames import columns_of, owners_of
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
        for filing in each.came.values():
            checked = _checked(then, column, each, filing, shared.get(column, {}))
            found[id(filing)] = found[id(filing)].and_also(checked)
    return [[found[id(filing)] for filing in of_file] for of_file in returns]


@dataclass(frozen=True)
class _Asked:
    """A column: the filings that came, how many blanks each has, and the values of all counties.

    `lines` says of each value which county has it, and where.
    """

    indicator: Indicator
    came: Mapping[str, Filing]
    blanks: Mapping[str, int]
    lines: pd.DataFrame

    @classmethod
    def of(
        cls, column: Column, indicator: Indicator, filings: Sequence[Filing], held: Held
    ) -> "_Asked":
        """What came of a column, of each county the later filing's, and what else is accepted."""
        came = {
            filing.county: filing
            for filing in filings
            if (filing.form, filing.period) == (column.form, column.period)
        }
        counties, own = np.array([*came]), [*came.values()]
        values, owners = columns_of(own, [indicator.name])[indicator.name], owners_of(own)
        lines = pd.DataFrame(
            {
                _COUNTY: counties[owners],
                _AT: np.concatenate([filing.frame.index for filing in own]),
                ACROSS: values,
            }
        )
        there = values.notna().to_numpy()
        lines = lines[there]
        if indicator.personal:
            lines[ACROSS] = lines[ACROSS].map(held.pseudonym)
        accepted = [
            pd.DataFrame({_COUNTY: county, _AT: range(len(of_county)), ACROSS: of_county})
            for county, of_county in held.values.get(column, {}).items()
            if county not in came
        ]
        blanks = np.bincount(owners[~there], minlength=len(own)).tolist()
        return cls(
            indicator,
            came,
            dict(zip(came, blanks, strict=True)),
            pd.concat([lines, *accepted], ignore_index=True),
        )

    def numbered(self, first: int) -> pd.DataFrame:
        """The lines of all counties, with numbers from some on in the place of their values."""
        numbers, _ = pd.factorize(self.lines[ACROSS])
        return self.lines.assign(**{ACROSS: first + numbers})


Shared = Mapping[str, pd.DataFrame]
"""By county, its lines with values that another one has: position, and that county."""


def _shared(scheme: Scheme, asked: Mapping[Column, _Asked]) -> Mapping[Column, Shared]:
    """Which values of each column are in the returns of two counties; all columns at once."""
    parts: dict[int, pd.DataFrame] = {}
    first = 0
    for number, each in enumerate(asked.values()):
        if each.lines[_COUNTY].nunique() > 1:
            parts[number] = each.numbered(first)
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
    scheme: Scheme, column: Column, asked: _Asked, filing: Filing, shared: Shared
) -> Checked:
    form, indicator = scheme.form(column.form), asked.indicator
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
    blank = asked.blanks[filing.county]
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
