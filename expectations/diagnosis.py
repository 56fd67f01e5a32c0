"""What the failed arithmetic of a filing probably comes from.

The numbers of a filing's lines and its written totals are the record; rules, formulas, limits and
totals are the edits. Checks that share no value with one that failed say nothing about it, so each
group of failures is looked at with its neighbours alone.
"""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from expectations.diagnose.edit import Edit, Record, changed, violated
from expectations.diagnose.localise import locations
from expectations.diagnose.proposal import Proposal, breaks, proposal
from expectations.diagnose.sign import signs_and_swaps
from expectations.diagnose.typing_slip import typing_slips
from expectations.diagnose.unit import scaled, too_large
from expectations.rule import Outcome, outcome
from expectations.sums import Sums, blocks, edit_id, is_told_apart, place_of, sums_of, value_name
from expectations.wording import plain
from schemas.filing import ROW, Filing
from schemas.findings import Change, Diagnosis, Finding, Mechanism
from schemas.models import Form
from schemas.wording import heading

_MOST_TIES = 4
_MONEY_FACTORS = (10_000, 1_000)


def diagnosed(form: Form, filing: Filing, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings of a filing, those of failed arithmetic with what they probably come from."""
    places = {place_of(finding) for finding in findings if is_told_apart(finding)}
    if not places:
        return tuple(findings)
    sums = sums_of(form, filing, places)
    found: dict[str, list[Diagnosis]] = defaultdict(list)
    for block, record in blocks(sums):
        for each in _proposals(sums, block, record):
            touched, mended = _others(sums, each)
            repaired = [*each.repaired, *mended]
            failed = len(violated(block, record)) + len(touched)
            diagnosis = _diagnosis(form, sums, each, len(repaired), failed)
            for edit in repaired:
                found[edit].append(diagnosis)
    return tuple(
        finding.model_copy(update={"diagnoses": tuple(found[edit_id(*place_of(finding))])})
        if is_told_apart(finding)
        else finding
        for finding in findings
    )


def _proposals(sums: Sums, edits: Sequence[Edit], record: Record) -> list[Proposal]:
    """The first mechanism that satisfies everything, else what typing slips explain."""
    slips = typing_slips(edits, record)
    for found in (
        _units(sums, edits, record),
        signs_and_swaps(edits, record, [p for p in sums.pairs if {*p} <= record.keys()]),
        slips if all(not each.left or each.answers > 1 for each in slips) else [],
        _together(slips, edits, record),
        _locations(edits, record),
    ):
        if found and found[0].answers <= _MOST_TIES:
            return found
    return [each for each in slips if each.answers == 1]


def _units(sums: Sums, edits: Sequence[Edit], record: Record) -> list[Proposal]:
    """Amounts in a smaller unit than the column's, where that satisfies everything."""
    amounts = {name for name in record if sums.indicators[name].kind == "decimal"}
    equalities = [edit for edit in edits if edit.equal and amounts.issuperset(edit.terms)]
    for factor in _MONEY_FACTORS:
        answers = too_large(equalities, record, factor)
        if len(answers) == 1:
            changes = {n: scaled(record[n] or Decimal(0), factor) for n in sorted(answers[0])}
            found = proposal(Mechanism.UNIT, changes, record, edits)
            return [] if found.left else [found]
    return []


def _together(slips: Sequence[Proposal], edits: Sequence[Edit], record: Record) -> list[Proposal]:
    """Several slips, certain each, that together satisfy everything."""
    certain = [each for each in slips if each.answers == 1]
    changes = {name: value for each in certain for name, value in each.changes.items()}
    if len(certain) < 2 or violated(edits, changed(record, changes)):
        return []
    return [proposal(Mechanism.TYPING, changes, record, edits)]


def _locations(edits: Sequence[Edit], record: Record) -> list[Proposal]:
    """The fewest wrong values among those in failed edits; the others are taken as right."""
    suspected = {name for edit in violated(edits, record) for name in edit.terms}
    weights = {name: 1.0 if name in suspected else float("inf") for name in record}
    found = locations(edits, record, weights)
    order = list(record)
    return sorted(
        (e for e in found if not e.left and not breaks(e.changes, record, edits)),
        key=lambda e: [order.index(name) for name in e.changes],
    )


def _others(sums: Sums, found: Proposal) -> tuple[list[str], list[str]]:
    """The failed checks that are no sums: those that a proposal touches, and that it satisfies."""
    touched, mended = [], []
    for name, (statement, line) in sums.others.items():
        row = str(line[ROW])
        changes = {n: found.changes.get(value_name(n, row)) for n in statement.operands}
        new = {n: value for n, value in changes.items() if value is not None}
        if new:
            touched.append(name)
            if outcome(statement, {**line, **new}) is Outcome.PASS:
                mended.append(name)
    return touched, mended


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
