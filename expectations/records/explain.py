"""What explains a group of failures best: the mechanisms in their order, until one does."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from expectations.diagnose.edit import Record, changed
from expectations.diagnose.proposal import Proposal
from expectations.diagnose.rounding import is_rounded
from expectations.diagnose.search import Changes, Test, failing, groups, mending
from expectations.diagnose.unit import scaled, units_of_columns
from expectations.records.by_sums import explained_by_sums
from expectations.records.corrections import (
    Tried,
    of_few_cells,
    of_many_cells,
    of_moved_lines,
    of_one_slip,
    of_one_value,
    parts_of,
)
from expectations.records.names import TOTAL, column_of, filing_of, line_of, value_name
from expectations.records.sums import MOST_VALUES, Sums
from expectations.records.ties import MOST_TIES, is_clear, is_vague, told
from schemas.findings import Mechanism

_LEAST, _MOST = 3, 10
"""Between so many failures, one that nothing explains is left out to explain the others."""

_SLIPS = {Mechanism.SWAP, Mechanism.TYPING}


def explanations(
    sums: Sums, failed: Sequence[Test], others: Sequence[Tried] = ()
) -> list[Proposal]:
    """The proposals after which the failed tests hold, the likeliest first.

    Several are equally good answers; none where nothing explains the failures. Of a mechanism with
    too many answers some are told. `others` are tried with those of few values.
    """
    of_few = [*_rounded(sums, failed), *_of_few(sums, failed, others)]
    tried = () if is_clear(of_few) else of_many_cells(sums, failed)
    moved = of_moved_lines(sums, failed) if _are_slips(of_few, failed) else ()
    of_many = _answers((*tried, *moved), failed, sums, known=of_few)
    if of_few or is_clear(of_many):
        # What can be told in full comes before what has too many answers to be told.
        by_count = sorted(of_few, key=is_vague)
        return told([*by_count, *_in_other_unit(sums, of_few), *of_many])
    of_one = _answers([of_one_value(sums, failed)], failed, sums)
    if is_clear(of_one):
        return of_one
    if of_equations := _of_equations(sums, failed):
        return of_equations
    names = _named(failed)
    by_sums = explained_by_sums(sums, names, MOST_TIES) if len(names) <= MOST_VALUES else []
    found = by_sums or _of_all_but_one(sums, failed, _of_few_or_many)
    return found or told(of_one or of_many)


def _of_few(sums: Sums, failed: Sequence[Test], others: Sequence[Tried]) -> list[Proposal]:
    """The answers of one value or two; a right figure may be told of for information."""
    found = _answers((*of_few_cells(sums, failed), *others), failed, sums)
    if not found and sums.notices:
        found = _answers(of_few_cells(sums, failed), failed, sums.binding)
    return found


def _named(failed: Sequence[Test]) -> frozenset[str]:
    return frozenset().union(*(test.names for test in failed))


def _are_slips(found: Sequence[Proposal], failed: Sequence[Test]) -> bool:
    """Whether nothing but slips explains it, as neighbours one place off then may as well.

    Where a slip of the keyboard does, they may if all that fails is on one line.
    """
    mechanisms = {each.mechanism for each in found}
    on_one_line = len({line_of(name) for name in _named(failed)}) == 1
    exchanged = mechanisms == {Mechanism.SWAP}
    return exchanged or (on_one_line and bool(mechanisms) and mechanisms <= _SLIPS)


def _in_other_unit(sums: Sums, found: Sequence[Proposal]) -> list[Proposal]:
    """Slips after which the only figure of a column is what it would be in another unit.

    Ten times too large has a zero too many, or, as every figure of the column is, is in 千元.
    """
    slips = [each for each in found if each.mechanism is Mechanism.TYPING]
    units = [each for each in slips if _is_scaled(sums, each.changes)]
    return [replace(each, mechanism=Mechanism.UNIT, answers=len(units)) for each in units]


def _is_scaled(sums: Sums, changes: Changes) -> bool:
    ((name, value),) = changes.items()
    column, stated = column_of(name), sums.record[name]
    factors = units_of_columns(sums.factors[column])
    alone = len([n for n in sums.record if column_of(n) == column]) == 1
    return alone and stated is not None and any(scaled(stated, f) == value for f in factors)


def _of_equations(sums: Sums, failed: Sequence[Test]) -> list[Proposal]:
    """What mends the equations that fail, and of the limits that fail as many as can be.

    A limit may be missed by right figures, too, and then no correction of a fault beside it helps.
    """
    equations = [test for test in failed if test.equal]
    if not equations or len(equations) == len(failed):
        return []
    found = _answers(of_few_cells(sums, equations), equations, sums)
    mended = [len(failed) - len(failing(failed, changed(sums.record, e.changes))) for e in found]
    best = [e for e, number in zip(found, mended, strict=True) if number == max(mended)]
    answers = Counter(each.mechanism for each in best)
    proposals = [_proposal(each, failed, sums.record, answers[each.mechanism]) for each in best]
    return told(proposals) if is_clear(proposals) else []


def _proposal(found: Proposal, failed: Sequence[Test], record: Record, answers: int) -> Proposal:
    """What mends some tests as a proposal for more of them."""
    left = tuple(test.id for test in failing(failed, changed(record, found.changes)))
    repaired = tuple(test.id for test in failed if test.id not in left)
    return Proposal(found.mechanism, found.changes, repaired, left, answers)


Trying = Callable[[Sums, Sequence[Test]], Iterator[Tried]]
"""What is tried on failures."""


def _of_few_or_many(sums: Sums, failed: Sequence[Test]) -> Iterator[Tried]:
    yield from of_few_cells(sums, failed)
    yield from of_many_cells(sums, failed)


def _of_all_but_one(sums: Sums, failed: Sequence[Test], trying: Trying) -> list[Proposal]:
    """What explains all failures but one, which then is a fault of its own."""
    found: list[list[Proposal]] = []
    for test in failed if _LEAST <= len(failed) <= _MOST else ():
        rest = [other for other in failed if other is not test]
        answers = _first(trying(sums, rest), rest, sums)
        if is_clear(answers):
            found.append(answers)
    return found[0] if len(found) == 1 else []


def explained(
    sums: Sums,
    found: Sequence[Sequence[Test]],
    of_group: Callable[[Sequence[Test]], list[Proposal]],
) -> Iterator[tuple[Sequence[Test], list[Proposal]]]:
    """Failures with what explains them: all at once where that can be, then each group left.

    What explains all of them may leave one out, which is a fault of its own and is looked at alone.
    """
    every = [test for group in found for test in group]
    rest = found
    if len(found) > 1 and (of_all := explanations_of_all(sums, every)):
        yield every, of_all
        mended = {test for each in of_all for test in each.repaired}
        rest = [*groups([test for test in every if test.id not in mended], sums.record)]
    for failed in rest:
        yield failed, of_group(failed)


def explanations_of_all(sums: Sums, failed: Sequence[Test]) -> list[Proposal]:
    """One slip of the hand after which failures hold that share no value."""
    found = [*_rounded(sums, failed), *_answers(of_one_slip(sums, failed), failed, sums)]
    clear = [each for each in found if not is_vague(each)]
    return clear or _of_all_but_one(sums, failed, _of_one_slip_apart)


def _of_one_slip_apart(sums: Sums, failed: Sequence[Test]) -> Iterator[Tried]:
    """One slip of the hand, if the failures still share no value; what they share has its turn."""
    apart = sum(1 for _ in groups(failed, sums.record)) > 1
    return of_one_slip(sums, failed) if apart else iter(())


def _first(tried: Iterable[Tried], failed: Sequence[Test], sums: Sums) -> list[Proposal]:
    """The answers of the first mechanism that has few of them, or else of the first with any."""
    first: list[Proposal] = []
    for one in tried:
        found = _answers([one], failed, sums)
        if is_clear(found):
            return found
        first = first or found
    return first


def _answers(
    tried: Iterable[Tried], failed: Sequence[Test], sums: Sums, known: Iterable[Proposal] = ()
) -> list[Proposal]:
    """Every correction that mends all, each once and of the likeliest mechanism it may be of.

    What stands for a mechanism a second time is tried where the first found nothing. Those that
    are `known` are not given again.
    """
    found: list[Proposal] = []
    seen = {frozenset(each.changes.items()) for each in known}
    mended = tuple(test.id for test in failed)
    for mechanism, candidates in tried:
        if any(proposal.mechanism is mechanism for proposal in found):
            continue
        answers: list[Changes] = []
        for changes in mending(candidates, failed, sums.tests, sums.record):
            if (same := frozenset(changes.items())) not in seen:
                seen.add(same)
                answers.append(changes)
        found += [Proposal(mechanism, each, mended, (), len(answers)) for each in answers]
    return found


def _rounded(sums: Sums, failed: Sequence[Test]) -> list[Proposal]:
    """That all failures are of a column in whole units under figures that were not rounded.

    What was rounded away is known to the county alone, so nothing is proposed. One failure alone
    tells that only where its total, or a figure of another form, is no whole number.
    """
    common = frozenset.intersection(*(frozenset(map(column_of, test.names)) for test in failed))
    for column in sorted(common):
        total = sums.record.get(value_name(column, TOTAL))
        beside = [sums.record[name] for name in _of_other_filings(failed, column)]
        broken = any(n is not None and n != n.to_integral_value() for n in (total, *beside))
        parts = parts_of(sums, column)
        decimal = any(sums.indicators[name].decimals for name in parts)
        if decimal and (broken or len(failed) > 1) and is_rounded(parts, failed, sums.record):
            repaired = tuple(test.id for test in failed)
            return [Proposal(Mechanism.ROUNDING, {}, repaired, left=())]
    return []


def _of_other_filings(failed: Sequence[Test], column: str) -> list[str]:
    return [name for name in _named(failed) if filing_of(name) != filing_of(column)]
