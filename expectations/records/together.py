"""What probably made the forms of a county disagree, looked for in all of them together.

Nothing is done for a county whose rules between forms hold and whose forms left nothing open.
Otherwise the forms that a failed rule compares, and those of which several explanations fit equally
well, are one record with everything that must hold inside of them and between them, and what
explains failures that hang together takes the place of what a form alone let guess.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from expectations.diagnose.proposal import Proposal
from expectations.diagnose.search import Test, groups
from expectations.known import Known
from expectations.records.corrections_between import of_forms, revisions
from expectations.records.explain import explained, explanations
from expectations.records.joined import Joined, joined
from expectations.records.localise_between import located
from expectations.records.names import edit_id
from expectations.records.proposed import proposed
from expectations.records.spanning import test_id
from expectations.records.sums import is_told_apart, place_of
from expectations.records.ties import MOST_TIES
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

    @property
    def open_tests(self) -> frozenset[str]:
        """The tests inside of it that failed, and of which several explanations fit."""
        several = (f for f in self.findings if is_told_apart(f) and len(f.diagnoses) > 1)
        return frozenset(test for f in several if (test := self.test_of(f)) is not None)

    @property
    def disagrees(self) -> bool:
        """Whether a rule between it and other forms failed."""
        return any(finding.code == _DISAGREE for finding in self.findings)


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
    doubtful = [
        came
        for came in counties.values()
        if any(one.disagrees or one.open_tests for one in came.values())
    ]
    if doubtful:
        known = Known(returns, scheme, accepted)
        for came in doubtful:
            for number, findings in _explained(scheme, known, came):
                every[number] = replace(every[number], findings=findings)
    rest = iter(every)
    return [[next(rest) for _ in of_file] for of_file in checked]


def _explained(
    scheme: Scheme, known: Known, came: Mapping[str, _Came]
) -> Iterator[tuple[int, tuple[Finding, ...]]]:
    """The filings of a county that are in doubt, by number, with their findings diagnosed."""
    county = _joined(scheme, known, came)
    left_open = frozenset().union(*(one.open_tests for one in came.values()))
    found: dict[str, list[tuple[Proposal, int]]] = defaultdict(list)
    for failed, proposals in _proposals(county, left_open):
        for each in proposals:
            for test in each.repaired:
                found[test].append((each, len(failed)))
    for name in county.filings:
        one = came[name]
        again = any(finding.code == _AGAIN for finding in one.findings)
        yield one.number, tuple(_told(county, one, each, found, again) for each in one.findings)


def _joined(scheme: Scheme, known: Known, came: Mapping[str, _Came]) -> Joined:
    """The filings that failed rules compare and those that leave something open, with every rule
    that says something about them.
    """
    every = known.cases([each.filing for each in came.values()])
    # Counties know nothing of rules on trial.
    cases = [case for of_filing in every for case in of_filing if not case.relation.trial]
    failed = {one.test_of(f) for one in came.values() for f in one.findings if f.code == _DISAGREE}
    open_ones = {name for name, one in came.items() if one.open_tests}
    involved = {
        name
        for case in cases
        for name in case.filings()
        if test_id(case) in failed or name in open_ones
    }
    return joined(
        scheme,
        {name: (one.form, one.filing) for name, one in came.items() if name in involved},
        [case for case in cases if not involved.isdisjoint(case.filings())],
        {
            name: [place_of(finding) for finding in one.findings if is_told_apart(finding)]
            for name, one in came.items()
        },
    )


def _proposals(
    county: Joined, left_open: frozenset[str]
) -> Iterator[tuple[Sequence[Test], list[Proposal]]]:
    """Groups of failures with what explains each, or all of them with what explains all."""
    found = list(groups(county.sums.tests, county.sums.record))
    if any(_is_between(county, group) for group in found):
        yield from explained(county.sums, found, partial(_of_group, county, left_open))
    else:
        yield from ((group, _of_group(county, left_open, group)) for group in found)


def _is_between(county: Joined, failed: Sequence[Test]) -> bool:
    return any(test.id in county.between for test in failed)


def _of_group(county: Joined, left_open: frozenset[str], failed: Sequence[Test]) -> list[Proposal]:
    """What explains failures that hang together; where all is guesswork, earlier figures too.

    Those of one form are looked at again where that form left it open: of what explains them, some
    may break a rule between forms.
    """
    values = frozenset().union(*(test.names for test in failed))
    if len(values) > _MOST_VALUES:
        return []
    if not _is_between(county, failed):
        again = any(test.id in left_open for test in failed)
        return explanations(county.sums, failed) if again else []
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
