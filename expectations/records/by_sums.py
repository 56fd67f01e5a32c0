"""Several wrong values at once, as far as what must hold of them are sums."""

from collections.abc import Sequence
from decimal import Decimal

from expectations.diagnose.edit import Edit, Record, changed, violated
from expectations.diagnose.localise import locations
from expectations.diagnose.proposal import Proposal, breaks, proposal
from expectations.diagnose.sign import signs_and_swaps
from expectations.diagnose.typing_slip import typing_slips
from expectations.diagnose.unit import scaled, too_large
from expectations.records.names import column_of
from expectations.records.sums import MOST_VALUES, Sums
from schemas.findings import Mechanism


def explained_by_sums(sums: Sums, names: frozenset[str], most: int) -> list[Proposal]:
    """The first mechanism that satisfies all sums about some values, by up to `most` answers."""
    about = [edit for edit in sums.edits if not names.isdisjoint(edit.terms)]
    there = {name for edit in about for name in edit.terms}
    edits = [edit for edit in sums.edits if there.issuperset(edit.terms)]
    record = {name: value for name, value in sums.record.items() if name in there}
    if len(there) > MOST_VALUES or not violated(edits, record):
        return []
    slips = typing_slips(edits, record)
    for found in (
        _too_large(sums, edits, record),
        signs_and_swaps(edits, record, [p for p in sums.pairs if {*p} <= record.keys()]),
        slips if all(not each.left or each.answers > 1 for each in slips) else [],
        _together(slips, edits, record),
        _locations(edits, record),
    ):
        if found and found[0].answers <= most:
            return found
    return [each for each in slips if each.answers == 1]


def _too_large(sums: Sums, edits: Sequence[Edit], record: Record) -> list[Proposal]:
    """Amounts in a smaller unit than the column's, where that satisfies everything."""
    smaller = {name: [f for f in sums.factors[column_of(name)] if f > 0] for name in record}
    amounts = {name for name, factors in smaller.items() if factors}
    equalities = [edit for edit in edits if edit.equal and amounts.issuperset(edit.terms)]
    for factor in dict.fromkeys(f for factors in smaller.values() for f in factors):
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
