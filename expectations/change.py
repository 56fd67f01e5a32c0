"""Figures that changed unlike those of the other counties.

There is nothing that must hold here: the counties of one form and period are compared with each
other, and what stands out is to be confirmed. Too few counties, or a year of which nothing is
known, say nothing.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from expectations.change_unit import in_other_unit
from expectations.diagnose.outlier import Outlier, outliers
from expectations.known import Known
from expectations.relation_case import MOST_CELLS, Taken, cells_of
from expectations.wording import plain
from schemas.consolidated.change import Series, series_of
from schemas.consolidated.figures import Figures
from schemas.filing import Checked, Filing
from schemas.findings import CheckResult, Diagnosis, Finding, Mechanism, Severity
from schemas.messages import severity
from schemas.models import Form, Scheme
from schemas.period import Period
from schemas.rules.formulas import rounded
from schemas.text import Text

LEAST_FIGURES = 3
"""Fewer figures than this that are the same as before may well be so."""

_NOT_AGAIN = Text(
    zh="本表与上期或上年同期的报表不完全相同",
    en="The return is not that of an earlier period again",
)
_STATEMENT = Text(
    zh="“{}”与上期或上年同期相比的变化与各县相近",
    en="{} changes much as it does in the other counties",
)


def validate_change(
    returns: Sequence[Sequence[Filing]], scheme: Scheme, accepted: Figures
) -> list[list[Checked]]:
    """How the changes of the filings of each file compare with those of the other counties."""
    known = Known(returns, scheme, accepted)
    batches: dict[tuple[str, str], list[Filing]] = defaultdict(list)
    for filings in returns:
        for filing in filings:
            batches[filing.form, filing.period].append(filing)
    found: dict[int, Checked] = {}
    for (name, period_id), filings in batches.items():
        period = Period.parse(period_id)
        then = scheme.at(period)
        compared = series_of(then.form(name), then)
        for series in compared:
            judged = _judged(known, then, then.form(name), period, series, filings)
            for number, checked in judged.items():
                found[number] = found.get(number, Checked((), ())).and_also(checked)
        for filing in filings:
            again = _sent_again(known, then.form(name), compared, filing, period)
            found[id(filing)] = found.get(id(filing), Checked((), ())).and_also(again)
    return [[found.get(id(filing), Checked((), ())) for filing in file] for file in returns]


def _judged(
    known: Known,
    scheme: Scheme,
    form: Form,
    period: Period,
    series: Series,
    filings: Sequence[Filing],
) -> dict[int, Checked]:
    """How one series came out for each of the filings; nothing where nothing was before."""
    counties = [unit.code for unit in scheme.owing(form, period)]
    earlier = _figures(known, series.before, counties, period)
    now = _figures(known, series.now, [*earlier], period)
    before = {county: earlier[county] for county in now}
    found = outliers(
        {county: float(_value(taken)) for county, taken in before.items()},
        {county: float(_value(now[county])) for county in before},
        step=10.0**-series.measure.decimals,
    )
    standing_out = {outlier.unit: outlier for outlier in found}
    judged = {}
    for filing in filings:
        county = filing.county
        if county in before and now[county].filing is filing:
            outlier = standing_out.get(county)
            told = []
            if outlier is not None:
                of = (now[county], before[county], outlier, len(before))
                finding = _finding(form, series, filing, *of)
                diagnoses = in_other_unit(known, scheme, series, now[county], finding)
                told.append(finding.model_copy(update={"diagnoses": diagnoses}))
            judged[id(filing)] = Checked(
                tuple(told), (_result(form, series, passed=outlier is None),)
            )
    return judged


def _sent_again(
    known: Known, form: Form, all_series: Sequence[Series], filing: Filing, period: Period
) -> Checked:
    """Whether a filing says of several figures exactly what was known of an earlier period."""
    compared: list[tuple[Series, Taken, Taken]] = []
    for series in all_series:
        before = known.taken(series.before, filing.county, period)
        if before is None:
            continue
        now = known.taken(series.now, filing.county, period)
        if now is None or now.filing is not filing:
            continue
        if now.figure.value is not None and before.figure.value:
            compared.append((series, now, before))
    if len(compared) < LEAST_FIGURES:
        return Checked((), ())
    same = all(now.figure.value == before.figure.value for _, now, before in compared)
    check = f"{form.code}.again"
    result = CheckResult(
        check=check,
        statement=_NOT_AGAIN,
        severity=severity("return-again"),
        passed=int(not same),
        failed=int(same),
        undetermined=0,
    )
    if not same:
        return Checked((), (result,))
    then = Period.parse(compared[0][2].source.period)
    finding = Finding(
        code="return-again",
        severity=severity("return-again"),
        rule=check,
        county=filing.county,
        form=form.name,
        period=filing.period,
        cells=tuple(dict.fromkeys(c for _, now, _ in compared for c in cells_of(now)))[:MOST_CELLS],
        diagnoses=(Diagnosis(mechanism=Mechanism.AGAIN, changes=(), satisfied=0, failed=1),),
        parameters={
            "figures": str(len(compared)),
            "then": Text(zh=then.label("zh"), en=then.label("en")),
        },
    )
    return Checked((finding,), (result,))


def _figures(known: Known, name: str, counties: Sequence[str], period: Period) -> dict[str, Taken]:
    """The figures of those counties of which they are known."""
    taken = {county: known.taken(name, county, period) for county in counties}
    return {c: t for c, t in taken.items() if t is not None and t.figure.value is not None}


def _result(form: Form, series: Series, *, passed: bool) -> CheckResult:
    label = series.label
    return CheckResult(
        check=_check(form, series),
        statement=Text(zh=_STATEMENT.zh.format(label.zh), en=_STATEMENT.en.format(label.en)),
        severity=severity("change-unusual"),
        passed=int(passed),
        failed=int(not passed),
        undetermined=0,
    )


def _finding(
    form: Form,
    series: Series,
    filing: Filing,
    now: Taken,
    before: Taken,
    outlier: Outlier,
    counties: int,
) -> Finding:
    assert series.measure.indicator is not None
    indicator = form[series.measure.indicator]
    value, earlier = _value(now), _value(before)
    usual = rounded(earlier * Decimal(outlier.typical), series.measure.decimals)
    earlier_period = Period.parse(before.source.period)
    parameters: Mapping[str, Text | str] = {
        "column": series.label,
        "observed": plain(value, indicator),
        "before": plain(earlier, indicator),
        "then": Text(zh=earlier_period.label("zh"), en=earlier_period.label("en")),
        "ratio": f"{outlier.ratio:.2f}",
        "typical": f"{outlier.typical:.2f}",
        "counties": str(counties),
    }
    cells = tuple(dict.fromkeys(cells_of(now)))
    return Finding(
        code="change-unusual",
        severity=Severity.WARNING if outlier.strong and outlier.seconded else Severity.NOTICE,
        rule=_check(form, series),
        county=filing.county,
        form=form.name,
        period=filing.period,
        indicator=indicator.name,
        cells=cells,
        observed=plain(value, indicator),
        expected=f"≈ {plain(usual, indicator)}",
        difference=value - usual,
        effect=value - usual,
        parameters=dict(parameters),
    )


def _check(form: Form, series: Series) -> str:
    return f"{form.code}.{series.measure.name}.change"


def _value(taken: Taken) -> Decimal:
    assert taken.figure.value is not None, taken.operand.name
    return taken.figure.value
