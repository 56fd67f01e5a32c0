"""The columns of forms."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from schemas.dates import EARLIEST, EARLIEST_BIRTH
from schemas.language import expression
from schemas.language.id_number import Said
from schemas.life import Renamed, words_on
from schemas.models.identifier import Identifier
from schemas.text import Closed, Text, normalise

Kind = Literal["code", "text", "integer", "decimal", "date"]


Aggregation = Literal["sum", "ratio", "max", "min", "county", "none"]


Nature = Literal["stock", "flow", "cumulative"]


Format = Literal["id_number", "phone"]


class InId(Closed):
    """What the ID number in another `column` of the line says, too."""

    column: Identifier
    says: Said


class Indicator(Renamed):
    """One column of a form.

    `decimals` is the number of decimals kept and printed. `computed` is the arithmetic that gives
    the value from other columns of the line: the workbook computes it, the checks recompute it.
    `aggregation` says what a county and the municipality make of the lines: `county` is shown for
    each county and has no municipal figure.
    `nature` says what the number is in time: a `stock` is so at the end of the period, a `flow`
    came about in the period, a `cumulative` number since the beginning of the year. Flows of
    months add up to the year's; of the others the last one is the year's.
    `unit_from` names the coded column that says the unit of each line instead of `unit`; lines are
    then only added up unit by unit.
    `in_id` is for the sex, date of birth or age of whose ID number stands on the line: an age in
    full years on the last day of the period. The two are held against each other.
    `key` columns together tell the lines of one filing apart. `personal` columns are kept apart
    and are never published.
    """

    name: Identifier
    kind: Kind
    unit: str | None = None
    unit_from: str | None = None
    decimals: Annotated[int, Field(ge=0, le=6)] = 0
    code_list: str | None = None
    key: bool = False
    one_county: bool = False
    required: bool = True
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    computed: str | None = None
    aggregation: Aggregation = "none"
    nature: Nature | None = None
    personal: bool = False
    format: Format | None = None
    in_id: InId | None = None
    group: Text | None = None
    synonyms: tuple[str, ...] = ()
    help: Text | None = None

    @property
    def spellings(self) -> frozenset[str]:
        """What its heading may say, normalised: its labels of all times and its synonyms."""
        return frozenset(map(normalise, (*self.labels, *self.synonyms)))

    @property
    def numeric(self) -> bool:
        """Whether cells of this column hold a number."""
        return self.kind in ("integer", "decimal")

    @property
    def earliest(self) -> date:
        """The first date that it accepts."""
        born = self.in_id is not None and self.in_id.says == "birth_date"
        return EARLIEST_BIRTH if born else EARLIEST

    @cached_property
    def formula(self) -> expression.Node | None:
        """The parsed `computed` arithmetic."""
        return None if self.computed is None else expression.parse_value(self.computed)

    @property
    def half_width(self) -> Decimal:
        """How far a stated value may lie from the true one: half a unit of its last decimal.

        Counts are exact.
        """
        return Decimal(0) if self.kind != "decimal" else Decimal(5).scaleb(-self.decimals - 1)


def called_on(indicator: Indicator, day: date, columns: Iterable[Indicator]) -> Indicator:
    """A column under its heading of a day; its other headings are read too, unless they are those
    of another of the columns on that day.
    """
    if not indicator.formerly:
        return indicator
    taken = words_on(day, (other for other in columns if other is not indicator))
    label, names = indicator.label_on(day), sorted(indicator.spellings - taken)
    return indicator.model_copy(update={"label": label, "synonyms": tuple(names), "formerly": ()})
