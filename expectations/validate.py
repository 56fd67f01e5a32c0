"""Check filings: every form's suite over all counties at once, and what its failures mean."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from expectations.case import Case
from expectations.engine import Engine
from expectations.findings import line_findings, total_finding
from expectations.frames import gathered
from expectations.lines import failing_lines
from expectations.records.diagnosis import diagnosed
from expectations.rule import Outcome
from expectations.screen import outcomes
from expectations.suites import TOTALS, totals_suite
from expectations.totals import ComparedTotal, compared_totals, totals_frame
from expectations.unread import Unread, blamed_blanks
from schemas.filing import Checked, Filing
from schemas.findings import CheckResult, Finding
from schemas.models import Form, Scheme
from schemas.period import Period
from schemas.rules.checks import Check, line_checks, totals_check

Outcomes = npt.NDArray[np.int8]


@dataclass(frozen=True)
class _Batch:
    """Filings of one form that are checked together, by the scheme of their periods."""

    scheme: Scheme
    form: Form
    filings: tuple[Filing, ...]
    totals: tuple[ComparedTotal, ...]

    @classmethod
    def of(cls, scheme: Scheme, filings: Iterable[Filing]) -> "_Batch":
        together = tuple(filings)
        then = scheme.at(Period.parse(together[0].period))
        form = then.form(together[0].form)
        totals = () if form.body == "single" else compared_totals(form, together)
        return cls(then, form, together, tuple(totals))


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
    wrong_totals = _wrong_totals(engine, scheme, batches)
    checked: dict[int, Checked] = {}
    for numbers, batch, wrong in zip(together.values(), batches, wrong_totals, strict=True):
        checked.update(zip(numbers, _checked_batch(engine, batch, wrong), strict=True))
    return [checked[number] for number in range(len(filings))]


def _checked_batch(engine: Engine, batch: _Batch, wrong_totals: Sequence[int]) -> list[Checked]:
    scheme, form, filings = batch.scheme, batch.form, batch.filings
    checked = _checked_lines(engine, scheme, form, filings)
    if form.body != "single":
        totals = _checked_totals(batch, wrong_totals)
        checked = [one.and_also(other) for one, other in zip(checked, totals, strict=True)]
    return [
        replace(each, findings=diagnosed(scheme, form, filing, each.findings))
        for filing, each in zip(filings, checked, strict=True)
    ]


def _checked_lines(
    engine: Engine, scheme: Scheme, form: Form, filings: Sequence[Filing]
) -> list[Checked]:
    frame = gathered(filings)
    failing = failing_lines(engine, form, scheme, frame)
    lengths = [len(filing.frame) for filing in filings]
    owner, ends = np.repeat(np.arange(len(filings)), lengths), np.cumsum(lengths)[:-1]
    found: list[list[Finding]] = [[] for _ in filings]
    results: list[list[CheckResult]] = [[] for _ in filings]
    unread = [Unread.of(filing) for filing in filings]
    for check in line_checks(form):
        whole = _outcomes(check, frame, failing[check.id])
        parts = np.split(whole, ends)
        for number in np.unique(owner[whole == Outcome.FAIL]).tolist():
            _excuse(check, unread[number], parts[number])
            failed = np.flatnonzero(parts[number] == Outcome.FAIL).tolist()
            case = Case(scheme, form, filings[number], check)
            found[number] += line_findings(case, failed)
        for of_filing, result in zip(
            results, _results(check, whole, owner, len(filings)), strict=True
        ):
            of_filing.append(result)
    return [Checked(tuple(f), tuple(r)) for f, r in zip(found, results, strict=True)]


def _outcomes(check: Check, frame: pd.DataFrame, failing: Sequence[int]) -> Outcomes:
    """The outcome of a check on each line of a frame, of which GX says which ones fail."""
    if check.relation is not None:
        came_out = outcomes(check.relation, frame)
        came_out[came_out == Outcome.FAIL] = Outcome.PASS
    else:
        columns = [indicator.name for indicator in check.indicators]
        missing = frame[columns].isna().any(axis=1).to_numpy()
        came_out = np.where(missing, Outcome.UNDETERMINED, Outcome.PASS).astype(np.int8)
    came_out[list(failing)] = Outcome.FAIL
    return came_out


def _excuse(check: Check, unread: Unread, came_out: Outcomes) -> None:
    """A blank that is only a value which could not be read leaves the check undetermined."""
    for name in blamed_blanks(check):
        blank = unread.filing.frame[name].isna().to_numpy()
        came_out[(came_out == Outcome.FAIL) & blank & unread.lines(name)] = Outcome.UNDETERMINED


def _wrong_totals(engine: Engine, scheme: Scheme, batches: Sequence[_Batch]) -> Iterator[list[int]]:
    """The positions of the totals that fail, of each batch; those of all are asked at once."""
    totals = [total for batch in batches for total in batch.totals]
    wrong: list[int] = []
    if totals:
        suite = totals_suite([batch.form for batch in batches if batch.totals], scheme)
        wrong = engine.unexpected(suite, totals_frame(totals))[TOTALS]
    start = 0
    for batch in batches:
        end = start + len(batch.totals)
        yield [position - start for position in wrong if start <= position < end]
        start = end


def _checked_totals(batch: _Batch, failing: Sequence[int]) -> list[Checked]:
    check, totals, filings = totals_check(batch.form), batch.totals, batch.filings
    known = [total.interval is not None for total in totals]
    came_out = np.where(known, Outcome.PASS, Outcome.UNDETERMINED).astype(np.int8)
    came_out[list(failing)] = Outcome.FAIL
    owner = np.array([total.filing for total in totals], dtype=np.int64)
    found: list[list[Finding]] = [[] for _ in filings]
    for position in failing:
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
    return [
        CheckResult(
            check=check.id,
            statement=check.statement,
            severity=check.severity,
            passed=of_filing[Outcome.PASS],
            failed=of_filing[Outcome.FAIL],
            undetermined=of_filing[Outcome.UNDETERMINED],
        )
        for of_filing in counts.reshape(count, kinds).tolist()
    ]
