"""Values, and formulas with their values, as a clerk reads them, in both languages."""

from datetime import date
from decimal import Decimal

from expectations.rule import Judged
from schemas.language.expression import (
    OPPOSITES,
    SIGNS,
    Binary,
    Comparison,
    Line,
    Name,
    Node,
    Present,
    Value,
    Word,
    bare,
    names,
)
from schemas.language.id_number import Said
from schemas.models import Form, Indicator, Scheme
from schemas.rules.formulas import in_words, rounded
from schemas.rules.wording import bound, heading
from schemas.text import Text

_NOT_SHOWN = Text(zh="(个人信息，不显示)", en="(personal, not shown)")
_BLANK = Text(zh="(空)", en="(blank)")


def on_sheet(name: str) -> Text:
    """Where a cell stands that is not on the sheet of which a finding is."""
    return Text(zh=f"工作表“{name}”的", en=f"sheet {name}")


def plain(value: Decimal, indicator: Indicator) -> str:
    """A number as a column prints it, with its decimals and never with an exponent."""
    return f"{rounded(value, indicator.decimals):f}"


def shown(indicator: Indicator, value: Value | None, scheme: Scheme) -> Text:
    """A value as its cell shows it. Personal data is never shown."""
    if value is None:
        return _BLANK
    if indicator.personal:
        return _NOT_SHOWN
    if indicator.code_list is not None:
        return _code(indicator, str(value), scheme)
    return _same(told(indicator, value) or "")


def _code(indicator: Indicator, code: str, scheme: Scheme) -> Text:
    entries = scheme.codes(indicator).codes
    return next((entry.label for entry in entries if entry.code == code), _same(code))


def said_by_id(said: Said, on: date | None) -> Text:
    """What an ID number says of its holder; an age is that of a day."""
    match said:
        case "sex":
            return Text(zh="性别", en="sex")
        case "birth_date":
            return Text(zh="出生日期", en="date of birth")
        case "age":
            return Text(zh=f"{on}的周岁年龄", en=f"age in full years on {on}")


def formula_with_numbers(node: Node, form: Form, line: Line, scheme: Scheme) -> Text:
    """A formula with headings and values: 上年末累计 4800 + 本年累计新建 240."""
    return in_words(node, lambda name: _labelled(form, form[name], line[name], scheme))


def counterexample(comparison: Comparison, judged: Judged, form: Form, scheme: Scheme) -> Text:
    """What is so instead of what should be: 已密封配套 105 > 本年累计新建 101."""
    if isinstance(comparison.left, Present):
        label = heading(form, form[comparison.left.name])
        return Text(zh=f"“{label.zh}”没有填写", en=f"{label.en} is blank")
    sides = []
    one, other = bare(comparison.left), bare(comparison.right)
    for node, against, value in ((one, other, judged.left), (other, one, judged.right)):
        words = formula_with_numbers(node, form, judged.operands, scheme)
        if isinstance(node, Word) and isinstance(against, Name):
            words = shown(form[against.name], node.value, scheme)
        if isinstance(node, Binary) and isinstance(value, Decimal) and not _personal(node, form):
            result = bound(value)
            words = Text(zh=f"{words.zh} (={result})", en=f"{words.en} (= {result})")
        sides.append(words)
    opposite = SIGNS[OPPOSITES[comparison.comparator]]
    left, right = sides
    return Text(zh=f"{left.zh} {opposite} {right.zh}", en=f"{left.en} {opposite} {right.en}")


def _personal(node: Node, form: Form) -> bool:
    return any(form[name].personal for name in names(node))


def told(indicator: Indicator, value: Value | None) -> str | None:
    """A value as it is kept in a finding, in no language; None where it is blank or personal."""
    if value is None or indicator.personal:
        return None
    if isinstance(value, Decimal):
        return plain(value, indicator)
    return value.isoformat() if isinstance(value, date) else str(value)


def told_sides(comparison: Comparison, judged: Judged, form: Form) -> tuple[str | None, str]:
    """The left side of a comparison that failed, and what it should have been: 105, ≤ 101."""
    left = _told_side(bare(comparison.left), judged.left, form)
    right = _told_side(bare(comparison.right), judged.right, form)
    return left, f"{SIGNS[comparison.comparator]} {right}"


def _told_side(node: Node, value: Value | None, form: Form) -> str | None:
    if isinstance(node, Name):
        return told(form[node.name], value)
    return bound(value) if isinstance(value, Decimal) else str(value)


def _labelled(form: Form, indicator: Indicator, value: Value | None, scheme: Scheme) -> Text:
    label, words = heading(form, indicator), shown(indicator, value, scheme)
    return Text(zh=f"{label.zh} {words.zh}", en=f"{label.en} {words.en}")


def _same(text: str) -> Text:
    return Text(zh=text, en=text)
