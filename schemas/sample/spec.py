"""The language in which sample returns are declared: what the models of sample/<period>.yaml mean.

A form's sample is a list of blocks. A block has lines in some counties and says, column by column
and in order, how the values of those lines come about. A recipe is a constant, or one of

    {total: 3300, by: weight}      divided over the lines in proportion to `by`, exactly
    {between: [low, high]}         made up between two values, both included
    {is: persons * 2}              arithmetic
    {each: {汾西县: 2019}}          stated for each county
    {choice: {poor: 9, new: 1}}    one of these, by likelihood
    {text: "{township}{n}号"}       a pattern with words of places.yaml and numbers of the line
    {made: head_name}              taken from what the line is made from: a made-up household or
                                   person, or a line of another form
    {figure: reduction.task}       the county's figure in the consolidated table of another form

Arithmetic speaks of columns already filled, the weights of places.yaml and `period_end`.
"""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from schemas.models import Identifier
from schemas.period import Period
from schemas.scheme import load_model
from schemas.text import Closed

FOLDER = "sample"

REPORT = "report"
"""What `lines_from` names instead of a form, for the lines of the period's report."""


def _exact(value: object) -> object:
    """Numbers as they are written in the file, so that 0.1 is 0.1."""
    return Decimal(str(value)) if isinstance(value, int | float) else value


Exact = Annotated[Decimal, BeforeValidator(_exact)]
Constant = Annotated[Decimal | date | str, BeforeValidator(_exact)]
Arithmetic = Constant
"""A constant, or text that is arithmetic."""


class Total(Closed):
    """A printed total divided over the block's lines in proportion to `by`.

    Each weight is first changed by up to `spread` (0.1: 10 %) either way. Parts are multiples of
    `step` and lie between `at_least` and `at_most` of their line. `fact` is where the total is
    printed: its id in the table of facts.
    """

    total: Exact
    by: Arithmetic = Decimal(1)
    spread: Annotated[Exact, Field(ge=0, lt=1)] = Decimal(0)
    step: Annotated[Exact, Field(gt=0)] | None = None
    at_least: Arithmetic = Decimal(0)
    at_most: Arithmetic | None = None
    fact: str | None = None


class Between(Closed):
    """A value between two others, both included, in multiples of `step`."""

    between: tuple[Arithmetic, Arithmetic]
    step: Annotated[Exact, Field(gt=0)] | None = None


class Is(Closed):
    """The value of arithmetic, rounded to the decimals of the column."""

    is_: Annotated[Arithmetic, Field(alias="is")]


class Each(Closed):
    """A value for each county of the block, by its name."""

    each: dict[str, Constant]


class Choice(Closed):
    """One of several words, each with its likelihood."""

    choice: dict[str, Annotated[int, Field(gt=0)]]


class Pattern(Closed):
    """Text filled from the line: {code}, {n} (number in the county), {serial} (in the form), and
    one of each list of words. Words are not used twice in a county while there are fresh ones.
    """

    text: str


class Made(Closed):
    """What is so of the household, person or other line that the line is made from."""

    made: Identifier


class Figure(Closed):
    """A figure of the county in another form: its name and that of the measure."""

    figure: Annotated[str, Field(pattern=r"^[a-z0-9_]+\.[a-z0-9_]+$")]


PerLine = Constant | Between | Is | Each | Choice | Pattern | Made | Figure
"""The recipes that give each line its value regardless of the other lines."""

_KINDS = {"total", "between", "is", "each", "choice", "text", "made", "figure"}


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return next((key for key in value if key in _KINDS), "total")
    return "constant"


Recipe = Annotated[
    Annotated[Constant, Tag("constant")]
    | Annotated[Total, Tag("total")]
    | Annotated[Between, Tag("between")]
    | Annotated[Is, Tag("is")]
    | Annotated[Each, Tag("each")]
    | Annotated[Choice, Tag("choice")]
    | Annotated[Pattern, Tag("text")]
    | Annotated[Made, Tag("made")]
    | Annotated[Figure, Tag("figure")],
    Discriminator(_kind),
]


class Block(Closed):
    """Lines of some counties that come about in the same way.

    `counties` are names of counties or groups; by default all that owe the form. `lines` is the
    number of lines of a county, each with a made-up student where `people` says so. With the other
    `people` the lines are instead the made-up households of the county, or their members, and with
    `lines_from` one for each line of another form; `report` is the name there of what all forms
    together say.
    """

    counties: tuple[str, ...] = ("all",)
    lines: Recipe = Decimal(1)
    people: Literal["households", "members", "students"] | None = None
    lines_from: Identifier | None = None
    columns: dict[Identifier, Recipe]


class FormSample(Closed):
    """The sample of one form.

    `otherwise` fills the numbers that no block speaks of, and the lines of a fixed form that no
    block has. A county without lines in a list form declares nil.
    """

    blocks: tuple[Block, ...]
    otherwise: Exact | None = None

    @property
    def needs(self) -> frozenset[str]:
        """The forms it is made from, and `report` where it is made from all of them."""
        recipes = (recipe for block in self.blocks for recipe in block.columns.values())
        figures = {r.figure.partition(".")[0] for r in recipes if isinstance(r, Figure)}
        return frozenset(figures | {b.lines_from for b in self.blocks if b.lines_from})


class PeriodSample(Closed):
    """The sample returns of one period; `households` is the size of each county's register."""

    households: int = 0
    forms: dict[Identifier, FormSample]


class Places(Closed):
    """What samples may use for every period: weights of counties by name, and lists of words."""

    weights: dict[Identifier, dict[str, Exact]]
    words: dict[Identifier, tuple[str, ...]]


def load_sample(folder: Path, period: Period) -> tuple[PeriodSample, Places]:
    """The declared sample of a period and the places, from the `sample` folder of a scheme.

    Raises SchemeError with every problem of a file, with its line.
    """
    sample = load_model(PeriodSample, folder, f"{FOLDER}/{period.id}.yaml")
    return sample, load_model(Places, folder, f"{FOLDER}/places.yaml")


def sampled_periods(folder: Path) -> tuple[Period, ...]:
    """The periods that have a declared sample, in order of time."""
    names = (path.stem for path in (folder / FOLDER).glob("*.yaml"))
    return tuple(sorted(Period.parse(name) for name in names if name[0].isdigit()))
