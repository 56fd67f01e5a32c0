"""The figures of a rule that is asked for each value of a key, one row per value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

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
    """A rule and a filing that it judges: the figures of each of its keys, one row per key.

    `taken` are the filings that the figures are taken from, and `in_file` those of the same file;
    `scheme` is that of the period.
    """

    filing: Filing
    scheme: Scheme
    relation: Relation
    taken: Mapping[str, tuple[Operand, Filing | None]]
    figures: pd.DataFrame
    in_file: tuple[Filing, ...]

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
    by = relation.by
    judged = {where: of for where, of in filings.items() if known.applies(relation, of[0])}
    taken = [known.beside(relation, *of) for of in judged.values()]
    keys = [pd.Index(filing.frame[by].dropna().unique()) for filing, _ in judged.values()]
    figures = {
        name: by_key(operand, [of_filing[name][1] for of_filing in taken], by, keys)
        for name, (operand, _) in (taken[0] if taken else {}).items()
    }
    whole = pd.DataFrame(figures)
    ends = np.cumsum([0, *map(len, keys)]).tolist()
    parts = [
        whole.iloc[slice(*mine)].set_axis(of_filing)
        for of_filing, mine in zip(keys, pairwise(ends), strict=True)
    ]
    return {
        where: Keyed(filing, scheme, relation, of_filing, part, tuple(in_file))
        for (where, (filing, in_file)), of_filing, part in zip(
            judged.items(), taken, parts, strict=True
        )
    }


def by_key(
    operand: Operand, filings: Sequence[Filing | None], by: str, keys: Sequence[pd.Index]
) -> pd.Series:
    """A figure of the lines of each key, for one filing after the other; missing where unknown.

    The lines of all filings are added up at once. Nothing is known where there is no filing.
    """
    measure, form = operand.measure, operand.form
    counted = measure.indicator is None or form[measure.indicator].kind == "integer"
    # Whole numbers are compared as such, and fast.
    dtype = "Int64" if counted else "object"
    there = {n: filing for n, filing in enumerate(filings) if filing is not None}
    of_filing = np.repeat(np.arange(len(keys)), [*map(len, keys)])
    if not there:
        return pd.Series(None, index=range(len(of_filing)), dtype=dtype)
    names = {by, *(name for name, _ in measure.where), measure.indicator or by}
    lines = pd.concat([filing.frame[sorted(names)] for filing in there.values()])
    number = np.repeat([*there], [len(filing.frame) for filing in there.values()])
    lines = lines.assign(**{_FILING: number})[matching(form, lines, measure.where)]
    wanted = pd.MultiIndex.from_arrays([of_filing, keys[0].append([*keys[1:]])])
    groups = lines.groupby([_FILING, by], sort=False)
    if measure.indicator is None:
        figures = groups.size().reindex(wanted, fill_value=0)
    elif measure.aggregation == "sum":
        figures = groups[measure.indicator].sum().reindex(wanted, fill_value=0)  # no line is a zero
    else:
        figures = groups[measure.indicator].max().reindex(wanted)
    unknown = ~np.isin(of_filing, [*there])
    if measure.indicator is not None:
        blank = lines.loc[lines[measure.indicator].isna(), [_FILING, by]]
        unknown |= wanted.isin(pd.MultiIndex.from_frame(blank))
    return pd.Series(figures.array, dtype=dtype).mask(unknown)
