"""Equally good answers: which of them are told when there are many."""

from collections.abc import Iterable, Sequence
from itertools import chain, groupby, zip_longest

from expectations.diagnose.proposal import Proposal

MOST_TIES = 4
"""Of more equally good answers of a mechanism only so many are told, with how many there are."""


def is_vague(one: Proposal) -> bool:
    """Whether its mechanism has more answers than are told."""
    return one.answers > MOST_TIES


def is_clear(found: Iterable[Proposal]) -> bool:
    """Whether some mechanism has so few answers that all of them are told."""
    return not all(map(is_vague, found))


def told(found: Sequence[Proposal]) -> list[Proposal]:
    """The answers that are told, in their order.

    Of many answers of a mechanism they are of as many places as can be, so that nobody takes one
    cell for the wrong one because any number of slips in it would do.
    """
    by_mechanism = groupby(found, key=lambda one: one.mechanism)
    return [one for _, alike in by_mechanism for one in _of_places(list(alike))]


def _of_places(alike: Sequence[Proposal]) -> list[Proposal]:
    """The first answers of one mechanism, one for each place and then the next, in their order."""
    by_place: dict[frozenset[str], list[Proposal]] = {}
    for one in alike:
        by_place.setdefault(frozenset(one.changes), []).append(one)
    rounds = chain.from_iterable(zip_longest(*by_place.values()))
    chosen = [id(one) for one in rounds if one is not None][:MOST_TIES]
    return [one for one in alike if id(one) in chosen]
