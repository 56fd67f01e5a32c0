"""What the failed checks of a filing probably come from.

The numbers of a filing's lines and its written totals are the record; rules, formulas, limits and
totals are the tests. Checks that share no value with one that failed say nothing about it, so each
group of failures is looked at with its neighbours alone.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial

from expectations.diagnose.proposal import Proposal
from expectations.diagnose.search import failing, groups
from expectations.records.explain import explained, explanations
from expectations.records.names import edit_id
from expectations.records.sums import Sums, is_arithmetic, place_of, sums_of
from expectations.wording import plain
from schemas.filing import Filing
from schemas.findings import Change, Diagnosis, Finding
from schemas.models import Form, Scheme
from schemas.rules.wording import heading


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
            diagnosis = diagnosis_of(form, sums, each, len(failed))
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


def diagnosis_of(form: Form, sums: Sums, found: Proposal, failed: int) -> Diagnosis:
    """A proposal as it is told of a filing; `failed` checks hang together."""
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
        satisfied=len(found.repaired),
        failed=failed,
        answers=found.answers,
    )
