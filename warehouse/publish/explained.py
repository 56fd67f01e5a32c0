"""What was written about a finding, as a list tells it, and the stamp that the list is known by."""

from schemas.answers import Kind, ListStamp
from schemas.findings import State
from schemas.models import OrgUnit
from schemas.value_range import ValueRange
from warehouse.consolidation.contents import FiledFinding
from warehouse.publish.edition import Edition


def stamp(edition: Edition, kind: Kind, unit: OrgUnit) -> ListStamp:
    """What a sheet of findings for a county, or for the municipality, says of itself."""
    contents = edition.contents
    return ListStamp(
        kind=kind,
        scheme=contents.scheme.id,
        period=contents.period.id,
        serial=contents.serial,
        county=unit.code,
        heading=edition.words("answer"),
    )


def explained(edition: Edition, filed: FiledFinding) -> str:
    """What was written about a finding; where it is open again, also how its value moved."""
    explanation, finding = filed.explanation, filed.finding
    if explanation is None:
        return ""
    told = {
        "text": explanation.text,
        "by": edition.name(edition.contents.scheme.county(explanation.written_by)),
        "at": edition.words.day(explanation.recorded_at),
        "range": _covered(edition, explanation.covers),
    }
    if explanation.rejected is not None and filed.state is State.OPEN:
        rejected = explanation.rejected
        return edition.words("explained_in_vain", **told, why=rejected.why, steward=rejected.by)
    if filed.state is State.EXPLAINED:
        return edition.words("explained_so", **told, until=explanation.until)
    many = edition.words("now_lines", lines=finding.lines)
    return edition.words(
        "explained_before", **told, now=many if finding.lines > 1 else finding.observed
    )


def _covered(edition: Edition, covers: ValueRange) -> str:
    if covers.low is not None and covers.high is not None:
        low, high = (f"{limit.normalize():f}" for limit in (covers.low, covers.high))
        return edition.words("explained_range", low=low, high=high)
    if covers.moves:
        return edition.words("explained_lines", high=int(covers.lines + covers.tolerance))
    return ""
