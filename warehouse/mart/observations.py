"""The long tables: every figure, every edition of it, and what changed from one to the next."""

from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, case, literal, null, or_, type_coerce

from schemas.models import Scheme
from warehouse.consolidation.quotient import Quotient, Term
from warehouse.mart import tables
from warehouse.mart.forms import (
    KEY,
    PERCENT,
    county_name,
    growth,
    join_last_year,
    was_revised,
)
from warehouse.mart.numbers import Plain
from warehouse.mart.view import Column, View, alike
from warehouse.tables import org_units, publications

_now = tables.figures.alias("now")
_measures = tables.measures


def observations(scheme: Scheme) -> View:
    """A row per figure as published last, with its plan and that of the year before."""
    before, plan = tables.figures.alias("before"), tables.figures.alias("plan")
    source = (
        _named(join_last_year(_now, before), _now)
        .outerjoin(
            plan,
            and_(
                *(plan.c[name] == _now.c[name] for name in ("form", "period", "county_code")),
                plan.c.measure == _measures.c.plan,
                plan.c.until_serial.is_(None),
            ),
        )
        .join(publications, _published(_now.c.serial))
    )
    return View(
        name="observations",
        columns=(
            *_key(scheme),
            Column("unit", _measures.c.unit_zh if scheme.language == "zh" else _measures.c.unit_en),
            Column("decimals", _measures.c.decimals),
            Column("value", Plain(_now.c.value)),
            Column("status", _now.c.status),
            Column("revised", was_revised(_now)),
            Column("estimate", Plain(_now.c.estimate)),
            Column("method", _now.c.method),
            Column("plan", Plain(plan.c.value)),
            Column("completion_pct", Plain(_share(_now.c.value, plan.c.value), 2)),
            Column("last_year", Plain(before.c.value)),
            Column(
                "growth_pct",
                case(
                    (_measures.c.adds_up, Plain(growth(_now.c.value, before.c.value), 2)),
                    else_=null(),
                ),
            ),
            *alike(_now, "version", "serial"),
            Column("published_at", publications.c.as_of),
        ),
        source=source,
        where=(_now.c.until_serial.is_(None),),
    )


def history(scheme: Scheme) -> View:
    """A row per edition of a figure: what was known from when to when."""
    replaced = publications.alias("replaced")
    source = (
        _named(_now, _now)
        .join(publications, _published(_now.c.serial))
        .outerjoin(
            replaced,
            and_(replaced.c.period == _now.c.period, replaced.c.serial == _now.c.until_serial),
        )
    )
    return View(
        name="history",
        columns=(
            *_key(scheme),
            Column("value", Plain(_now.c.value)),
            *alike(_now, "status", "version", "serial"),
            Column("published_at", publications.c.as_of),
            Column("until_serial", _now.c.until_serial),
            Column("replaced_at", replaced.c.as_of),
        ),
        source=source,
    )


def revisions(scheme: Scheme) -> View:
    """A row per published figure that became another, with what it was and why."""
    was = tables.figures.alias("was")
    # From publications over what each replaced to what came in its place: so the newest ones are
    # found without looking at the others.
    replaced_by = and_(
        *(was.c[name] == _now.c[name] for name in KEY), _now.c.serial == was.c.until_serial
    )
    published = and_(
        publications.c.period == was.c.period, publications.c.serial == was.c.until_serial
    )
    source = _named(_now.join(was, replaced_by), _now).join(publications, published)
    return View(
        name="revisions",
        columns=(
            *_key(scheme),
            Column("before", Plain(was.c.value)),
            Column("after", Plain(_now.c.value)),
            Column("difference", Plain(_difference(_now, was))),
            Column("version_before", was.c.version),
            Column("version_after", _now.c.version),
            Column("cause", _cause(was)),
            Column("serial", _now.c.serial),
            Column("published_at", publications.c.as_of),
        ),
        source=source,
        where=(was.c.value.is_distinct_from(_now.c.value),),
    )


def triangle(scheme: Scheme) -> View:
    """A row per figure and publication: what was known then, and by how much it had changed."""
    was = tables.figures.alias("was")
    source = (
        _named(_now, _now)
        .join(
            publications,
            and_(
                publications.c.period == _now.c.period,
                publications.c.serial >= _now.c.serial,
                or_(_now.c.until_serial.is_(None), publications.c.serial < _now.c.until_serial),
            ),
        )
        .outerjoin(
            was,
            and_(
                *(was.c[name] == _now.c[name] for name in KEY),
                was.c.until_serial == _now.c.serial,
            ),
        )
    )
    came_then = publications.c.serial == _now.c.serial
    change = case((came_then, _difference(_now, was)), else_=_difference(_now, _now))
    return View(
        name="triangle",
        columns=(
            *_key(scheme),
            Column("serial", publications.c.serial),
            Column("published_at", publications.c.as_of),
            Column("value", Plain(_now.c.value)),
            Column("change", Plain(type_coerce(change, tables.AMOUNT))),
            Column("version", _now.c.version),
        ),
        source=source,
    )


def _key(scheme: Scheme) -> tuple[Column, ...]:
    return (
        *alike(_now, "form", "measure", "period", "county_code"),
        Column("county_name", county_name(scheme)),
    )


def _named(source: FromClause, figures: FromClause) -> FromClause:
    """Figures with what their measures and counties are called."""
    return source.join(
        _measures,
        and_(_measures.c.form == figures.c.form, _measures.c.name == figures.c.measure),
    ).join(org_units, org_units.c.code == figures.c.county_code)


def _published(serial: ColumnElement[int]) -> ColumnElement[bool]:
    return and_(publications.c.period == _now.c.period, publications.c.serial == serial)


def _difference(now: FromClause, was: FromClause) -> ColumnElement[Any]:
    return type_coerce(now.c.value - was.c.value, tables.AMOUNT)


def _share(done: ColumnElement[Any], plan: ColumnElement[Any]) -> ColumnElement[Any]:
    return Quotient([Term(Decimal(1), done)], [Term(Decimal(1), plan)], Decimal(100), PERCENT)


def _cause(was: FromClause) -> ColumnElement[str]:
    """Why a figure of a county changed; that of the municipality follows its counties."""
    before, after = was.c.version, _now.c.version
    return case(
        (org_units.c.is_municipality & or_(before.is_(None), after.is_(None)), literal("counties")),
        (before.is_(None), literal("late")),
        (after.is_(None), literal("refused")),
        (before != after, literal("corrected")),
        else_=literal("recomputed"),
    )
