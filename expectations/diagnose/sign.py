"""Wrong signs and exchanged values.

After S. Scholtus, "Algorithms for correcting some obvious inconsistencies and rounding errors in
business survey data" (2008), section 3: the fewest signs turned and declared pairs exchanged that
satisfy every edit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations

from expectations.diagnose.edit import Edit, Record, changed, violated
from expectations.diagnose.proposal import Proposal, proposal
from schemas.findings import Mechanism

Pair = tuple[str, str]

MOST_CHANGES = 3
"""More turned signs and exchanged pairs than this in one record are not looked for."""


def signs_and_swaps(
    edits: Sequence[Edit], record: Record, pairs: Sequence[Pair] = ()
) -> list[Proposal]:
    """The smallest sets of turned signs and exchanged `pairs` after which every edit holds.

    Each is one proposal; several are equally good answers. None where nothing is violated, or
    where it cannot be told.
    """
    broken = violated(edits, record)
    broken_first = [*broken, *(edit for edit in edits if edit not in broken)]
    moves = list(_moves(broken, record, pairs))
    for size in range(1, MOST_CHANGES + 1) if broken else ():
        found = [
            proposal(_mechanism(chosen), changes, record, edits)
            for chosen in combinations(moves, size)
            if (changes := _together(chosen)) is not None
            and _all_hold(broken_first, changed(record, changes))
        ]
        if found:
            return [replace(each, answers=len(found)) for each in found]
    return []


def _all_hold(edits: Sequence[Edit], record: Record) -> bool:
    return not any(edit.holds(record) is False for edit in edits)


_Move = tuple[Mechanism, dict[str, Decimal]]


def _moves(broken: Sequence[Edit], record: Record, pairs: Sequence[Pair]) -> Iterator[_Move]:
    involved = dict.fromkeys(name for edit in broken for name in edit.terms)
    balanced = {name for edit in broken if edit.equal for name in edit.terms}
    for name in involved:
        value = record[name]
        # A limit alone is satisfied by many a negative number, which says nothing.
        if value and (value < 0 or name in balanced):
            yield Mechanism.SIGN, {name: -value}
    for one, other in pairs:
        first, second = record[one], record[other]
        if first is None or second is None or first == second or min(first, second) < 0:
            continue  # below zero would be as wrong in the one cell as in the other
        if one in involved or other in involved:
            yield Mechanism.SWAP, {one: second, other: first}


def _together(chosen: Sequence[_Move]) -> dict[str, Decimal] | None:
    """What some moves change, None where two would change the same value."""
    changes: dict[str, Decimal] = {}
    for _, move in chosen:
        if not changes.keys().isdisjoint(move):
            return None
        changes |= move
    return changes


def _mechanism(chosen: Sequence[_Move]) -> Mechanism:
    swapped = any(mechanism is Mechanism.SWAP for mechanism, _ in chosen)
    return Mechanism.SWAP if swapped else Mechanism.SIGN
