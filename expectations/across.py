"""Check that no household, person or project is in the returns of two counties.

Persons are compared by their pseudonyms, and the values of any column are numbered before anything
is asked, so that no expectation and no finding ever holds one: a finding says on which lines they
stand, and which other county has them, too.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

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
_COUNTY, _AT = "county", "at"


def validate_across(
    returns: Sequence[Sequence[Filing]], scheme: Scheme, held: Held
) -> list[list[Checked]]:
    """How the filings of each file compare with those of the other counties.

    Of two filings of a county the later one is compared; a county of which nothing came has what
    is accepted. Raises RuntimeError when a check could not be evaluated, never for data.
    """
    engine = Engine()
    filings = [filing for of_file in returns for filing in of_file]
    found: dict[int, Checked] = defaultdict(lambda: Checked((), ()))
    for column, indicator in columns_across(scheme, filings).items():
        came = {
            filing.county: filing
            for filing in filings
            if (filing.form, filing.period) == (column.form, column.period)
        }
        shared = _shared(
            engine,
            scheme,
            indicator,
            {county: _values(filing, indicator, held) for county, filing in came.items()},
            held.values.get(column, {}),
        )
        then = scheme.at(Period.parse(column.period))
        for filing in came.values():
            checked = _checked(then, column, indicator, filing, shared)
            found[id(filing)] = found[id(filing)].and_also(checked)
    return [[found[id(filing)] for filing in of_file] for of_file in returns]


Shared = Mapping[str, pd.DataFrame]
"""By county, its lines with values that another one has: position, and that county."""


def _values(filing: Filing, indicator: Indicator, held: Held) -> pd.Series:
    """The values of a column by position, as they are held."""
    values = filing.frame[indicator.name].dropna()
    return values.map(held.pseudonym) if indicator.personal else values


def _shared(
    engine: Engine,
    scheme: Scheme,
    indicator: Indicator,
    came: Mapping[str, pd.Series],
    accepted: Mapping[str, Sequence[str]],
) -> Shared:
    others = {c: pd.Series(v, dtype="object") for c, v in accepted.items() if c not in came}
    every = {**came, **others}
    parts = [pd.DataFrame({_COUNTY: county, _AT: values.index}) for county, values in every.items()]
    if len(parts) < 2:
        return {}
    lines = pd.concat(parts, ignore_index=True)
    lines[ACROSS], _ = pd.factorize(pd.concat([*every.values()], ignore_index=True))
    # A value that a county has twice is another fault; here each county has it once.
    once = lines.drop_duplicates([_COUNTY, ACROSS]).reset_index(drop=True)
    (failing,) = engine.unexpected(across_suite(indicator, scheme), once[[ACROSS]]).values()
    twice = once.iloc[failing]
    pairs = lines.merge(twice[[ACROSS, _COUNTY]], on=ACROSS, suffixes=("", " beside"))
    pairs = pairs[pairs[_COUNTY] != pairs[f"{_COUNTY} beside"]]
    return {str(county): of_county for county, of_county in pairs.groupby(_COUNTY)}


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
