"""Rules over the column numbers of the printed sheet: `1=2+10`, `19≥20+21`, `11=9/5×100%`.

A statement that names no column speaks of columns by their numbers: then every whole number is a
column, and a constant is a factor in per cent (×100%), has a decimal point (1.5) or is 0. The
numbers are replaced by names when the scheme is loaded; everything after that knows only names.
"""

import re
import unicodedata

from schemas.layout import column_numbers
from schemas.models import Form, Indicator, Rule

_NAME = re.compile(r"[a-z]")
_NUMBER = re.compile(r"(?<![\d.])(?!0\b)\d+(?![\d.%])")
_PER_CENT = re.compile(r"(\d)%")


def in_names(form: Form) -> Form:
    """A form whose formulas and rules speak of columns by name.

    A statement with a number that no column has for all time is left as it is, to be reported.
    """
    names = {number: name for name, number in lasting_numbers(form).items()}
    indicators = tuple(_indicator(indicator, names) for indicator in form.indicators)
    rules = tuple(_rule(rule, names) for rule in form.rules)
    return form.model_copy(update={"indicators": indicators, "rules": rules})


def lasting_numbers(form: Form) -> dict[str, str]:
    """The number of each column, as long as no column comes or goes: that changes the others."""
    return {} if any(i.turns for i in form.indicators) else column_numbers(form)


def unknown_numbers(statement: str, form: Form) -> list[str]:
    """The numbers in a statement over column numbers that no column of the form has."""
    if _by_name(statement):
        return []
    known = set(lasting_numbers(form).values())
    return [number for number in _NUMBER.findall(_plain(statement)) if number not in known]


def _indicator(indicator: Indicator, names: dict[str, str]) -> Indicator:
    if indicator.computed is None or _by_name(indicator.computed):
        return indicator
    return indicator.model_copy(update={"computed": _named(indicator.computed, names)})


def _rule(rule: Rule, names: dict[str, str]) -> Rule:
    when = None if rule.when is None else _named(rule.when, names)
    return rule.model_copy(update={"check": _named(rule.check, names), "when": when})


def _named(statement: str, names: dict[str, str]) -> str:
    if _by_name(statement):
        return statement
    plain = _plain(statement)
    if not names.keys() >= set(_NUMBER.findall(plain)):
        return statement
    return _PER_CENT.sub(r"\1", _NUMBER.sub(lambda number: names[number[0]], plain))


def _by_name(statement: str) -> bool:
    return _NAME.search(statement) is not None


def _plain(statement: str) -> str:
    return unicodedata.normalize("NFKC", statement).replace(" ", "")
