"""The codebook of a scheme as plain tables: what its page and its workbook both show.

Every form with its columns, rules (also with other forms) and published figures, the code lists,
units, counties and periods, each with its life, and the findings there can be. A function of the
scheme alone, in both languages at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from schemas.consolidated.measures import Measure, measures
from schemas.layout import form_columns
from schemas.life import Former
from schemas.models import Form, FormerForm, Indicator, OrgUnit, Scheme, Unit
from schemas.text import Text
from warehouse.publish.codebook_findings import findings_register
from warehouse.publish.codebook_rules import relations_of, rules_of
from warehouse.publish.codebook_words import (
    NOTHING,
    Row,
    Table,
    formerly,
    joined,
    life,
    table,
    words,
)


@dataclass(frozen=True)
class FormEntry:
    """A form: one row of facts, its columns, its rules, those that compare it with other forms and
    periods, and its published figures.
    """

    form: Form
    facts: Table
    columns: Table
    rules: Table
    relations: Table
    figures: Table

    @property
    def tables(self) -> tuple[Table, ...]:
        """All of them, in the order in which they are read."""
        return self.facts, self.columns, self.rules, self.relations, self.figures


@dataclass(frozen=True)
class Codebook:
    """The codebook: an entry per form, and what the forms have in common."""

    scheme: Scheme
    forms: tuple[FormEntry, ...]
    common: tuple[Table, ...]


def codebook(scheme: Scheme) -> Codebook:
    """The codebook of a scheme of all times."""
    return Codebook(
        scheme=scheme,
        forms=tuple(_form_entry(scheme, form) for form in scheme.forms),
        common=(
            _codes(scheme),
            _units(scheme),
            _counties(scheme),
            _periods(scheme),
            findings_register(),
        ),
    )


# --- forms ---------------------------------------------------------------------------------------


def _form_entry(scheme: Scheme, form: Form) -> FormEntry:
    return FormEntry(
        form=form,
        facts=table("codebook_forms", _FACTS, [_facts(form)]),
        columns=table("codebook_columns", _COLUMNS, _columns(scheme, form)),
        rules=rules_of(form),
        relations=relations_of(form, scheme),
        figures=table("codebook_figures", _FIGURES, _figures(scheme, form)),
    )


_ASKED = ("frequency", "owed", "due")
_FACTS = ("name", "title", "document_no", "body", *_ASKED, "line", "notes", "life")
_CELL = ("kind", "unit", "limits", "computed", "nature", "aggregation")
_COLUMNS = ("number", "name", "label", "synonyms", *_CELL, "life")
_FIGURES = ("name", "label", "unit", "aggregation", "source", "when")


def _facts(form: Form) -> Row:
    owed = (f"{owed.group} {owed.since}–{owed.until or ''}" for owed in form.owed)
    return (
        form.name,
        form.title,
        form.document_no,
        words(f"body_{form.body}"),
        joined(words(f"frequency_{kind}") for kind in form.frequency),
        "; ".join(owed),
        joined(_deadlines(form)),
        form.line.label,
        joined(form.notes, " ", " "),
        joined(map(_printed, form.formerly)),
    )


def _deadlines(form: Form) -> Iterator[Text]:
    """When it is due after the end of a period of a kind, where the calendar does not say it."""
    for kind, days in form.due_after.items():
        yield words("due_after", kind=words(f"frequency_{kind}"), days=str(days))


def _printed(former: FormerForm) -> Text:
    """How a form was printed up to a period, and why that changed."""
    number = () if former.document_no is None else (former.document_no,)
    titles = () if former.title is None else (former.title,)
    parts = [*titles, *(Text(zh=text, en=text) for text in number), *(former.notes or ())]
    return formerly(Former(label=joined(parts, " ", " "), until=former.until, why=former.why))


def _columns(scheme: Scheme, form: Form) -> Iterator[Row]:
    for column in form_columns(form):
        indicator = column.indicator
        if indicator is None:
            continue
        label = [indicator.label] if indicator.group is None else [indicator.group, indicator.label]
        yield (
            column.number.partition("=")[0],
            indicator.name,
            joined(label, " · ", " · "),
            "、".join(indicator.synonyms),
            words(f"kind_{indicator.kind}", decimals=str(indicator.decimals)),
            _unit(scheme, indicator.unit),
            joined(_limits(indicator)),
            indicator.computed or "",
            NOTHING if indicator.nature is None else words(f"nature_{indicator.nature}"),
            words(f"aggregation_{indicator.aggregation}"),
            life(indicator, indicator.formerly),
        )


def _unit(scheme: Scheme, unit: str | None) -> Text:
    return NOTHING if unit is None else scheme.units[unit].label


def _limits(indicator: Indicator) -> Iterator[Text]:
    """What a cell of the column must satisfy."""
    if indicator.key:
        yield words("limit_key")
    if not indicator.required:
        yield words("limit_optional")
    if indicator.code_list:
        yield words("limit_list", name=indicator.code_list)
    if indicator.unit_from:
        yield words("limit_unit_from", name=indicator.unit_from)
    if indicator.format:
        yield words(f"limit_{indicator.format}")
    if indicator.in_id:
        yield words("limit_in_id", name=indicator.in_id.column)
    bounds = (("≥", indicator.minimum), ("≤", indicator.maximum))
    if shown := [f"{sign} {_plain(bound)}" for sign, bound in bounds if bound is not None]:
        yield words("limit_range", range=", ".join(shown))
    if indicator.one_county:
        yield words("limit_one_county")
    if indicator.personal:
        yield words("limit_personal")


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _figures(scheme: Scheme, form: Form) -> Iterator[Row]:
    for measure in measures(form, scheme):
        yield (
            measure.name,
            joined(measure.labels, " · ", " · "),
            _unit(scheme, measure.unit),
            words(f"aggregation_{measure.aggregation}"),
            measure.indicator or form.line.label,
            _where(measure),
        )


def _where(measure: Measure) -> str:
    return ", ".join(
        f"{name} = {_plain(value) if isinstance(value, Decimal) else value}"
        for name, value in measure.where
    )


# --- what the forms have in common ---------------------------------------------------------------


def _codes(scheme: Scheme) -> Table:
    rows = (
        (name, code.code, code.label, "、".join(code.synonyms), life(code, code.formerly))
        for name, codes in scheme.code_lists.items()
        for code in codes.codes
    )
    return table("codebook_codes", ("code_list", "code", "label", "synonyms", "life"), rows)


def _units(scheme: Scheme) -> Table:
    rows = ((name, unit.label, joined(_conversions(unit))) for name, unit in scheme.units.items())
    return table("codebook_units", ("name", "label", "others"), rows)


def _conversions(unit: Unit) -> Iterator[Text]:
    """What is read in other units, and as how many of this one."""
    for other, count in unit.others.items():
        yield words("conversion", other=other, count=_plain(count), unit=unit.label)


def _counties(scheme: Scheme) -> Table:
    rows = (
        (unit.code, unit.name, ", ".join(sorted(unit.groups)), _history(scheme, unit))
        for unit in (scheme.municipality, *scheme.counties)
    )
    return table("codebook_counties", ("code", "name", "groups", "life"), rows)


def _history(scheme: Scheme, unit: OrgUnit) -> Text:
    told = [life(unit)] if unit.turns else []
    for former in unit.formerly:
        assert former.until is not None, unit.code
        assert former.why is not None, unit.code
        told.append(formerly(Former(label=former.name, until=former.until, why=former.why)))
    if unit.successor:
        told.append(words("life_merged", name=scheme.county(unit.successor).name))
    return joined(told)


def _periods(scheme: Scheme) -> Table:
    rows = (
        (
            entry.id,
            Text(zh=entry.period.label("zh"), en=entry.period.label("en")),
            entry.opens.isoformat(),
            entry.due.isoformat(),
        )
        for entry in scheme.periods
    )
    return table("codebook_periods", ("code", "name", "opens", "due"), rows)
