"""Rules: inside a form, and between forms, periods and levels."""

from datetime import date
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from schemas.findings import Severity
from schemas.language import expression
from schemas.language.of_period import said_of, speaks_of_period
from schemas.life import Dated
from schemas.models.codes import Code
from schemas.models.identifier import Identifier
from schemas.period import Period
from schemas.text import Closed, Text

CODE = "{code}"
"""What stands for a code in a rule that is stated for each entry of a code list."""


class Rule(Dated):
    """A statement that must hold on every line of a form, and what it means when it does not.

    `label` says what is stated, in words; `when` limits the rule to lines where it holds.
    A rule about a whole and its parts (其中) names them instead of a `check`:
    `{whole: transferred, parts: [away, local], exhaustive: true}` states that the parts make up
    the whole; parts that are not exhaustive make up no more than it.
    On `trial` what fails is shown to stewards only, for information.
    """

    id: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]*-[a-z0-9-]+$")]
    check: str
    label: Text
    severity: Severity = Severity.ERROR
    when: str | None = None
    trial: bool = False

    @model_validator(mode="before")
    @classmethod
    def _whole_and_parts(cls, data: Any) -> Any:
        if not isinstance(data, dict) or "whole" not in data:
            return data
        stated = dict(data)
        whole, parts = stated.pop("whole"), stated.pop("parts", [])
        if "check" in stated or not isinstance(parts, list) or not parts:
            raise ValueError("a rule has either a check, or a whole and the list of its parts")
        made_up = " + ".join(map(str, parts))
        exhaustive = stated.pop("exhaustive", False)
        check = f"{whole} = {made_up}" if exhaustive else f"{made_up} ≤ {whole}"
        return {**stated, "check": check}

    @property
    def of_period(self) -> bool:
        """Whether it says something of the period it is asked of."""
        return speaks_of_period(self.check) or speaks_of_period(self.when)

    def asked_of(self, period: Period) -> Self:
        """The rule as it is asked of a period."""
        if not self.of_period:
            return self
        when = None if self.when is None else said_of(self.when, period)
        return self.model_copy(update={"check": said_of(self.check, period), "when": when})

    @property
    def gravity(self) -> Severity:
        """What follows from a failure: nothing while it is on trial."""
        return Severity.NOTICE if self.trial else self.severity

    @cached_property
    def comparison(self) -> expression.Comparison:
        """The parsed statement."""
        return expression.parse_comparison(self.check)

    @cached_property
    def condition(self) -> expression.Comparison | None:
        """The parsed `when`."""
        return None if self.when is None else expression.parse_comparison(self.when)


class Relation(Rule):
    """A statement over figures of a county: of other forms, other periods, other levels.

    `form` is the form that is judged: its filing gets the finding. Figures are named as
    `schemas.language.references` says. With `each`, the name of a code list, it stands for one rule
    for every entry of the list: `{code}` in it is the code of the entry.

    With `by`, a column of the judged form, it is asked for each value of that column: the figures
    are then those of the lines that have this value in their form's column of the same name.
    """

    form: Identifier
    each: Identifier | None = None
    by: Identifier | None = None

    def of(self, code: Code) -> "Relation":
        """The rule for one entry of its code list."""
        return self.model_copy(
            update={
                "id": f"{self.id}-{code.code.replace('_', '-')}",
                "check": self.check.replace(CODE, code.code),
                "label": Text(
                    zh=f"{code.label.zh}：{self.label.zh}", en=f"{code.label.en}: {self.label.en}"
                ),
                "when": None if self.when is None else self.when.replace(CODE, code.code),
                "each": None,
            }
        )


class RuleFile(Closed):
    """One file of the folder `rules`."""

    rules: tuple[Relation, ...]

    def on(self, day: date) -> "RuleFile":
        """The file with the rules that are in force on a day."""
        return RuleFile(rules=tuple(rule for rule in self.rules if rule.holds(day)))

    def asked_of(self, period: Period) -> "RuleFile":
        """The file with its rules as they are asked of a period."""
        return RuleFile(rules=tuple(rule.asked_of(period) for rule in self.rules))
