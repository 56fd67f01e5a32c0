"""Figures of one cell each that changed unlike those of the other counties: slips that are why.

What is usual of a figure is a test like any other of the cell that it stands in, so that the
mechanisms that mend arithmetic mend this as well: neighbours exchanged or moved along, and slips
of the keyboard. Of a figure that is the sum of several cells nothing is said: any may be wrong.
"""

from collections.abc import Sequence
from dataclasses import replace

from expectations.compared import Compared, check_of
from expectations.diagnose.edit import Record
from expectations.diagnose.proposal import Proposal
from expectations.diagnose.search import Test, failing
from expectations.records.diagnosis import diagnosis_of
from expectations.records.explain import explained, explanations
from expectations.records.names import value_name
from expectations.records.sums import Sums, sums_of
from schemas.filing import ROW, Filing
from schemas.findings import Finding, Mechanism, Severity
from schemas.models import Form, Scheme


def of_cells(
    scheme: Scheme, form: Form, filing: Filing, every: Sequence[Compared], found: Sequence[Finding]
) -> tuple[Finding, ...]:
    """The findings of unusual figures, with the slips that one or several may come from.

    What is already told to be in another unit is left at that. One figure alone must be very
    unusual: doubtful ones are right too often. `every` are the compared figures of the filing.
    """
    open_ones = {str(one.rule): one for one in found if not _in_other_unit(one)}
    if len(filing.frame) != 1 or not open_ones:
        return tuple(found)
    sums = _with_usual(sums_of(form, filing, (), scheme.units), form, filing, every)
    failed = [test for test in failing(sums.tests, sums.record) if test.id in open_ones]

    def of_one(group: Sequence[Test]) -> list[Proposal]:
        (test,) = group
        grave = open_ones[test.id].severity is Severity.WARNING
        return explanations(sums, group) if grave else []

    told = dict(open_ones)
    for group, proposals in explained(sums, [[test] for test in failed], of_one):
        for test in group:
            own = (each for each in proposals if test.id in each.repaired)
            diagnoses = tuple(diagnosis_of(form, sums, each, len(group)) for each in own)
            if diagnoses:
                told[test.id] = told[test.id].model_copy(update={"diagnoses": diagnoses})
    return tuple(told.get(str(one.rule), one) for one in found)


def _in_other_unit(finding: Finding) -> bool:
    return any(each.mechanism is Mechanism.UNIT for each in finding.diagnoses)


def _with_usual(sums: Sums, form: Form, filing: Filing, every: Sequence[Compared]) -> Sums:
    """The sums of a filing of one line, with what is usual as further tests."""
    row = str(int(filing.frame[ROW].iloc[0]))
    tests = (_test(check_of(form, each.series), row, filing.county, each) for each in every)
    known = tuple(test for test in tests if test.names <= sums.record.keys())
    return replace(sums, tests=(*sums.tests, *known))


def _test(name: str, row: str, county: str, compared: Compared) -> Test:
    """That a figure is usual, as a test of its cell."""
    assert compared.series.measure.indicator is not None
    cell = value_name(compared.series.measure.indicator, row)

    def holds(record: Record) -> bool | None:
        value = record[cell]
        return None if value is None else compared.is_usual(county, value)

    return Test(name, frozenset((cell,)), False, holds, lambda _: None)
