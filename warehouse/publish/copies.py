"""The copy of a county's workbook that goes back to it, doubtful cells coloured and commented."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from schemas import messages
from schemas.findings import CellRef, Severity, cells_in
from schemas.models import OrgUnit
from warehouse.consolidation.contents import CountyCopy, FiledFinding
from warehouse.publish.edition import Edition
from warehouse.publish.figures import printable
from warehouse.publish.marks.editors import editor_of
from warehouse.publish.marks.marking import Marking
from warehouse.publish.marks.unlocked import unlocked
from warehouse.publish.review import review_of
from warehouse.publish.sheets import FONTS
from warehouse.publish.told import Told
from warehouse.publish.unmarked import Unmarked

_NO_EDITOR = Unmarked("there is no editor for its format")
_NO_END = Unmarked("marking it crashed, or took too long or too much memory")


@dataclass(frozen=True)
class MarkedCopy:
    """A copy as published; `unmarked` says why what was found could not be put into it."""

    content: bytes
    unmarked: Unmarked | None = None


@dataclass(frozen=True)
class CopyTask:
    """A copy to be marked; the edition has all that it takes, and no more."""

    edition: Edition
    county: OrgUnit
    copy: CountyCopy

    def done(self) -> MarkedCopy:
        """The marked copy."""
        return marked_copy(self.edition, self.county, self.copy)

    def left(self) -> MarkedCopy:
        """The copy as it came, where marking it came to no end."""
        return MarkedCopy(self.copy.content, _NO_END)


def copy_tasks(edition: Edition) -> dict[str, CopyTask]:
    """The copies of a publication to be marked, by their paths."""
    needed = replace(edition.contents, copies={}, tables=(), checks=(), revisions=())
    lean = replace(edition, contents=needed)
    return {
        edition.copy_paths[county.code, copy.sha256]: CopyTask(lean, county, copy)
        for county in edition.filers
        for copy in edition.contents.copies.get(county.code, ())
    }


def one_by_one(tasks: Sequence[CopyTask]) -> list[MarkedCopy]:
    """Mark copies here, one after the other."""
    return [task.done() for task in tasks]


def marked_copy(edition: Edition, county: OrgUnit, copy: CountyCopy) -> MarkedCopy:
    """The workbook of a county with its findings in it, and all else as it was.

    A return without findings goes back as it came; so does one that cannot be marked.
    """
    findings = [f for f in edition.findings_of(county) if f.sha256 == copy.sha256]
    # Nobody vouches for these bytes, nor for what they do to an editor: any error leaves them be.
    try:
        content = unlocked(copy.content)
        editor = editor_of(content)
        if editor is None:
            return MarkedCopy(copy.content, _NO_EDITOR if findings else None)
        if not findings and not editor.was_marked(content, edition.words("review")):
            return MarkedCopy(copy.content)
        marking = _marking(edition, county, copy.file_name, findings)
        return MarkedCopy(editor.marked(content, marking))
    except Exception as error:
        return MarkedCopy(copy.content, Unmarked.by(error))


def _marking(
    edition: Edition, county: OrgUnit, file_name: str, findings: Sequence[FiledFinding]
) -> Marking:
    return Marking(
        colours=_colours(findings),
        comments=_comments(edition, findings),
        review=review_of(edition, county, file_name, findings),
        font=FONTS[edition.language],
        at=edition.contents.as_of,
    )


def _colours(findings: Sequence[FiledFinding]) -> Mapping[CellRef, Severity]:
    """What cells are coloured by, those too that findings of many lines are about."""
    colours: dict[CellRef, Severity] = {}
    for filed in findings:  # the gravest come first, and stay
        for cell in (*filed.finding.cells, *cells_in(filed.finding.areas)):
            colours.setdefault(cell, filed.finding.severity)
    return colours


def _comments(edition: Edition, findings: Sequence[FiledFinding]) -> Mapping[CellRef, str]:
    """What is wrong in each cell, the gravest first."""
    paragraphs: dict[CellRef, list[str]] = {}
    for filed in findings:
        paragraph = printable(_paragraph(filed, edition))
        for cell in filed.finding.cells:
            paragraphs.setdefault(cell, []).append(paragraph)
    return {cell: "\n\n".join(found) for cell, found in paragraphs.items()}


def _paragraph(filed: FiledFinding, edition: Edition) -> str:
    severity = edition.words.severity(filed.finding.severity)
    name = messages.name(filed.finding, edition.language)
    heading = edition.words("comment_heading", severity=severity, name=name)
    told = Told(edition, filed)
    return "\n".join(filter(None, (heading, told.fact, told.diagnosis, told.remedy)))
