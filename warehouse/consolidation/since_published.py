"""What counties' figures are now against what was published last of the same period."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from schemas.consolidated.measures import Measure
from schemas.models import Form, OrgUnit
from schemas.text import Text
from warehouse.consolidation.comparisons import Against, ComparedFigure, DifferenceCause
from warehouse.consolidation.contents import (
    ConsolidatedTable,
    PublicationContents,
    Revision,
    RevisionCause,
)

_CAUSES: Mapping[RevisionCause, DifferenceCause] = {
    RevisionCause.ARRIVED: DifferenceCause.LATE,
    RevisionCause.LET_IN: DifferenceCause.REFUSED,
    RevisionCause.TAKEN_OUT: DifferenceCause.REFUSED,
    RevisionCause.CORRECTED: DifferenceCause.REVISED,
    RevisionCause.SCHEME: DifferenceCause.SCHEME,
}


def against_last_publication(shown: PublicationContents) -> Iterator[ComparedFigure]:
    """Each sum that changed since, county by county, and what that makes of the municipal one.

    Only counties whose figure changed are there; the others add nothing to the difference.
    """
    changed: dict[tuple[str, str], list[Revision]] = {}
    for revision in shown.revisions:
        if revision.unit != shown.scheme.municipality:
            changed.setdefault((revision.form.name, revision.measure.name), []).append(revision)
    for table in shown.tables:
        for measure in table.measures:
            of_measure = changed.get((table.form.name, measure.name), [])
            if of_measure and measure.aggregation in ("sum", "count"):
                yield from _of_measure(table, measure, of_measure)


def _of_measure(
    table: ConsolidatedTable, measure: Measure, changed: list[Revision]
) -> Iterator[ComparedFigure]:
    found = [
        _compared(table.form, measure, r.unit, r.after, r.before, _CAUSES[r.cause]) for r in changed
    ]
    yield from found
    now = table.municipality.values[measure.name]
    before = (now or Decimal(0)) - sum((one.difference for one in found), Decimal(0))
    unit = table.municipality.unit
    yield _compared(table.form, measure, unit, now, before, DifferenceCause.COUNTIES)


def _compared(
    form: Form,
    measure: Measure,
    unit: OrgUnit,
    now: Decimal | None,
    before: Decimal | None,
    cause: DifferenceCause,
) -> ComparedFigure:
    label = Text(
        zh=" ".join(label.zh for label in measure.labels),
        en=" ".join(label.en for label in measure.labels),
    )
    rule = f"last-publication-{form.name}-{measure.name}"
    return ComparedFigure(rule, form, label, Against.PUBLICATION, form, unit, now, before, cause)
