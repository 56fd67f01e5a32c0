"""Columns, limits and formulas as a clerk reads them, in both languages."""

from collections.abc import Sequence
from decimal import Decimal

from schemas.language.expression import Node
from schemas.models import Form, Indicator
from schemas.rules.formulas import in_words, rounded
from schemas.text import Text

_MOST_DECIMALS = 6


def heading(form: Form, indicator: Indicator) -> Text:
    """The heading of a column, after that of its group where others have the same heading."""
    label, group = indicator.label, indicator.group
    if group is None:
        return label
    zh = [other.label.zh for other in form.indicators].count(label.zh) > 1
    en = [other.label.en for other in form.indicators].count(label.en) > 1
    return Text(
        zh=f"{group.zh}:{label.zh}" if zh else label.zh,
        en=f"{group.en}: {label.en}" if en else label.en,
    )


def listed(texts: Sequence[Text]) -> Text:
    """Texts one after the other."""
    zh, en = "、".join(text.zh for text in texts), ", ".join(text.en for text in texts)
    return Text(zh=zh, en=en)


def bound(value: Decimal) -> str:
    """A number that is no column's, without needless zeros."""
    return f"{rounded(value, _MOST_DECIMALS):f}".rstrip("0").rstrip(".")


def formula_in_words(node: Node, form: Form) -> Text:
    """A formula with the headings of its columns."""
    return in_words(node, lambda name: heading(form, form[name]))
