"""What a rule that fails for one value of a key probably comes from.

A household without members and members without a household are one household whose number was
mistyped in one of the two forms, if one slip makes the one number of the other. Where lines are
counted, either the number that they should be is wrong, or lines were left out or are too many.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import pandas as pd

from expectations.diagnose.typing_slip import is_slip
from expectations.relation_case import RelationCase, Taken
from expectations.wording import on_sheet
from schemas.filing import ROW, Filing
from schemas.findings import Change, Diagnosis, Mechanism
from schemas.language.expression import Name
from schemas.models import Form
from schemas.rules.wording import heading

_MOST_STRAYS = 2_000
"""Of more values that only one form has nothing is said: they are not mistyped one by one."""

_MOST_TIES = 4

_MISSING_LINES = Diagnosis(mechanism=Mechanism.LINES, changes=(), satisfied=1, failed=1)


class KeySlips:
    """The values of a key in the judged filing and in the one that it is compared with."""

    def __init__(
        self, by: str, filing: Filing, other: Filing | None, forms: Mapping[str, Form]
    ) -> None:
        self._by, self._forms = by, forms
        self._filings = [filing] if other is None else [filing, other]
        self._lines = [each.frame[by].value_counts() for each in self._filings]
        self._strays = self._only_in_one() if other is not None else [pd.Index([])] * 2

    def _only_in_one(self) -> list[pd.Index]:
        one, other = (lines.index for lines in self._lines)
        found = [one.difference(other), other.difference(one)]
        return [strays if len(strays) <= _MOST_STRAYS else strays[:0] for strays in found]

    def diagnoses(self, case: RelationCase, key: str) -> tuple[Diagnosis, ...]:
        """What a failure for a value of the key may come from, the likeliest first."""
        slips = [*self._slips(case, key)]
        if slips:
            ties = [each.model_copy(update={"answers": len(slips)}) for each in slips]
            return tuple(ties[:_MOST_TIES])
        return tuple(_miscounted(case))

    def _slips(self, case: RelationCase, key: str) -> Iterator[Diagnosis]:
        """The keys that one slip makes of this one, or this one of them."""
        if key in self._strays[0]:
            for stray in self._strays[1]:
                if is_slip(key, str(stray)):
                    yield from self._either(key, str(stray))
        elif (lacking := _lacking(case)) is not None:
            for stray in self._strays[0]:
                if self._lines[0][stray] == lacking and is_slip(str(stray), key):
                    yield self._changed(0, str(stray), key)

    def _either(self, mine: str, others: str) -> Iterator[Diagnosis]:
        """One of two keys mistyped: that on fewer lines, or either where both are on as many."""
        here, there = int(self._lines[0][mine]), int(self._lines[1][others])
        if here <= there:
            yield self._changed(0, mine, others)
        if there <= here:
            yield self._changed(1, others, mine)

    def _changed(self, which: int, stated: str, proposed: str) -> Diagnosis:
        filing = self._filings[which]
        form = self._forms[filing.form]
        rows = filing.frame.loc[filing.frame[self._by] == stated, ROW].tolist()
        cells = [filing.cell(self._by, int(row)) for row in rows]
        place = None if which == 0 else on_sheet(cells[0].sheet)
        changes = tuple(
            Change(
                cell=cell,
                column=heading(form, form[self._by]),
                stated=stated,
                proposed=proposed,
                place=place,
            )
            for cell in cells
        )
        return Diagnosis(mechanism=Mechanism.TYPING, changes=changes, satisfied=1, failed=1)


def _counted(case: RelationCase) -> tuple[Taken, Taken] | None:
    """The counted lines and what they should be as many as, of a rule that says only that."""
    comparison = case.relation.comparison
    match comparison.left, comparison.comparator, comparison.right:
        case Name(one), "=", Name(other):
            sides = case.taken[one], case.taken[other]
        case _:
            return None
    counts = [taken.operand.measure.aggregation == "count" for taken in sides]
    if counts == [True, False]:
        return sides
    return (sides[1], sides[0]) if counts == [False, True] else None


def _lacking(case: RelationCase) -> Decimal | None:
    """How many lines are too few."""
    found = _counted(case)
    if found is None:
        return None
    lines, stated = (taken.figure.value for taken in found)
    return stated - lines if lines is not None and stated is not None else None


def _miscounted(case: RelationCase) -> Iterator[Diagnosis]:
    """The number that lines should be is wrong, or the lines are."""
    found = _counted(case)
    if found is None:
        return
    counted, stated = found
    if (change := _as_counted(case, stated, counted.figure.value)) is not None:
        yield Diagnosis(mechanism=Mechanism.LOCATION, changes=(change,), satisfied=1, failed=1)
    yield _MISSING_LINES


def _as_counted(case: RelationCase, stated: Taken, value: Decimal | None) -> Change | None:
    """The one cell that says how many lines there should be, with as many as there are."""
    filing, measure, form = stated.filing, stated.operand.measure, stated.operand.form
    if filing is None or measure.indicator not in filing.columns or value is None:
        return None
    assert case.key is not None, case.relation.id
    assert measure.indicator is not None, measure.name
    by, key = case.key
    rows: Sequence[int] = filing.frame.loc[filing.frame[by] == key, ROW].tolist()
    if len(rows) != 1 or stated.figure.value is None:
        return None
    cell = filing.cell(measure.indicator, int(rows[0]))
    return Change(
        cell=cell,
        column=heading(form, form[measure.indicator]),
        stated=f"{stated.figure.value:f}",
        proposed=f"{value:f}",
        place=None if filing is case.filing else on_sheet(cell.sheet),
    )
