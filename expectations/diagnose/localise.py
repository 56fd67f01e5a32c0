"""The fewest values that must be wrong, with every equally good answer.

The principle of I. Fellegi and D. Holt, "A systematic approach to automatic edit and imputation"
(1976), as a mixed-integer program after E. de Jonge and M. van der Loo, "Error localization as a
mixed integer problem with the editrules package" (2014): a value that is not chosen stays as
stated, one that is may be anything, and all edits hold.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from expectations.diagnose.choice import Within, best_choices
from expectations.diagnose.edit import Edit, Record, violated
from expectations.diagnose.proposal import Proposal, proposal
from schemas.findings import Mechanism

_FIXED = math.inf


def locations(
    edits: Sequence[Edit], record: Record, weights: Mapping[str, float] | None = None
) -> list[Proposal]:
    """The sets of values of least weight whose change alone can satisfy all edits.

    A larger weight is more trust (1 unless stated), an infinite one never changes. A value that
    the others determine is proposed; where they leave a choice, the set is given without values
    for it. None where nothing is violated or nothing helps.
    """
    if not violated(edits, record):
        return []
    names = list(dict.fromkeys(name for edit in edits for name in edit.terms))
    charged = [n for n in names if record[n] is not None and _weight(n, weights) != _FIXED]
    found = []
    for chosen in _chosen(edits, record, names, charged, weights):
        wrong = frozenset(charged[i] for i in chosen)
        values = _determined(edits, record, wrong | {n for n in names if record[n] is None})
        changes = {name: values[name] for name in record if name in wrong and name in values}
        found.append(proposal(Mechanism.LOCATION, changes, record, edits))
        if not changes:
            found.pop()
    return [replace(each, answers=len(found)) for each in found]


def _weight(name: str, weights: Mapping[str, float] | None) -> float:
    return 1.0 if weights is None else weights.get(name, 1.0)


def _chosen(
    edits: Sequence[Edit],
    record: Record,
    names: Sequence[str],
    charged: Sequence[str],
    weights: Mapping[str, float] | None,
) -> list[frozenset[int]]:
    """Which of the charged values change: binaries first, then how far each value moves."""
    stated = [abs(float(value)) for value in record.values() if value is not None]
    far = 10 * (sum(stated) + sum(abs(float(edit.bound)) for edit in edits) + 1)
    free = {*charged, *(name for name in names if record[name] is None)}
    costs = [_weight(name, weights) for name in charged]
    limits = [_within(edit, record, [0.0] * len(charged), names) for edit in edits]
    for number, name in enumerate(charged):
        for sign in (1.0, -1.0):
            factors = [0.0] * (len(charged) + len(names))
            factors[number], factors[len(charged) + names.index(name)] = -far, sign
            limits.append(Within(factors, high=0.0))
    return best_choices(costs, limits, [far if name in free else 0.0 for name in names])


def _within(edit: Edit, record: Record, before: list[float], names: Sequence[str]) -> Within:
    """An edit over how far each value moves, a blank one from 0."""
    gap = edit.gap({name: value or Decimal(0) for name, value in record.items()})
    assert gap is not None, edit.id
    factors = before + [float(edit.terms.get(name, 0)) for name in names]
    low = float(-edit.tolerance - gap) if edit.equal else -math.inf
    return Within(factors, low, float(edit.tolerance - gap))


def _determined(edits: Sequence[Edit], record: Record, free: frozenset[str]) -> dict[str, Decimal]:
    """The values of the free ones that the equations leave no choice for, exactly."""
    names = sorted(free)
    rows = []
    for edit in edits:
        if edit.equal and not free.isdisjoint(edit.terms):
            known = {name: Decimal(0) if name in free else record[name] for name in record}
            gap = edit.gap(known)
            assert gap is not None, edit.id
            rows.append([Fraction(edit.terms.get(name, 0)) for name in names] + [-Fraction(gap)])
    values = {}
    for row in _reduced(rows, len(names)):
        leading = [i for i, factor in enumerate(row[:-1]) if factor]
        if len(leading) == 1:
            exact = row[-1] / row[leading[0]]
            values[names[leading[0]]] = Decimal(exact.numerator) / exact.denominator
    return values


def _reduced(rows: list[list[Fraction]], width: int) -> list[list[Fraction]]:
    """Equations in reduced form (Gauss and Jordan)."""
    done = 0
    for column in range(width):
        pivot = next((i for i in range(done, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        for i, row in enumerate(rows):
            if i != done and row[column]:
                factor = row[column] / rows[done][column]
                rows[i] = [a - factor * b for a, b in zip(row, rows[done], strict=True)]
        done += 1
    return rows[:done]
