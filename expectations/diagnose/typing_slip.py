"""Slips of the keyboard: one digit more, less, other, or two exchanged.

After S. Scholtus, "Automatic correction of simple typing errors in numerical data with balance
edits" (2009): a value that stands in no equation that holds, and that one slip turns into what the
violated ones want, was probably typed wrongly.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal

from expectations.diagnose.choice import Within, best_choices
from expectations.diagnose.edit import Edit, Record, changed, satisfied, violated
from expectations.diagnose.proposal import Proposal, breaks, proposal
from schemas.findings import Mechanism

_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")


@dataclass(frozen=True)
class _Candidate:
    name: str
    value: Decimal
    repairs: int


def typing_slips(
    edits: Sequence[Edit],
    record: Record,
    fixed: AbstractSet[str] = frozenset(),
    typed: Mapping[str, str] | None = None,
) -> list[Proposal]:
    """The values that were probably typed wrongly, each as a proposal of its own.

    `fixed` values are certain. `typed` has the text of values as typed where it is not the plain
    number. Where slips exclude each other and repair equally many edits, all of them are given,
    with the number of answers. Values of one digit are passed over: any other digit is one slip
    away.
    """
    broken = [edit for edit in violated(edits, record) if edit.equal]
    balanced = [edit for edit in satisfied(edits, record) if edit.equal]
    certain = {name for edit in balanced for name in edit.terms} | set(fixed)
    candidates = [
        candidate
        for name in record
        if name not in certain and any(name in edit.terms for edit in broken)
        for candidate in _candidates(name, broken, edits, record, typed or {})
    ]
    if not candidates:
        return []
    answers = _best(candidates, broken)
    common = frozenset.intersection(*answers)
    proposals = [_proposed(candidates[i], record, edits) for i in sorted(common)]
    for i in sorted(frozenset.union(*answers) - common):
        one = _proposed(candidates[i], record, edits)
        proposals.append(Proposal(one.mechanism, one.changes, one.repaired, one.left, len(answers)))
    return proposals


def _proposed(candidate: _Candidate, record: Record, edits: Sequence[Edit]) -> Proposal:
    return proposal(Mechanism.TYPING, {candidate.name: candidate.value}, record, edits)


def _candidates(
    name: str,
    broken: Sequence[Edit],
    edits: Sequence[Edit],
    record: Record,
    typed: Mapping[str, str],
) -> list[_Candidate]:
    stated = record[name]
    if stated is None:
        return []
    text = typed.get(name, as_typed(stated))
    found: dict[Decimal, int] = {}
    for edit in broken:
        value = edit.solved_for(name, record) if name in edit.terms else None
        if value is None or value in found or not is_slip(text, as_typed(value)):
            continue
        if breaks({name: value}, record, edits):
            continue
        then = changed(record, {name: value})
        found[value] = sum(1 for other in broken if name in other.terms and other.holds(then))
    return [_Candidate(name, value, repairs) for value, repairs in found.items()]


def _best(candidates: Sequence[_Candidate], broken: Sequence[Edit]) -> list[frozenset[int]]:
    """The sets of slips that repair most, of no two in the same violated edit."""
    limits = [Within([float(c.name in edit.terms) for c in candidates], high=1) for edit in broken]
    return best_choices([-float(candidate.repairs) for candidate in candidates], limits)


def as_typed(value: Decimal) -> str:
    """A number as somebody types it: without the zeros after its last decimal."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def slips(text: str) -> Iterator[Decimal]:
    """Every number of at least two digits that is one slip away from one as typed."""
    found = set()
    for at in range(len(text) + 1):
        head, tail = text[:at], text[at:]
        found |= {head + digit + tail for digit in "0123456789"}
        if tail:
            found |= {head + digit + tail[1:] for digit in "0123456789"} | {head + tail[1:]}
            found.add(head + tail[1:2] + tail[:1] + tail[2:])
    for slip in sorted(found):
        if _NUMBER.fullmatch(slip) and is_slip(text, slip):
            yield Decimal(slip)


def is_slip(one: str, other: str) -> bool:
    """Whether one slip turns a number as typed into another: a character added, left out, put in
    the place of another, or exchanged with its neighbour. Never for a single digit.
    """
    if one == other or min(len(one.strip("-")), len(other.strip("-"))) < 2:
        return False
    # A cell shows .216, which is 2.16 with its point too early, as 0.216.
    bare = [text.removeprefix("0") if text.startswith("0.") else text for text in (one, other)]
    return _is_slip(one, other) or (bare != [one, other] and _is_slip(*bare))


def _is_slip(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    start = next(
        (i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short)
    )
    if len(long) == len(short) + 1:
        return short[start:] == long[start + 1 :]
    if len(long) != len(short):
        return False
    exchanged = short[start + 1 : start + 2] + short[start : start + 1] + short[start + 2 :]
    return short[start + 1 :] == long[start + 1 :] or exchanged == long[start:]
