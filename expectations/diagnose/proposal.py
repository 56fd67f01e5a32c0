"""What a mechanism proposes, with the numbers that support it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from expectations.diagnose.edit import Edit, Record, changed, violated
from schemas.findings import Mechanism


@dataclass(frozen=True)
class Proposal:
    """Values that would satisfy edits.

    `repaired` are the violated edits that would hold, `left` those that still would not. `answers`
    is how many equally good answers there are, of which this is one.
    """

    mechanism: Mechanism
    changes: Mapping[str, Decimal]
    repaired: tuple[str, ...]
    left: tuple[str, ...]
    answers: int = 1


def proposal(
    mechanism: Mechanism, changes: Mapping[str, Decimal], record: Record, edits: Sequence[Edit]
) -> Proposal:
    """A proposal with what it does to the edits."""
    before = [edit.id for edit in violated(edits, record)]
    after = [edit.id for edit in violated(edits, changed(record, changes))]
    return Proposal(
        mechanism,
        changes,
        repaired=tuple(name for name in before if name not in after),
        left=tuple(after),
    )


def breaks(changes: Mapping[str, Decimal], record: Record, edits: Sequence[Edit]) -> bool:
    """Whether changed values violate an edit that holds as stated."""
    held = {edit.id for edit in violated(edits, record)}
    return any(edit.id not in held for edit in violated(edits, changed(record, changes)))
