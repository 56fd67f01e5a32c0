"""The view of a form: a row per period and county, and one for the municipality."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Subquery,
    and_,
    case,
    func,
    literal,
    or_,
    select,
)

from schemas.consolidated.measures import Measure, measures
from schemas.models import Form, Scheme
from schemas.text import Text
from warehouse.consolidation.quotient import Quotient, Term
from warehouse.mart import tables
from warehouse.mart.numbers import Plain
from warehouse.mart.view import Column, View, alike
from warehouse.tables import org_units
from warehouse.types import ExactDecimal

LAST_YEAR, GROWTH = "_last_year", "_growth_pct"
"""The ends of the names of columns that a form's own columns have beside them."""

PERCENT = ExactDecimal(18, 2)
_OF_LAST_YEAR = Text(zh="上年同期", en="the same period last year")
_GROWTH = Text(zh="比上年同期增减", en="change from the same period last year")
_PERCENT_SIGN = Text(zh="%", en="%")


def form_view(scheme: Scheme, form: Form) -> View:
    """The view of a form: the columns of all times, each blank where the form did not have it."""
    columns = measures(form, scheme)
    compared = [measure for measure in columns if _has_growth(form, measure)]
    pivot = _pivot(form, columns, compared)
    returns = tables.returns
    source = pivot.join(
        returns,
        and_(
            returns.c.form == form.name,
            returns.c.period == pivot.c.period,
            returns.c.county_code == pivot.c.county_code,
            returns.c.until_serial.is_(None),
        ),
    ).join(org_units, org_units.c.code == pivot.c.county_code)
    return View(
        name=form.name,
        said=Text(
            zh=f"{form.code} {form.title.zh}：每报告期、每县(市、区)一行，另有全市一行",
            en=f"{form.code} {form.title.en}: a row per period and county, and the municipality's",
        ),
        columns=(
            *alike(pivot, "period", "county_code"),
            Column("county_name", county_name(scheme)),
            *alike(pivot, "status", "revised"),
            *(column for m in columns for column in _figures(scheme, m, pivot, m in compared)),
            *alike(returns, "counties_reported", "counties_owed"),
        ),
        source=source,
    )


def county_name(scheme: Scheme) -> ColumnElement[str]:
    """The name of a county in the language of the scheme."""
    return org_units.c.name_zh if scheme.language == "zh" else org_units.c.name_en


def growth(now: ColumnElement[Any], before: ColumnElement[Any]) -> ColumnElement[Any]:
    """By how many per cent a figure grew; NULL where there was none, or a zero."""
    terms = [Term(Decimal(1), now), Term(Decimal(-1), before)]
    return Quotient(terms, [Term(Decimal(1), before)], Decimal(100), PERCENT)


def was_revised(figures: FromClause) -> ColumnElement[bool]:
    """Whether a figure was published before with another value."""
    earlier = tables.figures.alias("earlier")
    same = (earlier.c[name] == figures.c[name] for name in KEY)
    return (
        select(literal(1))
        .where(
            *same,
            earlier.c.until_serial <= figures.c.serial,
            earlier.c.value.is_not(None),
            or_(figures.c.value.is_(None), earlier.c.value != figures.c.value),
        )
        .correlate(figures)
        .exists()
    )


KEY = ("form", "period", "county_code", "measure")
"""What tells figures apart."""


def _has_growth(form: Form, measure: Measure) -> bool:
    """Whether a figure is compared with that of last year: the sums of a known nature."""
    name = measure.indicator
    return measure.aggregation == "sum" and name is not None and form[name].nature is not None


def _pivot(form: Form, columns: tuple[Measure, ...], compared: list[Measure]) -> Subquery:
    """The standing figures of a form, a column each, with those of last year."""
    now, before = tables.figures.alias("now"), tables.figures.alias("before")
    source: FromClause = now
    if compared:
        source = join_last_year(now, before)

    def one(figures: FromClause, measure: Measure) -> ColumnElement[Any]:
        of_measure = now.c.measure == measure.name
        return func.max(figures.c.value, type_=tables.AMOUNT).filter(of_measure)

    return (
        select(
            now.c.period,
            now.c.county_code,
            _status(now).label("status"),
            (func.max(case((was_revised(now), 1), else_=0)) == 1).label("revised"),
            *(one(now, measure).label(measure.name) for measure in columns),
            *(one(before, m).label(f"{m.name}{LAST_YEAR}") for m in compared),
        )
        .select_from(source)
        .where(now.c.form == form.name, now.c.until_serial.is_(None))
        .group_by(now.c.period, now.c.county_code)
        .subquery("pivot")
    )


def join_last_year(now: FromClause, before: FromClause) -> FromClause:
    """Standing figures, with those of the same period of the year before where there are any."""
    periods = tables.calendar
    return now.join(periods, periods.c.id == now.c.period).outerjoin(
        before,
        and_(
            *(before.c[name] == now.c[name] for name in ("form", "measure", "county_code")),
            before.c.period == periods.c.last_year,
            before.c.until_serial.is_(None),
        ),
    )


def _status(figures: FromClause) -> ColumnElement[str]:
    """The status of a whole row: that of its figures which says most."""
    ranked = ("provisional", "normal", "estimated")
    return case(
        *((func.count().filter(figures.c.status == s) > 0, literal(s)) for s in ranked),
        else_=literal("missing"),
    )


def _figures(scheme: Scheme, measure: Measure, pivot: Subquery, compared: bool) -> Iterator[Column]:
    words = Text(
        zh=" ".join(label.zh for label in measure.labels),
        en=" ".join(label.en for label in measure.labels),
    )
    unit = Text(zh=scheme.unit_label(measure.unit, "zh"), en=scheme.unit_label(measure.unit, "en"))
    value = pivot.c[measure.name]
    yield Column(measure.name, Plain(value, measure.decimals), words, unit)
    if compared:
        name = f"{measure.name}{LAST_YEAR}"
        yield Column(name, Plain(pivot.c[name], measure.decimals), _of(words, _OF_LAST_YEAR), unit)
        grown = Plain(growth(value, pivot.c[name]), 2)
        yield Column(f"{measure.name}{GROWTH}", grown, _of(words, _GROWTH), _PERCENT_SIGN)


def _of(words: Text, what: Text) -> Text:
    return Text(zh=f"{words.zh} {what.zh}", en=f"{words.en}, {what.en}")
