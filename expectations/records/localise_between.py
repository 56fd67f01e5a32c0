"""The fewest wrong values in several forms of a county together, earlier figures included.

A value in a return that came is one guess; a figure that was accepted before has passed its own
checks, so that it is trusted like two of them.
"""

from collections.abc import Sequence
from dataclasses import replace

from expectations.diagnose.edit import changed, violated
from expectations.diagnose.localise import locations
from expectations.diagnose.proposal import Proposal, breaks
from expectations.diagnose.search import Test, failing
from expectations.records.joined import Joined
from expectations.records.sums import MOST_VALUES

_TRUST = 2.0


def located(county: Joined, failed: Sequence[Test], most: int) -> list[Proposal]:
    """The sets of fewest values after which the failed tests and all about them hold.

    None where they are more than `most`, or where too many values are involved.
    """
    names = frozenset().union(*(test.names for test in failed))
    edits = [edit for edit in county.edits if not names.isdisjoint(edit.terms)]
    there = {name for edit in edits for name in edit.terms}
    figures = {name: taken.figure.value for name, taken in county.figures.items()}
    known = {**county.sums.record, **figures}
    record = {name: value for name, value in known.items() if name in there}
    if len(there) > MOST_VALUES or not violated(edits, record):
        return []
    weights = {name: _TRUST if name in figures else 1.0 for name in record}
    found = [
        one
        for one in locations(edits, record, weights)
        if not one.left and not breaks(one.changes, record, edits) and _mends(county, one)
    ]
    order = list(known)
    found.sort(key=lambda one: [order.index(name) for name in one.changes])
    return [replace(one, answers=len(found)) for one in found] if len(found) <= most else []


def _mends(county: Joined, one: Proposal) -> bool:
    """Whether a proposal breaks nothing that is no sum."""
    cells = {name: value for name, value in one.changes.items() if name in county.sums.record}
    after = changed(county.sums.record, cells)
    near = [test for test in county.sums.tests if not test.names.isdisjoint(cells)]
    sums = {edit.id for edit in county.sums.edits}
    held = {test.id for test in failing(near, county.sums.record)}
    return all(test.id in sums or test.id in held for test in failing(near, after))
