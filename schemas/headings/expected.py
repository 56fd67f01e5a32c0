"""The columns that a form should have, and how much a heading is like each of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from schemas.headings.heading_paths import Heading
from schemas.layout import COUNTY, UNIT, Column, form_columns
from schemas.models import Form, Scheme, Unit
from schemas.text import normalise
from schemas.typed.unit_words import times

_PRINTED_SYNONYMS = {
    COUNTY: ("县别", "县区", "县市区", "县(区)", "县(市,区)", "地区", "单位", "单位名称"),
    UNIT: ("单位", "计量单位(丙)"),
}
_SURE, _OWN, _ENDING = 4, 2, 1


class Expected:
    """The columns of a form with the spellings of their headings."""

    ranks = (_SURE, _OWN, _ENDING)
    """The degrees of likeness, the surest first."""

    def __init__(self, form: Form, scheme: Scheme) -> None:
        self.scheme = scheme
        self.columns = form_columns(form)
        self._labels = [self._spellings(column) for column in self.columns]
        self._groups = [
            {normalise(column.group.zh), normalise(column.group.en)} if column.group else set[str]()
            for column in self.columns
        ]

    def unit(self, index: int) -> Unit | None:
        """The unit of a column; None where it has none, or a unit for each line."""
        indicator = self.columns[index].indicator
        if indicator is None or indicator.unit is None:
            return None
        return self.scheme.units[indicator.unit]

    def knows(self, row: Sequence[str]) -> bool:
        """Whether any heading, group or part of one stands in a row, or begins a word of it."""
        return any(w and (w in self._joined or w.startswith(self._words)) for w in row)

    def is_group(self, heading: Heading) -> bool:
        """Whether a heading is only the name of a group of columns."""
        return heading.label in self._only_groups

    def likeness(self, heading: Heading) -> Mapping[int, int]:
        """How surely a heading is that of a column, for each that it may be, by its number.

        Sure is its own word under its group or under none, or the whole path as one word; less
        so its own word elsewhere, and least a path that only ends in it.
        """
        above, paths = heading.path[:-1], list(heading.joined())
        found = dict.fromkeys(self._called(_endings(paths, len(heading.label))), _ENDING)
        found |= dict.fromkeys(self._called(paths), _SURE)
        for index in self._called((heading.label, heading.bare)):
            groups = self._groups[index]
            fits = bool(groups.intersection(above)) if groups else not above
            found[index] = _SURE if fits else _OWN
        return {index: rank for index, rank in found.items() if self._fits(index, heading.unit)}

    def ending_in(self, words: Iterable[str]) -> frozenset[int]:
        """The columns that a heading may be like whose own word, or bare word, is one of these."""
        return frozenset[int]().union(*(self._columns_ending.get(word, ()) for word in words))

    def _called(self, words: Iterable[str]) -> Iterator[int]:
        """The columns that have one of some words for a heading."""
        for word in words:
            yield from self._columns_called.get(word, ())

    def _fits(self, index: int, stated: str) -> bool:
        """Whether a column may be in the unit that is stated with a heading, if one is."""
        unit = self.unit(index)
        return unit is None or not stated or times(stated, unit) is not None

    @cached_property
    def _columns_called(self) -> Mapping[str, Sequence[int]]:
        called = defaultdict[str, list[int]](list)
        for index, labels in enumerate(self._labels):
            for label in labels:
                called[label].append(index)
        return called

    @cached_property
    def _columns_ending(self) -> Mapping[str, set[int]]:
        """The columns with a spelling that ends in a word, by every such word."""
        ending = defaultdict[str, set[int]](set)
        for label, columns in self._columns_called.items():
            for start in range(len(label)):
                ending[label[start:]].update(columns)
        return ending

    @cached_property
    def _only_groups(self) -> frozenset[str]:
        return frozenset().union(*self._groups) - frozenset().union(*self._labels)

    @cached_property
    def _words(self) -> tuple[str, ...]:
        return tuple(frozenset().union(*self._groups, *self._labels))

    @cached_property
    def _joined(self) -> str:
        return "\n".join(self._words)

    def _spellings(self, column: Column) -> frozenset[str]:
        indicator = column.indicator
        if indicator is not None:
            return indicator.spellings
        heading = column.heading
        return frozenset(map(normalise, (heading.zh, heading.en, *_PRINTED_SYNONYMS[heading])))


def _endings(paths: Iterable[str], length: int) -> Iterator[str]:
    """What paths end in that is longer than so many characters."""
    return (path[start:] for path in paths for start in range(1, len(path) - length))
