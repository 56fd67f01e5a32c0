"""What a rule between forms that fails says to people."""

from decimal import Decimal

from expectations.relation_case import RelationCase, Taken
from expectations.rule import judge
from schemas.consolidated.figures import Source
from schemas.consolidated.measures import TOTAL
from schemas.findings import Finding
from schemas.language import expression
from schemas.language.expression import OPPOSITES, SIGNS, Binary, Node, Value
from schemas.period import Period
from schemas.rules.formulas import in_words, rounded
from schemas.rules.wording import bound
from schemas.text import Language, Text

_BOTH: tuple[Language, Language] = ("zh", "en")


def relation_finding(case: RelationCase) -> Finding:
    """The finding of a relation that failed, on the filing it judges."""
    judged = judge(case.statement, case.line)
    comparison = case.relation.comparison
    sides = [
        _side(case, expression.bare(node), value)
        for node, value in ((comparison.left, judged.left), (comparison.right, judged.right))
    ]
    opposite = SIGNS[OPPOSITES[comparison.comparator]]
    zh, en = (f" {opposite} ".join(side.in_(language) for side in sides) for language in _BOTH)
    return Finding(
        code="relation-failed",
        severity=case.relation.gravity,
        trial=case.relation.trial,
        rule=case.relation.id,
        county=case.filing.county,
        form=case.filing.form,
        period=case.filing.period,
        indicator=case.indicator,
        cells=case.cells(),
        observed=_number(judged.left),
        expected=f"{SIGNS[comparison.comparator]} {_number(judged.right)}",
        difference=judged.difference,
        tolerance=judged.tolerance,
        effect=judged.difference if case.is_part_of_total else None,
        parameters={"statement": case.relation.label, "substituted": Text(zh=zh, en=en)},
    )


def _side(case: RelationCase, node: Node, value: Value | None) -> Text:
    words = in_words(node, lambda name: _figure(case, case.taken[name]))
    if not isinstance(node, Binary):
        return words
    result = _number(value)
    return Text(zh=f"{words.zh} (={result})", en=f"{words.en} (= {result})")


def _figure(case: RelationCase, taken: Taken) -> Text:
    """A figure as people find it: 《减贫任务与脱贫摘帽进度表》2014年“期末贫困人口” 8950."""
    assert taken.figure.value is not None, taken.operand.name
    value = f"{rounded(taken.figure.value, taken.operand.measure.decimals):f}"
    return Text(
        zh=f"{_of(case, taken, 'zh')}{_label(taken, 'zh')} {value}",
        en=f"{_label(taken, 'en')}{_of(case, taken, 'en')} {value}",
    )


def _label(taken: Taken, language: Language) -> str:
    labels = (label for label in taken.operand.measure.labels if label != TOTAL)
    return " · ".join(label.in_(language) for label in labels)


def _of(case: RelationCase, taken: Taken, language: Language) -> str:
    """Of which form and period a figure is, as far as it is not the judged one."""
    mine, of = Source.of(case.filing), taken.source
    form = "" if of.form == mine.form else taken.operand.form.title.in_(language)
    period = "" if of.period == mine.period else Period.parse(of.period).label(language)
    if language == "zh":
        return (f"《{form}》" if form else "") + period
    told = ", ".join(part for part in (form, period) if part)
    return f" ({told})" if told else ""


def _number(value: Value | None) -> str:
    assert isinstance(value, Decimal), value
    return bound(value)
