"""What explains a group of failures best: the mechanisms in their order, until one does."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from expectations.diagnose.edit import Record, changed
from expectations.diagnose.proposal import Proposal
from expectations.diagnose.rounding import is_rounded
from expectations.diagnose.search import Changes, Test, failing, groups, mending
from expectations.records.by_sums import explained_by_sums
from expectations.records.corrections import (
    Tried,
    of_few_cells,
    of_many_cells,
    of_moved_lines,
    of_one_slip,
    parts_of,
)
from expectations.records.sums import MOST_VALUES, TOTAL, Sums, column_of, filing_of, value_name
from schemas.findings import Mechanism

MOST_TIES = 4
"""Of more equally good answers only so many are shown, with how many there are."""

_LEAST, _MOST = 3, 10
"""Between so many failures, one that nothing explains is left out to explain the others."""


def explanations(
    sums: Sums, failed: Sequence[Test], others: Sequence[Tried] = ()
) -> list[Proposal]:
    """The proposals of the first mechanism after which the failed tests hold, the likeliest first.

    Several are equally good answers; none where nothing explains the failures. Of a mechanism with
    too many answers some are shown, and only where none has fewer. `others` are tried with those
    of few values.
    """
    if rounded := _rounded(sums, failed):
        return rounded
    names: frozenset[str] = frozenset().union(*(test.names for test in failed))
    of_few = _answers((*of_few_cells(sums, failed), *others), failed, sums)
    if not of_few and sums.notices:  # a right figure may be told of for information
        of_few = _answers(of_few_cells(sums, failed), failed, sums.binding)
    if clear := [each for each in of_few if each.answers <= MOST_TIES]:
        return [*clear, *_moved_instead(sums, failed, clear)]
    of_many = _first(of_many_cells(sums, failed), failed, sums)
    if clear := [each for each in of_many if each.answers <= MOST_TIES]:
        return clear
    if of_equations := _of_equations(sums, failed):
        return of_equations
    by_sums = explained_by_sums(sums, names, MOST_TIES) if len(names) <= MOST_VALUES else []
    found = by_sums or _of_all_but_one(sums, failed, _of_few_or_many)
    if found or not any(test.equal for test in failed):
        return found  # any number of corrections keeps to a limit
    return (of_few or of_many)[:MOST_TIES]


def _moved_instead(sums: Sums, failed: Sequence[Test], clear: Sequence[Proposal]) -> list[Proposal]:
    """Where all answers exchange two values: neighbours one place off that explain it as well."""
    if any(each.mechanism is not Mechanism.SWAP for each in clear):
        return []
    moved = _answers(of_moved_lines(sums, failed), failed, sums)
    return [each for each in moved if each.answers <= MOST_TIES]


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
    return [
        _proposal(each.mechanism, each.changes, failed, sums.record, len(best))
        for each in best
        if len(best) <= MOST_TIES
    ]


Trying = Callable[[Sums, Sequence[Test]], Iterator[Tried]]
"""What is tried on failures."""


def _of_few_or_many(sums: Sums, failed: Sequence[Test]) -> Iterator[Tried]:
    tried = (*of_few_cells(sums, failed), *of_many_cells(sums, failed))
    return (one for one in tried if one[0] is not Mechanism.LOCATION)


def _of_all_but_one(sums: Sums, failed: Sequence[Test], trying: Trying) -> list[Proposal]:
    """What explains all failures but one, which then is a fault of its own."""
    found: list[list[Proposal]] = []
    for test in failed if _LEAST <= len(failed) <= _MOST else ():
        rest = [other for other in failed if other is not test]
        answers = _first(trying(sums, rest), rest, sums)
        if answers and answers[0].answers <= MOST_TIES:
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
    if rounded := _rounded(sums, failed):
        return rounded
    found = _first(of_one_slip(sums, failed), failed, sums)
    clear = [each for each in found if each.answers <= MOST_TIES]
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
        if found and found[0].answers <= MOST_TIES:
            return found
        first = first or found
    return first


def _answers(tried: Iterable[Tried], failed: Sequence[Test], sums: Sums) -> list[Proposal]:
    """Every correction that mends all, each once and of the likeliest mechanism it may be of.

    What stands for a mechanism a second time is tried where the first found nothing.
    """
    found: list[Proposal] = []
    seen: list[Changes] = []
    for mechanism, candidates in tried:
        if any(proposal.mechanism is mechanism for proposal in found):
            continue
        answers: list[Changes] = []
        for changes in mending(candidates, failed, sums.tests, sums.record):
            if changes not in seen:
                seen.append(changes)
                answers.append(changes)
        found += [_proposal(mechanism, e, failed, sums.record, len(answers)) for e in answers]
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
    names: frozenset[str] = frozenset().union(*(test.names for test in failed))
    return [name for name in names if filing_of(name) != filing_of(column)]


def _proposal(
    mechanism: Mechanism,
    changes: Changes,
    failed: Sequence[Test],
    record: Record,
    answers: int,
) -> Proposal:
    left = tuple(test.id for test in failing(failed, changed(record, changes)))
    repaired = tuple(test.id for test in failed if test.id not in left)
    return Proposal(mechanism, changes, repaired, left, answers)
