"""What explains a group of failures best: the mechanisms in their order, until one does."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from expectations.diagnose.cumulative import HORIZONS
from expectations.diagnose.edit import Edit, Record, changed, violated
from expectations.diagnose.localise import locations
from expectations.diagnose.proposal import Proposal, breaks, proposal
from expectations.diagnose.rounding import is_rounded
from expectations.diagnose.search import Changes, Test, failing, mending, suspects
from expectations.diagnose.shift import shifted, shifted_along
from expectations.diagnose.sign import signs_and_swaps
from expectations.diagnose.total import is_miscounted
from expectations.diagnose.typing_slip import as_typed, is_slip, slips, typing_slips
from expectations.diagnose.unit import scaled, too_large
from expectations.sums import MOST_VALUES, TOTAL, Sums, column_of, row_of, value_name
from schemas.findings import Mechanism

_MOST_TIES = 4
_UNITS = {"percent": (-100,)}
_MONEY = "wan_yuan"
_MONEY_FACTORS = (10_000, 1_000)


def explanations(sums: Sums, failed: Sequence[Test]) -> list[Proposal]:
    """The proposals of the first mechanism after which the failed tests hold, the likeliest first.

    Several are equally good answers; none where nothing explains the failures, or too much does.
    """
    names: frozenset[str] = frozenset().union(*(test.names for test in failed))
    if _are_rounded(sums, failed):
        repaired = tuple(test.id for test in failed)
        return [Proposal(Mechanism.ROUNDING, {}, repaired, left=())]
    about = [test for test in sums.tests if not names.isdisjoint(test.names)]
    found: list[Proposal] = []
    for mechanism, candidates in _few_cells(sums, failed, names):
        found += _answers(mechanism, candidates, failed, about, sums, found)
    if found:
        return found
    for mechanism, candidates in _many_cells(sums, failed, names):
        found = _answers(mechanism, candidates, failed, about, sums, found)
        if found:
            return found
    return _by_sums(sums, names) if len(names) <= MOST_VALUES else []


def explanations_of_all(sums: Sums, failed: Sequence[Test]) -> list[Proposal]:
    """One slip of the hand after which failures hold that share no value."""
    names: frozenset[str] = frozenset().union(*(test.names for test in failed))
    for mechanism, candidates in (
        (Mechanism.SWAP, _swaps(sums, names)),
        (Mechanism.UNIT, _whole_units(sums, names)),
        (Mechanism.SHIFT, _shifts(sums, names)),
    ):
        found = _answers(mechanism, candidates, failed, sums.tests, sums, [])
        if found:
            return found
    return []


def _answers(
    mechanism: Mechanism,
    candidates: Iterator[Changes],
    failed: Sequence[Test],
    about: Sequence[Test],
    sums: Sums,
    known: Sequence[Proposal],
) -> list[Proposal]:
    """The corrections of a mechanism that mend all, unless they are known or too many."""
    seen = [each.changes for each in known]
    answers: list[Changes] = []
    for changes in mending(candidates, failed, about, sums.record):
        if changes not in seen and changes not in answers:
            answers.append(changes)
    if len(answers) > _MOST_TIES:
        return []
    count = len(answers)
    return [_proposal(mechanism, each, failed, about, sums.record, count) for each in answers]


def _are_rounded(sums: Sums, failed: Sequence[Test]) -> bool:
    """Whether all failures are of a column in whole units under a total that is not.

    What was rounded away is known to the county alone, so nothing is proposed.
    """
    common = frozenset.intersection(*(frozenset(map(column_of, test.names)) for test in failed))
    for column in common:
        total = sums.record.get(value_name(column, TOTAL))
        if total is not None and is_rounded(total, _parts(sums, column)):
            return True
    return False


def _proposal(
    mechanism: Mechanism,
    changes: Changes,
    failed: Sequence[Test],
    about: Sequence[Test],
    record: Record,
    answers: int,
) -> Proposal:
    then = changed(record, changes)
    left = tuple(test.id for test in failing(about, then))
    repaired = tuple(test.id for test in failed if test.id not in left)
    return Proposal(mechanism, changes, repaired, left, answers)


_Tried = tuple[Mechanism, Iterator[Changes]]


def _few_cells(sums: Sums, failed: Sequence[Test], names: frozenset[str]) -> Iterator[_Tried]:
    """The mechanisms of one value or two, the likeliest first, each with its corrections."""
    alone = suspects(failed)
    one = [name for name in sums.record if name in alone]
    yield Mechanism.UNIT, _units(sums, one)
    yield Mechanism.SIGN, _signs(sums, one, failed)
    yield Mechanism.SWAP, _swaps(sums, names)
    yield Mechanism.CUMULATIVE, _horizons(sums, one, failed)
    yield Mechanism.TOTAL, _totals(sums, one)
    yield Mechanism.TYPING, _slips(sums, one, failed)


def _many_cells(sums: Sums, failed: Sequence[Test], names: frozenset[str]) -> Iterator[_Tried]:
    """The mechanisms of whole lines and columns, and at last any one value at all."""
    yield Mechanism.UNIT, _whole_units(sums, names)
    if len(failed) > 1:
        yield Mechanism.SHIFT, _shifts(sums, names)
    alone = suspects(failed)
    one = [name for name in sums.record if name in alone]
    yield Mechanism.LOCATION, _solved(sums, one, failed)


def _units(sums: Sums, one: Sequence[str]) -> Iterator[Changes]:
    for name in one:
        value, indicator = sums.record[name], sums.indicators[name]
        factors = _MONEY_FACTORS if indicator.kind == "decimal" else ()
        for factor in _UNITS.get(indicator.unit or "", factors):
            if value:
                yield {name: scaled(value, factor)}


def _whole_units(sums: Sums, names: frozenset[str]) -> Iterator[Changes]:
    """Whole columns of money in a smaller unit, then all of them."""
    money = [n for n in sums.record if sums.indicators[n].unit == _MONEY and sums.record[n]]
    columns = dict.fromkeys(column_of(name) for name in money if name in names)
    for factor in _MONEY_FACTORS:
        chosen = [[n for n in money if column_of(n) == column] for column in columns]
        for cells in (*chosen, money):
            smaller = {n: scaled(value, factor) for n in cells if (value := sums.record[n])}
            # What has more decimals then than its column keeps was not written in that unit.
            if all(_fits_column(sums, name, value) for name, value in smaller.items()):
                yield smaller


def _fits_column(sums: Sums, name: str, value: Decimal) -> bool:
    return value == value.quantize(Decimal(1).scaleb(-sums.indicators[name].decimals))


def _signs(sums: Sums, one: Sequence[str], failed: Sequence[Test]) -> Iterator[Changes]:
    # A limit alone is satisfied by many a negative number, which says nothing.
    balanced = any(test.equal for test in failed)
    for name in one:
        value = sums.record[name]
        if value and (value < 0 or balanced):
            yield {name: -value}


def _swaps(sums: Sums, names: frozenset[str]) -> Iterator[Changes]:
    for one, other in sums.pairs:
        first, second = sums.record[one], sums.record[other]
        if first is None or second is None or first == second:
            continue
        if one in names or other in names:
            yield {one: second, other: first}


def _horizons(sums: Sums, one: Sequence[str], failed: Sequence[Test]) -> Iterator[Changes]:
    """What belongs where the figure of another horizon was copied from the column beside."""
    for first, second in sums.pairs:
        for name, source in ((first, second), (second, first)):
            natures = (sums.indicators[name].nature, sums.indicators[source].nature)
            ranks = {HORIZONS.get(nature or "") for nature in natures}
            if name in one and sums.record[name] == sums.record[source] and len(ranks) == 2:
                yield from _closing(sums, name, failed)


def _totals(sums: Sums, one: Sequence[str]) -> Iterator[Changes]:
    for name in (name for name in one if row_of(name) == TOTAL):
        parts, total = _parts(sums, column_of(name)), sums.record[name]
        room = sums.indicators[name].half_width * (len(parts) + 1)
        if total is not None and is_miscounted(total, parts, room):
            yield {name: sum(parts, Decimal(0))}


def _slips(sums: Sums, one: Sequence[str], failed: Sequence[Test]) -> Iterator[Changes]:
    if not any(test.equal for test in failed):
        return  # any number of slips keeps to a limit
    for name in one:
        value = sums.record[name]
        if value is None:
            continue
        text = as_typed(value)
        solved = [*_closing(sums, name, failed)]
        for changes in solved:
            if is_slip(text, as_typed(changes[name])):
                yield changes
        for slip in slips(text):
            yield {name: slip}


def _shifts(sums: Sums, names: frozenset[str]) -> Iterator[Changes]:
    typed = [n for n in sums.record if sums.indicators[n].computed is None and row_of(n) != TOTAL]
    for row in dict.fromkeys(row_of(name) for name in typed if name in names):
        yield from shifted_along([name for name in typed if row_of(name) == row], sums.record)
    for column in dict.fromkeys(column_of(name) for name in typed if name in names):
        yield from shifted([name for name in typed if column_of(name) == column], sums.record)


def _solved(sums: Sums, one: Sequence[str], failed: Sequence[Test]) -> Iterator[Changes]:
    for name in one:
        yield from _closing(sums, name, failed)


def _closing(sums: Sums, name: str, failed: Sequence[Test]) -> Iterator[Changes]:
    """The values that close the gaps of failed tests, as precise as their column."""
    unit = Decimal(1).scaleb(-sums.indicators[name].decimals)
    for test in failed:
        value = test.solved_for(name, sums.record)
        if value is not None:
            yield {name: value.quantize(unit)}


def _parts(sums: Sums, column: str) -> list[Decimal]:
    lines = (n for n in sums.record if column_of(n) == column and row_of(n) != TOTAL)
    return [value for name in lines if (value := sums.record[name]) is not None]


def _by_sums(sums: Sums, names: frozenset[str]) -> list[Proposal]:
    """Several wrong values at once, as far as the statements are sums."""
    edits = [edit for edit in sums.edits if not names.isdisjoint(edit.terms)]
    there = {name for edit in edits for name in edit.terms}
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
        if found and found[0].answers <= _MOST_TIES:
            return found
    return [each for each in slips if each.answers == 1]


def _too_large(sums: Sums, edits: Sequence[Edit], record: Record) -> list[Proposal]:
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
