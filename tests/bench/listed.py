"""What an analyst would list by hand before writing a program: sheets, columns, rules, tables.

Compiled from the scheme, so that both programs are asked for the same. Rules become expressions of
Python over the columns of a frame `f`, as one would type them.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from schemas.consolidated.measures import Measure, measures
from schemas.consolidated.relations import Operand, operands
from schemas.language import expression
from schemas.language.expression import (
    Binary,
    Comparison,
    Day,
    Name,
    Node,
    Number,
    OfId,
    OfPeriod,
    Present,
    Word,
)
from schemas.layout import fixed_codes, lay_out
from schemas.models import Form, Relation, Scheme
from schemas.period import Period
from schemas.rules.checks import Check, line_checks
from schemas.rules.statement import Statement

_PYTHON = {"=": "==", "!=": "!=", "<=": "<=", ">=": ">=", "<": "<", ">": ">"}
_HALF = {"=": 1, "<=": 1, "<": 1, ">=": -1, ">": -1}


def listed(scheme: Scheme, period: Period) -> dict[str, Any]:
    """Everything that the program of an analyst has to know of one period, as JSON."""
    scheme = scheme.at(period)
    return {
        "period": period.id,
        "counties": {unit.code: unit.name.zh for unit in scheme.counties},
        "forms": [_form(form, scheme) for form in scheme.forms],
        "relations": [
            found
            for relation in scheme.relations
            for stated in scheme.stated(relation)
            for found in _relation(stated, scheme)
        ],
    }


def _form(form: Form, scheme: Scheme) -> dict[str, Any]:
    layout = lay_out(form, scheme)
    checks = line_checks(form)

    def columns(kind: str) -> list[str]:
        return [check.indicator.name for check in checks if check.kind == kind]

    return {
        "name": form.name,
        "code": form.code,
        "title": form.title.zh,
        "sheet": form.sheet_name_in(scheme.language),
        "county_column": form.county_column,
        "first_row": layout.body_row,
        "lines": {"single": 1, "fixed": len(layout.lines), "list": None}[form.body],
        "fixed": fixed_codes(form, scheme) if form.body == "fixed" else (),
        "columns": [c.indicator.name if c.indicator else None for c in layout.columns],
        "numbers": [i.name for i in form.indicators if i.numeric],
        "dates": [i.name for i in form.indicators if i.kind == "date"],
        "personal": [i.name for i in form.indicators if i.personal],
        "one_county": [i.name for i in form.indicators if i.one_county],
        "keys": [i.name for i in form.key_indicators],
        "codes": {
            i.name: {spelled: code.code for code in codes for spelled in code.spellings}
            for i in form.indicators
            if i.code_list is not None and (codes := scheme.codes(i).codes)
        },
        "required": columns("required"),
        "minimum": {
            c.indicator.name: float(c.indicator.minimum or 0) for c in _of(checks, "minimum")
        },
        "maximum": {
            c.indicator.name: float(c.indicator.maximum or 0) for c in _of(checks, "maximum")
        },
        "id_numbers": columns("id_number"),
        "phones": columns("phone"),
        "totals": {
            name: float(form[name].half_width)
            for name in sorted(form.totalled)
            if form[name].aggregation == "sum"
        },
        "rules": {
            check.id: _rule(check.arithmetic)
            for kind in ("formula", "in_id", "rule")
            for check in _of(checks, kind)
        },
        "measures": [_measure(m) for m in measures(form, scheme) if _is_plain(m)],
    }


def _of(checks: tuple[Check, ...], kind: str) -> list[Check]:
    return [check for check in checks if check.kind == kind]


def _is_plain(measure: Measure) -> bool:
    return measure.aggregation in ("sum", "count", "max", "min", "distinct", "ratio")


def _measure(measure: Measure) -> dict[str, Any]:
    """A column of a table: an aggregation over lines, or the quotient of sums of them."""
    ratio = None
    if measure.ratio is not None:
        names = (
            expression.names(measure.ratio.numerator),
            expression.names(measure.ratio.denominator),
        )
        ratio = {
            "columns": sorted({*names[0], *names[1]}),
            "value": f"{_text(measure.ratio.numerator)} / "
            f"({_text(measure.ratio.denominator)}) * {measure.ratio.factor}",
        }
    return {
        "name": measure.name,
        "label": " / ".join(label.zh for label in measure.labels),
        "function": measure.aggregation,
        "column": measure.indicator,
        "where": [[column, str(value)] for column, value in measure.where],
        "ratio": ratio,
    }


def _column(name: str) -> str:
    return f"f[{name!r}]"


def _relation(relation: Relation, scheme: Scheme) -> Iterator[dict[str, Any]]:
    """A rule between forms of one period; those with others have nothing to compare with."""
    figures = operands(relation, scheme)
    if any(each.reference.shift not in (None, "plan") for each in figures.values()):
        return
    widths = {
        name: figure.measure.indicator and figure.form[figure.measure.indicator].half_width
        for name, figure in figures.items()
    }
    stated = Statement(
        relation.comparison,
        relation.condition,
        {name: width for name, width in widths.items() if width},
    )
    yield {
        "id": relation.id,
        "form": relation.form,
        "by": relation.by,
        "figures": {name: _figure(figure) for name, figure in figures.items()},
        "rule": _rule(stated),
    }


def _figure(figure: Operand) -> dict[str, Any]:
    return {"form": figure.form.name, "measure": _measure(figure.measure)}


def _rule(statement: Statement) -> dict[str, str]:
    """When it is asked, and what holds then, each as an expression over the columns of `f`."""
    blank = statement.presences
    names = [name for name in expression.names(statement.comparison) if name not in blank]
    asked = [f"{_column(name)}.notna()" for name in names]
    if statement.condition is not None:
        asked.append(f"({_comparison(statement.condition, {})})")
    return {
        "asked": " & ".join(asked),
        "holds": _comparison(statement.comparison, statement.half_widths),
    }


def _comparison(comparison: Comparison, widths: Mapping[str, Any]) -> str:
    left, right = (_text(side) for side in (comparison.left, comparison.right))
    sides = comparison.left, comparison.right
    if not widths:
        return f"{left} {_PYTHON[comparison.comparator]} {right}"
    slack = " + ".join(filter(None, (_slack(side, widths) for side in sides)))
    if comparison.comparator == "=":
        return f"({left} - {right}).abs() <= {slack} + 1e-9"
    sign = "+" if _HALF[comparison.comparator] > 0 else "-"
    return f"{left} {_PYTHON[comparison.comparator]} {right} {sign} ({slack} + 1e-9)"


def _text(node: Node) -> str:
    match node:
        case Number(value):
            return f"{value}"
        case Word(word):
            return repr(word)
        case Day(day):
            return f"{(day - date(1970, 1, 1)).days}"
        case OfPeriod(word):
            raise TypeError(f"{word}(period) is known in the scheme of a period only")
        case Name(name):
            return _column(name)
        case Present(name):
            return f"{_column(name)}.notna()"
        case OfId(said, name, on):
            given = [_column(name), *([] if on is None else [_text(on)])]
            return f"{said}({', '.join(given)})"
        case Binary(operator, left, right):
            return f"({_text(left)} {operator} {_text(right)})"


def _slack(node: Node, widths: Mapping[str, Any]) -> str:
    """How far the value of an expression may be off, since its operands are rounded."""
    match node:
        case Name(name):
            return f"{widths.get(name, '')}"
        case Binary(operator, left, right):
            one, other = _slack(left, widths), _slack(right, widths)
            a, b = _text(left), _text(right)
            match operator:
                case "+" | "-":
                    parts = [one, other]
                case "*":
                    parts = [one and f"({one}) * abs({b})", other and f"({other}) * abs({a})"]
                case "/":
                    parts = [
                        one and f"({one}) / abs({b})",
                        other and f"({other}) * abs({a}) / abs({b}) ** 2",
                    ]
            return " + ".join(filter(None, parts))
    return ""
