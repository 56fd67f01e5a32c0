"""Figures that changed unlike those of the other counties.

There is nothing that must hold here: the counties of one form and period are compared with each
other, and what stands out is to be confirmed. Too few counties, or a year of which nothing is
known, say nothing.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from expectations.change_cells import of_cells
from expectations.change_unit import in_other_unit
from expectations.compared import Compared, check_of, compared
from expectations.known import Known
from expectations.relation_case import MOST_CELLS, cells_of
from expectations.wording import plain
from schemas.consolidated.change import Series, series_of
from schemas.consolidated.figures import Figures
from schemas.filing import Checked, Filing
from schemas.findings import CheckResult, Diagnosis, Finding, Mechanism, Severity
from schemas.messages import severity
from schemas.models import Form, Scheme
from schemas.period import Period
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
        form = then.form(name)
        every = [compared(known, then, form, period, one) for one in series_of(form, then)]
        for filing in filings:
            own = [one for one in every if one.is_of(filing)]
            changes = _judged(known, then, form, own, filing)
            found[id(filing)] = changes.and_also(_sent_again(form, own, filing))
    return [[found.get(id(filing), Checked((), ())) for filing in file] for file in returns]


def _judged(
    known: Known, scheme: Scheme, form: Form, own: Sequence[Compared], filing: Filing
) -> Checked:
    """How the figures of a filing came out, of which it is known what they were before."""
    unusual = [each for each in own if filing.county in each.outliers]
    results = tuple(_result(form, each.series, passed=each not in unusual) for each in own)
    found = [_finding(known, scheme, form, filing, each) for each in unusual]
    return Checked(of_cells(scheme, form, filing, own, found), results)


def _sent_again(form: Form, own: Sequence[Compared], filing: Filing) -> Checked:
    """Whether a filing says of several figures exactly what was known of an earlier period."""
    county = filing.county
    both = [(one.now[county], one.before[county]) for one in own if one.before[county].value]
    if len(both) < LEAST_FIGURES:
        return Checked((), ())
    same = all(now.value == before.value for now, before in both)
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
    then = Period.parse(both[0][1].source.period)
    finding = Finding(
        code="return-again",
        severity=severity("return-again"),
        rule=check,
        county=filing.county,
        form=form.name,
        period=filing.period,
        cells=tuple(dict.fromkeys(c for now, _ in both for c in cells_of(now)))[:MOST_CELLS],
        diagnoses=(Diagnosis(mechanism=Mechanism.AGAIN, changes=(), satisfied=0, failed=1),),
        parameters={
            "figures": str(len(both)),
            "then": Text(zh=then.label("zh"), en=then.label("en")),
        },
    )
    return Checked((finding,), (result,))


def _result(form: Form, series: Series, *, passed: bool) -> CheckResult:
    label = series.label
    return CheckResult(
        check=check_of(form, series),
        statement=Text(zh=_STATEMENT.zh.format(label.zh), en=_STATEMENT.en.format(label.en)),
        severity=severity("change-unusual"),
        passed=int(passed),
        failed=int(not passed),
        undetermined=0,
    )


def _finding(
    known: Known, scheme: Scheme, form: Form, filing: Filing, compared: Compared
) -> Finding:
    """What is told of an unusual figure, with the unit that it may be in instead."""
    series, outlier = compared.series, compared.outliers[filing.county]
    now, before = compared.now[filing.county], compared.before[filing.county]
    assert series.measure.indicator is not None
    indicator = form[series.measure.indicator]
    usual = compared.usual(filing.county)
    earlier_period = Period.parse(before.source.period)
    parameters: Mapping[str, Text | str] = {
        "column": series.label,
        "observed": plain(now.value, indicator),
        "before": plain(before.value, indicator),
        "then": Text(zh=earlier_period.label("zh"), en=earlier_period.label("en")),
        "ratio": f"{outlier.ratio:.2f}",
        "typical": f"{outlier.typical:.2f}",
        "counties": str(len(compared.before)),
    }
    return Finding(
        code="change-unusual",
        severity=Severity.WARNING if outlier.strong and outlier.seconded else Severity.NOTICE,
        rule=check_of(form, series),
        county=filing.county,
        form=form.name,
        period=filing.period,
        indicator=indicator.name,
        cells=tuple(dict.fromkeys(cells_of(now))),
        observed=plain(now.value, indicator),
        expected=f"≈ {plain(usual, indicator)}",
        difference=now.value - usual,
        effect=now.value - usual,
        diagnoses=in_other_unit(known, scheme, series, now, usual),
        parameters=dict(parameters),
    )
