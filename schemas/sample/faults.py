"""What sample/faults.yaml may declare: each fault in the return of another county."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from schemas.errors import SchemeError
from schemas.models import Identifier, Scheme
from schemas.sample.spec import FOLDER, Exact, sampled_periods
from schemas.scheme import load_model
from schemas.text import Closed, Text

PeriodId = Annotated[str, BeforeValidator(str)]


class Cell(Closed):
    """A cell of a county's workbook and what stands in it instead of the right value.

    `put` is what stands there, `add` how far it is off. `line` counts the lines of the form from
    1; `place` is the value on that line, the total of the column, or its heading.
    """

    form: Identifier
    indicator: Identifier
    line: Annotated[int, Field(ge=1)] = 1
    place: Literal["value", "total", "heading"] = "value"
    put: Exact | str | None = None
    add: Exact | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> "Cell":
        if (self.put is None) == (self.add is None):
            raise ValueError("a wrong cell has either `put` or `add`")
        return self


class _Fault(Closed):
    """What every fault says: its name, whose return has it, and what should be found.

    `code` is the finding it should give.
    """

    fault: str
    period: PeriodId
    county: str
    code: str
    what: Text


class WrongCell(_Fault):
    """One cell of the county's workbook is wrong."""

    do: Literal["wrong_cell"]
    cell: Cell


class Truncated(_Fault):
    """Only the first half of the file arrives."""

    do: Literal["truncate"]


class Document(_Fault):
    """A text document comes in the workbook's place, under its name."""

    do: Literal["document"]


class Missing(_Fault):
    """The county sends nothing."""

    do: Literal["send_nothing"]


class Stranger(_Fault):
    """Besides, a county called `name`, which is none of ours, sends a workbook."""

    do: Literal["stranger"]
    code_of_stranger: str
    name: Text


class OtherPeriod(_Fault):
    """Besides, the county sends the workbook of a period that is not open."""

    do: Literal["other_period"]
    other: PeriodId


class Twice(_Fault):
    """The county sends the same workbook again, `suffix` added to its name."""

    do: Literal["send_twice"]
    suffix: str


class Rival(_Fault):
    """The county sends a second workbook with another value in one cell."""

    do: Literal["send_rival"]
    suffix: str
    cell: Cell


Fault = Annotated[
    WrongCell | Truncated | Document | Missing | Stranger | OtherPeriod | Twice | Rival,
    Field(discriminator="do"),
]


class Faults(Closed):
    """All planted faults of a scheme's sample."""

    faults: tuple[Fault, ...]


def load_faults(folder: Path, scheme: Scheme) -> tuple[Fault, ...]:
    """The declared faults. Raises SchemeError when they do not fit the scheme, or when two are in
    the same county and could not be told apart by their effects.
    """
    faults = load_model(Faults, folder, f"{FOLDER}/faults.yaml").faults
    places = [(fault.period, fault.county) for fault in faults]
    known = {county.name.zh for county in scheme.counties}
    periods = {period.id for period in sampled_periods(folder)}
    problems = [
        *(f"two faults for {county} in {period}" for period, county in _repeated(places)),
        *(f"no county {county}" for _, county in places if county not in known),
        *(f"no sample of {period}" for period, _ in places if period not in periods),
    ]
    if problems:
        raise SchemeError([f"{FOLDER}/faults.yaml: {problem}" for problem in problems])
    return faults


def _repeated(places: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted({place for place in places if places.count(place) > 1})
