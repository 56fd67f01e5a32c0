"""The figures of a rule that is asked for each value of a key, one row per value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import pandas as pd

from expectations.frames import columns_of, owners_of
from expectations.known import Known
from schemas.consolidated.figures import matching
from schemas.consolidated.relations import Operand
from schemas.filing import Filing
from schemas.models import Form, Relation, Scheme

Where = tuple[int, int]
"""A filing by the number of its file, and its own there."""
Beside = tuple[Filing, Sequence[Filing]]
"""A filing, and all of its file."""

_FILING = "filing"  # the number of the filing that a line is of; no column is called so


@dataclass(frozen=True)
class Keyed:
    """A rule and a filing that it judges, with the `keys` of which it is asked.

    `of_all` has the figures of these and of other filings, one row per key; those of this filing
    are `rows` of it. `taken` are the filings that the figures are taken from, and `in_file` those
    of the same file; `scheme` is that of the period.
    """

    filing: Filing
    scheme: Scheme
    relation: Relation
    taken: Mapping[str, tuple[Operand, Filing | None]]
    of_all: pd.DataFrame
    keys: pd.Index
    rows: slice
    in_file: tuple[Filing, ...]

    @cached_property
    def figures(self) -> pd.DataFrame:
        """The figures of each of its keys, one row per key."""
        return self.of_all.iloc[self.rows].set_axis(self.keys)

    @property
    def form(self) -> Form:
        """The form of the judged filing."""
        return self.scheme.form(self.filing.form)

    @property
    def by(self) -> str:
        """The column that the rule is asked for each value of."""
        assert self.relation.by is not None, self.relation.id
        return self.relation.by

    @property
    def other(self) -> Filing | None:
        """The filing of another form, in the same file, whose lines those of the judged meet."""
        beside = (filing for _, filing in self.taken.values() if filing is not None)
        others = (
            filing
            for filing in beside
            if filing.form != self.filing.form and any(filing is each for each in self.in_file)
        )
        return next(others, None)


def keyed_figures(
    relation: Relation, filings: Mapping[Where, Beside], scheme: Scheme, known: Known
) -> dict[Where, Keyed]:
    """The figures of each key of those filings that a relation judges.

    They are of the form that it judges and of one period, of which the scheme is given.
    """
    assert relation.by is not None, relation.id
    judged = {where: of for where, of in filings.items() if known.applies(relation, of[0])}
    if not judged:
        return {}
    taken = [known.beside(relation, *of) for of in judged.values()]
    wanted = _keys_of([filing for filing, _ in judged.values()], relation.by)
    figures = {
        name: by_key(operand, [of_filing[name][1] for of_filing in taken], relation.by, wanted)
        for name, (operand, _) in taken[0].items()
    }
    whole, of_filing = pd.DataFrame(figures), wanted.get_level_values(0)
    keys = wanted.get_level_values(1)
    ends = np.searchsorted(of_filing, range(len(judged) + 1)).tolist()
    return {
        where: Keyed(
            filing, scheme, relation, of, whole, keys[slice(*mine)], slice(*mine), tuple(in_file)
        )
        for (where, (filing, in_file)), of, mine in zip(
            judged.items(), taken, pairwise(ends), strict=True
        )
    }


def _keys_of(filings: Sequence[Filing], by: str) -> pd.MultiIndex:
    """The number of each filing with each of its keys, in the order of its lines."""
    lines = columns_of(filings, [by]).assign(**{_FILING: owners_of(filings)})
    return pd.MultiIndex.from_frame(lines[[_FILING, by]].dropna().drop_duplicates())


def by_key(
    operand: Operand, filings: Sequence[Filing | None], by: str, wanted: pd.MultiIndex
) -> pd.Series:
    """A figure of the lines of each wanted key of a filing by its number; missing where unknown.

    The lines of all filings are added up at once. Nothing is known where there is no filing.
    """
    measure, form = operand.measure, operand.form
    counted = measure.indicator is None or form[measure.indicator].kind == "integer"
    # Whole numbers are compared as such, and fast.
    dtype = "Int64" if counted else "object"
    there = {n: filing for n, filing in enumerate(filings) if filing is not None}
    if not there:
        return pd.Series(None, index=range(len(wanted)), dtype=dtype)
    came = [*there.values()]
    names = {by, *(name for name, _ in measure.where), measure.indicator or by}
    lines = columns_of(came, sorted(names))
    number = np.array([*there])[owners_of(came)]
    lines = lines.assign(**{_FILING: number})[matching(form, lines, measure.where)]
    groups = lines.groupby([_FILING, by], sort=False)
    if measure.indicator is None:
        figures = groups.size().reindex(wanted, fill_value=0)
    elif measure.aggregation == "sum":
        figures = groups[measure.indicator].sum().reindex(wanted, fill_value=0)  # no line is a zero
    else:
        figures = groups[measure.indicator].max().reindex(wanted)
    unknown = ~np.isin(wanted.get_level_values(0), [*there])
    if measure.indicator is not None:
        blank = lines.loc[lines[measure.indicator].isna(), [_FILING, by]]
        unknown |= wanted.isin(pd.MultiIndex.from_frame(blank))
    return pd.Series(figures.array, dtype=dtype).mask(unknown)
