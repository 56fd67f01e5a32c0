"""The published contract: its views, and what their columns mean.

Every view is one statement over fixed tables, so that views neither wait for nor depend on each
other. A view is the series of all periods: it has the columns of all times.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from io import StringIO
from typing import Any

from schemas.consolidated.measures import Measure, measures
from schemas.consolidated.plans import plans
from schemas.models import PUBLISHED_BESIDE, Scheme
from schemas.period import Period
from warehouse.mart import listings, observations
from warehouse.mart.forms import form_view
from warehouse.mart.view import View

Row = dict[str, Any]

_BESIDE: tuple[Callable[[Scheme], View], ...] = (
    listings.contract_itself,
    listings.dictionary,
    listings.figures,
    listings.counties,
    listings.calendar,
    listings.publications_made,
    listings.completeness,
    listings.findings,
    listings.reconciliation,
    observations.observations,
    observations.history,
    observations.revisions,
    observations.triangle,
    listings.sources,
    listings.townships,
)


def contract(scheme: Scheme) -> tuple[View, ...]:
    """Every view of the contract: what lies beside the forms, and one per form."""
    beside = tuple(make(scheme) for make in _BESIDE)
    assert {view.name for view in beside} <= PUBLISHED_BESIDE
    return (*beside, *(form_view(scheme, form) for form in scheme.forms))


def dictionary_rows(views: Iterable[View]) -> Iterator[Row]:
    """What the dictionary says of every view and column."""
    for view in views:
        yield {
            "view": view.name,
            "name": "",
            "ordinal": 0,
            "type": "view",
            "unit_zh": "",
            "unit_en": "",
            "meaning_zh": view.about.zh,
            "meaning_en": view.about.en,
        }
        for ordinal, column in enumerate(view.columns, start=1):
            yield {
                "view": view.name,
                "name": column.name,
                "ordinal": ordinal,
                "type": column.type,
                "unit_zh": column.unit.zh,
                "unit_en": column.unit.en,
                "meaning_zh": column.meaning.zh,
                "meaning_en": column.meaning.en,
            }


def description(scheme: Scheme) -> str:
    """The dictionary as CSV: what is agreed with those who read the contract."""
    text = StringIO(newline="")
    rows = list(dictionary_rows(contract(scheme)))
    writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def measure_rows(scheme: Scheme) -> Iterator[Row]:
    """What the views have to know of the columns of consolidated tables."""
    for form in scheme.forms:
        planned = plans(form, scheme)
        for ordinal, measure in enumerate(measures(form, scheme)):
            named = None if measure.indicator is None else form[measure.indicator]
            yield {
                "form": form.name,
                "name": measure.name,
                "ordinal": ordinal,
                "indicator": measure.indicator,
                "label_zh": " ".join(label.zh for label in measure.labels),
                "label_en": " ".join(label.en for label in measure.labels),
                "unit": measure.unit,
                "unit_zh": scheme.unit_label(measure.unit, "zh"),
                "unit_en": scheme.unit_label(measure.unit, "en"),
                "decimals": measure.decimals,
                "aggregation": measure.aggregation,
                "nature": None if named is None else named.nature,
                "plan": planned.get(measure.name),
                "adds_up": _adds_up(measure),
            }


def calendar_rows(scheme: Scheme) -> Iterator[Row]:
    """How the periods of the calendar hang together."""
    for entry in scheme.periods:
        period = entry.period
        yield {
            "id": entry.id,
            "kind": period.kind,
            "year": period.year,
            "ordinal": period.ordinal,
            "previous": period.before().id,
            "last_year": Period(period.year - 1, period.kind, period.ordinal).id,
        }


def _adds_up(measure: Measure) -> bool:
    return measure.aggregation in ("sum", "count", "distinct")
