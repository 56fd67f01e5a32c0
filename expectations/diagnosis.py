"""What the failed checks of a filing probably come from.

The numbers of a filing's lines and its written totals are the record; rules, formulas, limits and
totals are the tests. Checks that share no value with one that failed say nothing about it, so each
group of failures is looked at with its neighbours alone.
"""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from expectations.diagnose.proposal import Proposal
from expectations.diagnose.search import groups
from expectations.explain import explanations
from expectations.sums import Sums, edit_id, is_told_apart, place_of, sums_of
from expectations.wording import plain
from schemas.filing import Filing
from schemas.findings import Change, Diagnosis, Finding
from schemas.models import Form
from schemas.wording import heading


def diagnosed(form: Form, filing: Filing, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings of a filing, those of failed arithmetic with what they probably come from."""
    places = {place_of(finding) for finding in findings if is_told_apart(finding)}
    if not places:
        return tuple(findings)
    sums = sums_of(form, filing, places)
    found: dict[str, list[Diagnosis]] = defaultdict(list)
    for failed in groups(sums.tests, sums.record):
        for each in explanations(sums, failed):
            diagnosis = _diagnosis(form, sums, each, len(each.repaired), len(failed))
            for test in each.repaired:
                found[test].append(diagnosis)
    return tuple(
        finding.model_copy(update={"diagnoses": tuple(found[edit_id(*place_of(finding))])})
        if is_told_apart(finding)
        else finding
        for finding in findings
    )


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
