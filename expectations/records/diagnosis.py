"""What the failed checks of a filing probably come from.

The numbers of a filing's lines and its written totals are the record; rules, formulas, limits and
totals are the tests. Checks that share no value with one that failed say nothing about it, so each
group of failures is looked at with its neighbours alone.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial

from expectations.diagnose.common import is_common
from expectations.diagnose.proposal import Proposal
from expectations.diagnose.search import failing, groups
from expectations.records.explain import explained, explanations
from expectations.records.sums import Sums, edit_id, is_arithmetic, place_of, sums_of
from expectations.wording import plain
from schemas.filing import Checked, Filing
from schemas.findings import Change, Diagnosis, Finding, Mechanism
from schemas.models import Form, Scheme
from schemas.wording import heading


def diagnosed(
    scheme: Scheme, form: Form, filing: Filing, findings: Sequence[Finding]
) -> tuple[Finding, ...]:
    """The findings of a filing, those of failed arithmetic with what they probably come from."""
    places = {place_of(finding) for finding in findings if is_arithmetic(finding)}
    if not places:
        return tuple(findings)
    sums = sums_of(form, filing, places, scheme.units)
    found: dict[str, list[Diagnosis]] = {test.id: [] for test in failing(sums.tests, sums.record)}
    of_group = partial(explanations, sums)
    for failed, proposals in explained(sums, [*groups(sums.tests, sums.record)], of_group):
        for each in proposals:
            diagnosis = _diagnosis(form, sums, each, len(each.repaired), len(failed))
            for test in each.repaired:
                found[test].append(diagnosis)
    return tuple(
        finding.model_copy(update={"diagnoses": _of_finding(finding, found)})
        if is_arithmetic(finding)
        else finding
        for finding in findings
    )


def _of_finding(
    finding: Finding, found: Mapping[str, Sequence[Diagnosis]]
) -> tuple[Diagnosis, ...]:
    """What was found of its line; of a finding about many lines, what was found of all of them.

    Of a list so long that not all of its lines were looked at, nothing is said of many of them.
    """
    if finding.lines == 1:
        return tuple(found.get(edit_id(*place_of(finding)), ()))
    of_lines = [found[test] for test in found if test.startswith(edit_id(str(finding.rule), ""))]
    if len(of_lines) != finding.lines:
        return ()
    first, *others = of_lines
    return tuple(each for each in first if all(each in of_line for of_line in others))


def with_common_faults(checked: Sequence[Checked]) -> list[Checked]:
    """The filings of a batch, their findings led by what most of them have in common."""
    gaps: dict[str, dict[str, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
    decided = Counter(r.check for one in checked for r in one.results if r.passed or r.failed)
    for number, one in enumerate(checked):
        for finding in one.findings:
            if finding.rule is not None and finding.difference:
                gaps[finding.rule][str(number)].append(finding.difference)
    common = {
        rule: Diagnosis(
            mechanism=Mechanism.RULE, changes=(), satisfied=len(of_rule), failed=decided[rule]
        )
        for rule, of_rule in gaps.items()
        if is_common(of_rule, decided[rule])
    }
    return [
        replace(one, findings=tuple(_led_by(common, f) for f in one.findings)) for one in checked
    ]


def _led_by(common: Mapping[str, Diagnosis], finding: Finding) -> Finding:
    first = common.get(finding.rule or "")
    if first is None:
        return finding
    return finding.model_copy(update={"diagnoses": (first, *finding.diagnoses)})


def _diagnosis(form: Form, sums: Sums, found: Proposal, satisfied: int, failed: int) -> Diagnosis:
    return Diagnosis(
        mechanism=found.mechanism,
        changes=tuple(
            Change(
                cell=sums.cells[name],
                column=heading(form, sums.indicators[name]),
                stated=plain(sums.record[name] or Decimal(0), sums.indicators[name]),
                proposed=plain(value, sums.indicators[name]),
            )
            for name, value in found.changes.items()
            if name in sums.cells
        ),
        satisfied=satisfied,
        failed=failed,
        answers=found.answers,
    )
