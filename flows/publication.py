"""What is told of one publication: where it stands, how complete it is, and what moved."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from schemas.findings import Severity
from schemas.text import Language
from warehouse.consolidation.contents import ConsolidatedTable, PublicationContents, Revision


@dataclass(frozen=True)
class FormCompleteness:
    """How many of those who owe a form are in a publication, and who is missing."""

    form: str
    reported: int
    owed: int
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Published:
    """What is told of one publication, and the folder in which it stands."""

    period: str
    serial: int
    folder: Path
    completeness: tuple[FormCompleteness, ...]
    findings: Mapping[Severity, int]
    revisions: int
    moved: tuple[str, ...] = ()


def published(contents: PublicationContents, folder: Path, language: Language) -> Published:
    """What is told of a publication that stands in a folder."""
    counted = Counter(filed.finding.severity for filed in contents.findings)
    return Published(
        period=contents.period.id,
        serial=contents.serial,
        folder=folder,
        completeness=tuple(_completeness(table, language) for table in contents.tables),
        findings={severity: counted[severity] for severity in Severity},
        revisions=len(contents.revisions),
        moved=tuple(_moved(revision, language) for revision in contents.revisions),
    )


def _completeness(table: ConsolidatedTable, language: Language) -> FormCompleteness:
    return FormCompleteness(
        form=f"{table.form.code} {table.form.title.in_(language)}",
        reported=len(table.reported),
        owed=len(table.owing),
        missing=tuple(row.unit.name.in_(language) for row in table.owing if not row.reported),
    )


def _moved(revision: Revision, language: Language) -> str:
    """A published figure that changed, in a line."""
    form, labels = revision.form, (label.in_(language) for label in revision.measure.labels)
    before, after = (
        "—" if value is None else f"{value:,f}" for value in (revision.before, revision.after)
    )
    return (
        f"{revision.unit.name.in_(language)} {form.code} {' / '.join(labels)}: {before} → {after}"
    )
