"""The figures of a rule that is asked for each value of a key, one row per value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from expectations.known import Known
from schemas.consolidated.figures import matching
from schemas.consolidated.relations import Operand
from schemas.filing import Filing
from schemas.models import Form, Relation, Scheme
from schemas.period import Period


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
    relation: Relation, filing: Filing, beside: Sequence[Filing], scheme: Scheme, known: Known
) -> Keyed | None:
    """The figures of each key of a filing; None where the relation does not judge it."""
    if filing.form != relation.form:
        return None
    then = scheme.at(Period.parse(filing.period))
    in_force = {rule.id for rule in then.relations}
    if relation.id not in in_force or not known.applies(relation, filing):
        return None
    assert relation.by is not None, relation.id
    keys = pd.Index(filing.frame[relation.by].dropna().unique())
    taken = known.beside(relation, filing, beside)
    figures = {
        name: by_key(operand, other, relation.by, keys) for name, (operand, other) in taken.items()
    }
    frame = pd.DataFrame(figures, index=keys)
    return Keyed(filing, then, relation, taken, frame, tuple(beside))


def by_key(operand: Operand, filing: Filing | None, by: str, keys: pd.Index) -> pd.Series:
    """A figure of the lines of each key; missing where it is unknown."""
    measure, form = operand.measure, operand.form
    counted = measure.indicator is None or form[measure.indicator].kind == "integer"
    # Whole numbers are compared as such, and fast.
    dtype = "Int64" if counted else "object"
    if filing is None:
        return pd.Series(None, index=keys, dtype=dtype)
    lines = filing.frame[matching(form, filing.frame, measure.where)]
    if measure.indicator is None:
        sizes = lines.groupby(by, sort=False).size().reindex(keys, fill_value=0)
        return pd.Series(sizes, dtype=dtype)
    groups = lines.groupby(by, sort=False)[measure.indicator]
    if measure.aggregation == "sum":
        figures = groups.sum().reindex(keys, fill_value=0)  # no line at all is a zero
    else:
        figures = groups.max().reindex(keys)
    blank = lines.loc[lines[measure.indicator].isna(), by]
    return pd.Series(figures, dtype=dtype).mask(figures.index.isin(blank.unique()))
