"""What is counted since the beginning of the year does not fall within it.

A correction may break this with a reason: the rule asks for one and refuses nothing. No scheme
states it column by column, since `nature: cumulative` says it of each.
"""

from collections.abc import Iterator, Sequence

from schemas.findings import Severity
from schemas.models.form import Form
from schemas.models.indicator import Indicator
from schemas.models.rule import Relation
from schemas.text import Text

_SHIFT = "previous_in_year"


def not_falling(form: Form, declared: Sequence[Relation]) -> Iterator[Relation]:
    """The rules that follow from the cumulative columns of a form.

    None for a column of which a declared rule says what it is made of: `since_january =
    previous_in_year(since_january) + in_the_period` says more.
    """
    if form.of_municipality or set(form.frequency) == {"year"}:
        return
    stated = [rule.check for rule in declared if rule.form == form.name]
    for indicator in form.indicators:
        column = f"{form.name}.{indicator.name}"
        if _adds_up(indicator) and not any(f"{_SHIFT}({column})" in check for check in stated):
            yield _rule(form, indicator, f"sum({column})")


def _adds_up(indicator: Indicator) -> bool:
    alike = indicator.unit_from is None
    return indicator.nature == "cumulative" and indicator.aggregation == "sum" and alike


def _rule(form: Form, indicator: Indicator, figure: str) -> Relation:
    label = indicator.label
    return Relation(
        id=f"{form.code}-{indicator.name.replace('_', '-')}-not-less",
        form=form.name,
        check=f"{figure} ≥ {_SHIFT}({figure})",
        label=Text(
            zh=f"{label.zh}：本年累计数不少于上期",
            en=f"{label.en}: counted since January, so no less than in the period before",
        ),
        severity=Severity.WARNING,
    )
