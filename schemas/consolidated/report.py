"""The report of a period: the municipal figures that the forms name for it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from schemas.consolidated.measures import TOTAL, Measure, measures
from schemas.language.expression import Value
from schemas.models import Form, Scheme
from schemas.period import Period
from schemas.text import Language

REPORT_COLUMNS = ("source", "figure", "value", "unit", "reported_period")
"""The columns of a form that is the report."""

Figures = Mapping[str, Decimal | None]


def report(
    scheme: Scheme, period: Period, figures: Mapping[str, Figures], language: Language
) -> Iterator[Mapping[str, Value | None]]:
    """The lines of a period's report: the figures that the forms name for it in `summary`.

    `figures` has the municipal figures by the name of the form and of the measure; forms that are
    not in it are left out.
    """
    for form, measure in reported_figures(scheme):
        if form.name in figures:
            value = figures[form.name][measure.name]
            name = figure_name(measure, language)
            told = (form.code, name, value, measure.unit, period.label(language))
            yield dict(zip(REPORT_COLUMNS, told, strict=True))


def reported_figures(scheme: Scheme) -> Iterator[tuple[Form, Measure]]:
    """The figures that stand in a report, in its order."""
    for form in scheme.forms:
        if form.summary:
            yield from ((form, m) for m in measures(form, scheme) if m.name in form.summary)


def figure_name(measure: Measure, language: Language) -> str:
    """What a figure is called in the report."""
    return " ".join(label.in_(language) for label in measure.labels if label != TOTAL)
