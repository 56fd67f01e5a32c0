"""The report of a period: the municipal figures that the forms name for it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from schemas.expression import Value
from schemas.measures import TOTAL, measures
from schemas.models import Scheme
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
    for form in scheme.forms:
        for measure in measures(form, scheme) if form.name in figures else ():
            if measure.name in form.summary:
                words = (label.in_(language) for label in measure.labels if label != TOTAL)
                value = figures[form.name][measure.name]
                told = (form.code, " ".join(words), value, measure.unit, period.label(language))
                yield dict(zip(REPORT_COLUMNS, told, strict=True))
