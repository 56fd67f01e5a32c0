"""Check filings: every form's suite over all counties at once, and what its failures mean."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from expectations.case import Case
from expectations.engine import Engine
from expectations.figure_rows import figure_rows, rows_outcomes
from expectations.findings import line_findings, total_finding
from expectations.frames import FILING, gathered
from expectations.lines import failing_lines
from expectations.records.diagnosis import diagnosed
from expectations.rule import Outcome
from expectations.screen import Outcomes, outcomes, told
from expectations.suites import TOTALS, totals_suite
from expectations.totals import ComparedTotal, compared_totals
from expectations.unread import Unread, blamed_blanks
from schemas.filing import Checked, Filing
from schemas.findings import CheckResult, Finding
from schemas.models import Form, Scheme
from schemas.period import Period
from schemas.rules.checks import Check, line_checks, totals_check


@dataclass(frozen=True)
class _Batch:
    """Filings of one form that are checked together, by the scheme of their periods."""

    scheme: Scheme
    form: Form
    filings: tuple[Filing, ...]

    @classmethod
    def of(cls, scheme: Scheme, filings: Iterable[Filing]) -> "_Batch":
        together = tuple(filings)
        then = scheme.at(Period.parse(together[0].period))
        return cls(then, then.form(together[0].form), together)


def validate(filings: Sequence[Filing], scheme: Scheme) -> list[Checked]:
    """How the checks of each filing came out, in the order of the filings.

    All filings of one form are checked as one batch, by the scheme of their period: where the form
    or its rules differ between their periods, as one batch for each. What reading a filing reported
    is not reported again. Raises RuntimeError when a check could not be evaluated, never for data.
    """
    engine = Engine()
    together: dict[tuple[str, int], list[int]] = defaultdict(list)  # by the form as it is then
    for number, filing in enumerate(filings):
        form = scheme.at(Period.parse(filing.period)).form(filing.form)
        together[filing.form, id(form)].append(number)
    batches = [_Batch.of(scheme, (filings[n] for n in numbers)) for numbers in together.values()]
    lines: list[list[Checked]] = []
    totals: list[list[ComparedTotal]] = []
    for batch in batches:
        frame = gathered(batch.filings)
        lines.append(_checked_lines(engine, batch, frame))
        single = batch.form.body == "single"
        totals.append([] if single else compared_totals(batch.form, batch.filings, frame))
    came_out = _totals_outcomes(engine, scheme, totals)
    checked: dict[int, Checked] = {}
    for numbers, of_batch in zip(
        together.values(), zip(batches, lines, totals, came_out, strict=True), strict=True
    ):
        checked.update(zip(numbers, _checked_batch(*of_batch), strict=True))
    return [checked[number] for number in range(len(filings))]


def _checked_batch(
    batch: _Batch,
    checked: Sequence[Checked],
    totals: Sequence[ComparedTotal],
    came_out: Outcomes,
) -> list[Checked]:
    """How the filings of a batch came out, with how their written totals did."""
    if batch.form.body != "single":
        of_totals = _checked_totals(batch, totals, came_out)
        checked = [one.and_also(other) for one, other in zip(checked, of_totals, strict=True)]
    return [
        replace(each, findings=diagnosed(batch.scheme, batch.form, filing, each.findings))
        if each.findings
        else each
        for filing, each in zip(batch.filings, checked, strict=True)
    ]


def _checked_lines(engine: Engine, batch: _Batch, frame: pd.DataFrame) -> list[Checked]:
    form, filings = batch.form, batch.filings
    failing = failing_lines(engine, form, batch.scheme, frame)
    owner = frame[FILING].to_numpy()
    ends = np.searchsorted(owner, range(len(filings) + 1)).tolist()
    found: list[list[Finding]] = [[] for _ in filings]
    results: list[list[CheckResult]] = []
    unread: dict[int, Unread] = {}
    for check in line_checks(form):
        whole = _outcomes(check, frame, failing[check.id])
        for number in np.unique(owner[failing[check.id]]).tolist():
            if number not in unread:
                unread[number] = Unread.of(filings[number])
            part = whole[ends[number] : ends[number + 1]]
            _excuse(check, unread[number], part)
            failed = np.flatnonzero(part == Outcome.FAIL).tolist()
            case = Case(batch.scheme, form, filings[number], check)
            found[number] += line_findings(case, failed)
        results.append(_results(check, whole, owner, len(filings)))
    of_filings = zip(*results, strict=True)
    return [Checked(tuple(f), tuple(r)) for f, r in zip(found, of_filings, strict=True)]


def _outcomes(check: Check, frame: pd.DataFrame, failing: Sequence[int]) -> Outcomes:
    """The outcome of a check on each line of a frame, of which GX says which ones fail."""
    if check.relation is not None:
        return told(outcomes(check.relation, frame), failing)
    columns = [indicator.name for indicator in check.indicators]
    missing = frame[columns].isna().any(axis=1).to_numpy()
    came_out = np.where(missing, Outcome.UNDETERMINED, Outcome.PASS).astype(np.int8)
    return told(came_out, failing)


def _excuse(check: Check, unread: Unread, came_out: Outcomes) -> None:
    """A blank that is only a value which could not be read leaves the check undetermined."""
    for name in blamed_blanks(check):
        blank = unread.filing.frame[name].isna().to_numpy()
        came_out[(came_out == Outcome.FAIL) & blank & unread.lines(name)] = Outcome.UNDETERMINED


def _totals_outcomes(
    engine: Engine, scheme: Scheme, totals: Sequence[Sequence[ComparedTotal]]
) -> list[Outcomes]:
    """How the totals of each batch came out; those of all are asked at once."""
    every = [total for of_batch in totals for total in of_batch]
    if not every:
        return [np.empty(0, dtype=np.int8) for _ in totals]
    statements = {total.of.written: total.of.statement for total in every}.values()
    forms = dict.fromkeys(total.of.form for total in every)
    rows = figure_rows([total.of.written for total in every], [total.figures for total in every])
    suite = totals_suite([*forms], scheme, statements, rows.columns)
    came_out = told(rows_outcomes(rows, statements), engine.unexpected(suite, rows)[TOTALS])
    return np.split(came_out, np.cumsum([len(of_batch) for of_batch in totals])[:-1])


def _checked_totals(
    batch: _Batch, totals: Sequence[ComparedTotal], came_out: Outcomes
) -> list[Checked]:
    check, filings = totals_check(batch.form), batch.filings
    owner = np.array([total.filing for total in totals], dtype=np.int64)
    found: list[list[Finding]] = [[] for _ in filings]
    for position in np.flatnonzero(came_out == Outcome.FAIL).tolist():
        total = totals[position]
        case = Case(batch.scheme, batch.form, filings[total.filing], check)
        found[total.filing].append(total_finding(case, total))
    results = _results(check, came_out, owner, len(filings))
    return [Checked(tuple(of), (result,)) for of, result in zip(found, results, strict=True)]


def _results(
    check: Check, came_out: Outcomes, owner: npt.NDArray[np.int64], count: int
) -> list[CheckResult]:
    """How often a check came out how for each of so many filings; `owner` says whose a line is."""
    kinds = len(Outcome)
    counts = np.bincount(owner * kinds + came_out, minlength=count * kinds)

    @cache  # most filings come out alike
    def result(passed: int, failed: int, undetermined: int) -> CheckResult:
        return CheckResult(
            check=check.id,
            statement=check.statement,
            severity=check.severity,
            passed=passed,
            failed=failed,
            undetermined=undetermined,
        )

    return [
        result(of_filing[Outcome.PASS], of_filing[Outcome.FAIL], of_filing[Outcome.UNDETERMINED])
        for of_filing in counts.reshape(count, kinds).tolist()
    ]
