"""Which figures of a form are compared between periods over all counties, and with which period.

What is so at the end of a period is compared with the period before; what came about in it, or
since January, with the same period of the year before, since the seasons differ.
"""

from dataclasses import dataclass

from schemas.consolidated.measures import Measure, measures
from schemas.models import Form, Scheme
from schemas.text import Text


@dataclass(frozen=True)
class Series:
    """One figure of a form as rules between forms name it, and the figure it is compared with."""

    measure: Measure
    now: str
    before: str

    @property
    def label(self) -> Text:
        """The heading of the figure, from the outermost group to the innermost."""
        labels = self.measure.labels
        return Text(zh="·".join(x.zh for x in labels), en=": ".join(x.en for x in labels))


def series_of(form: Form, scheme: Scheme) -> tuple[Series, ...]:
    """The sums over all lines of a form whose change can be told: those of a known nature."""
    if form.of_municipality:
        return ()
    found = []
    for measure in measures(form, scheme):
        if measure.aggregation != "sum" or measure.where or measure.indicator is None:
            continue
        nature = form[measure.indicator].nature
        if nature is not None:
            now = f"{form.name}.{measure.name}"
            shift = "previous" if nature == "stock" else "last_year"
            found.append(Series(measure, now, f"{shift}({now})"))
    return tuple(found)
