"""Every check of a form, derived from its declaration: what must hold, in words, and how grave."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from schemas import messages
from schemas.findings import Severity
from schemas.models import Form, Indicator, Rule
from schemas.rules.statement import (
    Statement,
    formula_statement,
    in_id_statement,
    limit_statement,
    present_statement,
    rule_statement,
)
from schemas.rules.wording import bound, formula_in_words, heading, listed
from schemas.text import Text

Kind = Literal[
    "required",
    "minimum",
    "maximum",
    "codes",
    "id_number",
    "phone",
    "keys",
    "formula",
    "in_id",
    "rule",
    "totals",
]

CODES: dict[Kind, str] = {
    "required": "value-missing",
    "minimum": "value-too-small",
    "maximum": "value-too-large",
    "codes": "value-not-in-list",
    "id_number": "value-invalid-id",
    "phone": "value-invalid-phone",
    "keys": "key-repeated",
    "formula": "computed-differs",
    "in_id": "value-not-in-id",
    "rule": "rule-failed",
    "totals": "total-differs",
}
"""The finding that a failure of each kind of check makes."""


_FORMS = 1024  # whose checks are kept


@dataclass(frozen=True)
class Check:
    """One thing that must hold on the lines of a form.

    `id` is the rule's own (R04-sealed), or form, column and kind (R04.sealed.required).
    `indicators` are the columns it is about; `relation` is what must hold between or of them, None
    where that is no arithmetic (codes, ID numbers, phone numbers, keys, totals).
    """

    id: str
    kind: Kind
    statement: Text
    severity: Severity
    indicators: tuple[Indicator, ...]
    relation: Statement | None = None
    rule: Rule | None = None

    @property
    def indicator(self) -> Indicator:
        """The column it is about first."""
        return self.indicators[0]

    @property
    def arithmetic(self) -> Statement:
        """The relation of a check that has one."""
        assert self.relation is not None, self.id
        return self.relation

    @property
    def operands(self) -> tuple[str, ...]:
        """The columns its relation speaks of."""
        return () if self.relation is None else self.relation.operands

    @property
    def trial(self) -> bool:
        """Whether it is a rule on trial."""
        return self.rule is not None and self.rule.trial

    @property
    def code(self) -> str:
        """The finding that a failure makes."""
        return CODES[self.kind]


@lru_cache(maxsize=_FORMS)
def line_checks(form: Form) -> tuple[Check, ...]:
    """The checks of the lines of a form, in the order of its columns, then its rules."""
    columns = (check for indicator in form.indicators for check in _column_checks(form, indicator))
    return (*columns, *_key_check(form), *_rule_checks(form))


def totals_check(form: Form) -> Check:
    """The check of the totals that a county wrote under or above its lines."""
    words = Text(zh="填写的合计等于各行之和", en="A written total is the total of its lines")
    return Check(f"{form.code}.totals", "totals", words, messages.severity(CODES["totals"]), ())


def _column_checks(form: Form, indicator: Indicator) -> Iterator[Check]:
    label = heading(form, indicator)

    def check(kind: Kind, zh: str, en: str, relation: Statement | None = None) -> Check:
        return Check(
            id=f"{form.code}.{indicator.name}.{kind}",
            kind=kind,
            statement=Text(zh=f"“{label.zh}”{zh}", en=f"{label.en} {en}"),
            severity=messages.severity(CODES[kind]),
            indicators=(indicator,),
            relation=relation,
        )

    if indicator.required and indicator.computed is None:  # a formula lacks only what its parts do
        yield check("required", "必须填写", "is filled in", present_statement(indicator))
    if indicator.minimum is not None:
        least = bound(indicator.minimum)
        keeps = limit_statement(indicator, ">=", indicator.minimum)
        yield check("minimum", f"不小于{least}", f"is at least {least}", keeps)
    if indicator.maximum is not None:
        most = bound(indicator.maximum)
        keeps = limit_statement(indicator, "<=", indicator.maximum)
        yield check("maximum", f"不大于{most}", f"is at most {most}", keeps)
    if indicator.code_list is not None:
        yield check("codes", "只填选项中的内容", "is one of its list")
    if indicator.format == "id_number":
        yield check("id_number", "符合证件号码的编码规则", "follows the rules of ID numbers")
    if indicator.format == "phone":
        yield check("phone", "是完整的电话号码", "is a whole phone number")
    if indicator.formula is not None:
        words = formula_in_words(indicator.formula, form)
        relation = formula_statement(form, indicator)
        yield check("formula", f"={words.zh}", f"= {words.en}", relation)
    if indicator.in_id is not None:
        number = heading(form, form[indicator.in_id.column])
        relation = in_id_statement(form, indicator)
        yield check("in_id", f"与“{number.zh}”一致", f"agrees with {number.en}", relation)


def _key_check(form: Form) -> Iterator[Check]:
    if form.key_indicators:
        names = listed([heading(form, indicator) for indicator in form.key_indicators])
        words = Text(zh=f"“{names.zh}”不重复", en=f"No two lines have the same {names.en}")
        severity = messages.severity(CODES["keys"])
        yield Check(f"{form.code}.keys", "keys", words, severity, form.key_indicators)


def _rule_checks(form: Form) -> Iterator[Check]:
    for rule in form.rules:
        relation = rule_statement(form, rule)
        indicators = tuple(form[name] for name in relation.operands)
        yield Check(rule.id, "rule", rule.label, rule.gravity, indicators, relation, rule)
