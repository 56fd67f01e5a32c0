"""What probably made the forms of a county disagree, looked for in all of them together.

Nothing is done for a county whose rules between forms hold. Otherwise the forms that a failed rule
compares are one record with everything that must hold inside of them, and what explains failures
that hang together takes the place of what a form alone let guess.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from expectations.diagnose.proposal import Proposal
from expectations.diagnose.search import Test, groups
from expectations.known import Known
from expectations.records.corrections_between import of_forms, revisions
from expectations.records.explain import MOST_TIES, explained, explanations
from expectations.records.joined import Joined, joined
from expectations.records.localise_between import located
from expectations.records.proposed import proposed
from expectations.records.spanning import test_id
from expectations.records.sums import edit_id, is_told_apart, place_of
from schemas.consolidated.figures import Figures
from schemas.filing import Checked, Filing
from schemas.findings import Diagnosis, Finding, Mechanism
from schemas.models import Form, Scheme
from schemas.period import Period

_DISAGREE, _AGAIN = "relation-failed", "return-again"

_MOST_VALUES = 500
"""A group of failures with more values than this comes from no single slip, and is left alone."""

_SENT_AGAIN = Diagnosis(mechanism=Mechanism.AGAIN, changes=(), satisfied=0, failed=1)


@dataclass(frozen=True)
class _Came:
    """A filing that came, its form, what is wrong with it, and which of all filings it is."""

    filing: Filing
    form: Form
    findings: tuple[Finding, ...]
    number: int

    def test_of(self, finding: Finding) -> str | None:
        """The id of the test that a finding says has failed; None where it is no single one."""
        if finding.code == _DISAGREE and finding.rule is not None:
            return edit_id(finding.rule, self.filing.name)
        if is_told_apart(finding):
            return f"{self.filing.name}/{edit_id(*place_of(finding))}"
        return None


def diagnosed_together(
    returns: Sequence[Sequence[Filing]],
    scheme: Scheme,
    accepted: Figures,
    checked: Sequence[Sequence[Checked]],
) -> list[list[Checked]]:
    """How the filings of each file came out, with what their disagreements probably come from.

    `accepted` are the figures with which they were compared.
    """
    every = [one for of_file in checked for one in of_file]
    counties: dict[str, dict[str, _Came]] = defaultdict(dict)
    filings = (filing for of_file in returns for filing in of_file)
    for number, (filing, one) in enumerate(zip(filings, every, strict=True)):
        form = scheme.at(Period.parse(filing.period)).form(filing.form)
        # Of two filings of one form and period the later one will count.
        counties[filing.county][filing.name] = _Came(filing, form, one.findings, number)
    disagreeing = [c for c in counties.values() if any(map(_disagrees, c.values()))]
    if disagreeing:
        known = Known(returns, scheme, accepted)
        for came in disagreeing:
            for number, findings in _explained(scheme, known, came):
                every[number] = replace(every[number], findings=findings)
    rest = iter(every)
    return [[next(rest) for _ in of_file] for of_file in checked]


def _disagrees(came: _Came) -> bool:
    return any(finding.code == _DISAGREE for finding in came.findings)


def _explained(
    scheme: Scheme, known: Known, came: Mapping[str, _Came]
) -> Iterator[tuple[int, tuple[Finding, ...]]]:
    """The filings of a county that disagree, by number, with their findings diagnosed."""
    county = _joined(scheme, known, came)
    found: dict[str, list[tuple[Proposal, int]]] = defaultdict(list)
    for failed, proposals in _proposals(county):
        for each in proposals:
            for test in each.repaired:
                found[test].append((each, len(failed)))
    for name in county.filings:
        one = came[name]
        again = any(finding.code == _AGAIN for finding in one.findings)
        yield one.number, tuple(_told(county, one, each, found, again) for each in one.findings)


def _joined(scheme: Scheme, known: Known, came: Mapping[str, _Came]) -> Joined:
    """The filings that failed rules compare, with every rule that says something about them."""
    filings = [each.filing for each in came.values()]
    every = (case for filing in filings for case in known.cases(filing, filings))
    cases = [case for case in every if not case.relation.trial]  # counties know nothing of these
    failed = {one.test_of(f) for one in came.values() for f in one.findings if f.code == _DISAGREE}
    involved = {name for case in cases if test_id(case) in failed for name in case.filings()}
    return joined(
        scheme,
        {name: (one.form, one.filing) for name, one in came.items() if name in involved},
        [case for case in cases if not involved.isdisjoint(case.filings())],
        {
            name: [place_of(finding) for finding in one.findings if is_told_apart(finding)]
            for name, one in came.items()
        },
    )


def _proposals(county: Joined) -> Iterator[tuple[Sequence[Test], list[Proposal]]]:
    """Groups of failures with what explains each, or all of them with what explains all."""
    found = list(groups(county.sums.tests, county.sums.record))
    if any(_is_between(county, group) for group in found):
        yield from explained(county.sums, found, partial(_of_group, county))


def _is_between(county: Joined, failed: Sequence[Test]) -> bool:
    return any(test.id in county.between for test in failed)


def _of_group(county: Joined, failed: Sequence[Test]) -> list[Proposal]:
    """What explains failures that hang together; where all is guesswork, earlier figures too.

    None for those of one form, of which that form has told what they come from.
    """
    values = frozenset().union(*(test.names for test in failed))
    if not _is_between(county, failed) or len(values) > _MOST_VALUES:
        return []
    found = explanations(county.sums, failed, [*of_forms(county, failed)])
    if not found or (found[0].mechanism is Mechanism.LOCATION and len(found[0].changes) > 1):
        found = located(county, failed, MOST_TIES) or found
    return [*found, *revisions(county, failed), *_miscounted(county, failed, found)]


def _miscounted(
    county: Joined, failed: Sequence[Test], found: Sequence[Proposal]
) -> Iterator[Proposal]:
    """That lines were left out or are too many, where nothing else explains it as clearly."""
    guessed = not found or found[0].mechanism is Mechanism.LOCATION
    counted = [test for test in failed if _counts(county, test)]
    if guessed and counted == list(failed) and len(failed) == 1:
        yield Proposal(Mechanism.LINES, {}, (failed[0].id,), left=())


def _counts(county: Joined, test: Test) -> bool:
    return test.equal and test.id in county.between and county.between[test.id].counts


def _told(
    county: Joined,
    came: _Came,
    finding: Finding,
    found: Mapping[str, Sequence[tuple[Proposal, int]]],
    again: bool,
) -> Finding:
    """A finding with what explains it."""
    proposals = found.get(came.test_of(finding) or "", ())
    diagnoses = [proposed(county, came.filing.name, each, failed) for each, failed in proposals]
    if again and finding.code == _DISAGREE:
        diagnoses = [_SENT_AGAIN]
    if not diagnoses:
        return finding
    return finding.model_copy(update={"diagnoses": tuple(diagnoses)})
