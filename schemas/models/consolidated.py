"""The columns of consolidated tables."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated

from pydantic import Field, PlainSerializer

from schemas.models.codes import CodeList
from schemas.models.identifier import Identifier
from schemas.models.indicator import Indicator
from schemas.text import Closed, Text


def _as_number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


Limit = str | Annotated[Decimal, PlainSerializer(_as_number, when_used="json")]
"""What a column has to say: a code or text, or a number, which in JSON is one, too."""


class Line(Closed):
    """What one line of a form is, so that lines can be counted: a site, a station, a household."""

    name: Identifier
    label: Text
    unit: str


class Share(Closed):
    """A column of the consolidated table: how many of a hundred lines satisfy `where`."""

    name: Identifier
    label: Text
    where: dict[Identifier, Limit]


class Rank(Closed):
    """A column of the consolidated table: the place 名次 of each county by one of its columns.

    The highest figure of a county that has reported is the first; equal ones share a place, and the
    places after them are left out.
    """

    name: Identifier
    label: Text
    of: Identifier


class Distinct(Closed):
    """A column of the consolidated table: how many different values a column has.

    Whoever stands on the lists of two counties counts once for the municipality. A personal column
    is counted by its pseudonyms.
    """

    name: Identifier
    label: Text
    unit: str
    of: Identifier


class MeasureGroup(Closed):
    """A block of columns of the consolidated table.

    Takes `measures` (indicator names, or the form's line name to count lines) over the lines that
    satisfy `where`; `by` repeats the block for each entry of that column's code list, after a
    block for all of them unless `total` is off. `shares` are, besides, columns with the percentage
    of these lines that satisfy a further condition, `distinct` ones count the different values of a
    column of them, and `ranks` are columns with the places of the counties by some of the measures.
    """

    measures: tuple[Identifier, ...] = ()
    shares: tuple[Share, ...] = ()
    distinct: tuple[Distinct, ...] = ()
    ranks: tuple[Rank, ...] = ()
    label: Text | None = None
    prefix: Annotated[str, Field(pattern=r"^([a-z][a-z0-9_]*_)?$")] = ""
    where: dict[Identifier, Limit] = Field(default_factory=dict)
    by: Identifier | None = None
    total: bool = True

    def over(
        self, line: Line, columns: Mapping[str, Indicator], code_lists: Mapping[str, CodeList]
    ) -> "MeasureGroup | None":
        """The block over these columns and code lists; None where nothing of it is left."""
        limits = [*self.where.items(), *([(self.by, None)] if self.by else [])]
        measures = tuple(n for n in self.measures if n == line.name or n in columns)
        distinct = tuple(each for each in self.distinct if each.of in columns)
        known = all(_known(columns, code_lists, *limit) for limit in limits)
        if not (measures or distinct) or not known:
            return None
        if (measures, distinct) == (self.measures, self.distinct):
            return self
        ranks = tuple(rank for rank in self.ranks if rank.of in measures)
        return self.model_copy(update={"measures": measures, "distinct": distinct, "ranks": ranks})


def _known(
    columns: Mapping[str, Indicator],
    code_lists: Mapping[str, CodeList],
    name: str,
    value: str | Decimal | None,
) -> bool:
    """Whether there is a column, and in its code list, if it has one, a value."""
    if name not in columns:
        return False
    code_list = columns[name].code_list
    codes = () if code_list is None else code_lists[code_list].codes
    return code_list is None or value is None or any(code.code == value for code in codes)
