"""The sheet at the front of a marked copy that lists what was found in it."""

from collections.abc import Sequence

from schemas.models import OrgUnit
from warehouse.consolidation.contents import FiledFinding
from warehouse.publish.edition import Edition
from warehouse.publish.explained import stamp
from warehouse.publish.figures import printable, shortened
from warehouse.publish.marks.marking import Review, ReviewColumn, ReviewLine
from warehouse.publish.told import Told

_WIDTHS = {
    "serial_no": 6,
    "severity": 11,
    "sheet": 26,
    "cell": 14,
    "column": 18,
    "fact": 44,
    "diagnosis": 40,
    "remedy": 34,
    "answer": 28,
}
_CENTRED = ("serial_no", "severity", "cell")
_LONGEST_NAME = 45


def review_of(
    edition: Edition, county: OrgUnit, file_name: str, findings: Sequence[FiledFinding]
) -> Review:
    """The list of what was found in a file of a county."""
    file = shortened(file_name, _LONGEST_NAME)
    return Review(
        name=edition.words("review"),
        heading=(
            printable(edition.words("review_title", county=edition.name(county), file=file)),
            edition.tally(findings),
            edition.words("review_help"),
            edition.signature,
        ),
        columns=tuple(
            ReviewColumn(name, edition.words(name), width, name in _CENTRED)
            for name, width in _WIDTHS.items()
        ),
        stamp=stamp(edition, "copy", county).written(),
        lines=tuple(_line(edition, n, filed) for n, filed in enumerate(findings, start=1)),
    )


def _line(edition: Edition, number: int, filed: FiledFinding) -> ReviewLine:
    finding, reference = filed.finding, filed.reference
    told: dict[str, str | int] = {
        "serial_no": number,
        "severity": edition.words.severity(finding.severity),
        **{name: printable(text) for name, text in Told(edition, filed).columns.items()},
        "answer": "",
    }
    return ReviewLine(
        values=tuple(told[name] for name in _WIDTHS),
        severity=finding.severity,
        target=finding.cells[0] if finding.cells else None,
        reference="" if reference is None else reference.written(),
    )
