"""The copy of a county's workbook that goes back to it, doubtful cells coloured and commented."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import BadZipFile, ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from schemas import messages
from schemas.findings import CellRef, Severity, cells_in
from schemas.grid import OWN_AUTHOR
from schemas.models import OrgUnit
from schemas.workbook import Book, Sheet, open_workbook
from warehouse.contents import CountyCopy, FiledFinding
from warehouse.publish.edition import Edition
from warehouse.publish.figures import display_lines, printable
from warehouse.publish.review import write_review
from warehouse.publish.seal import seal
from warehouse.publish.sheets import SEVERITY_FILLS
from warehouse.publish.told import Told

_LARGEST = 64 * 2**20  # bytes unpacked: what openpyxl handles within seconds and with little memory
_OWN_COLOURS = frozenset(f"00{colour.removeprefix('#')}" for colour in SEVERITY_FILLS.values())
_COMMENT_COLUMNS, _COMMENT_WIDTH, _COMMENT_LINE = 44, 330, 18


@dataclass(frozen=True)
class MarkedCopy:
    """A copy as published; `marked` is False where what was found could not be put into it."""

    content: bytes
    marked: bool


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
        return MarkedCopy(self.copy.content, marked=False)


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
    """The workbook of a county with its findings in it.

    Formulas, styles, validations and protection stay as they were. A return without findings goes
    back as it came; so does an original that is no .xlsx, is damaged or too large to be marked.
    """
    findings = [f for f in edition.findings_of(county) if f.sha256 == copy.sha256]
    was_marked = _was_marked(copy, edition)
    if not findings and not was_marked:
        return MarkedCopy(copy.content, marked=True)
    unmarked = MarkedCopy(copy.content, marked=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of Excel extensions it does not keep
        # openpyxl raises whatever its parsers meet in a file that Excel did not make.
        try:
            book, stored = _opened(copy)
        except Exception:
            return unmarked
        if was_marked:
            _clean(book, edition)
        _colour_all(book, findings)
        for cell, filed in _by_cell(book, findings).items():
            _mark(cell, filed, edition)
        write_review(book, edition, county, copy.file_name, findings)
        try:
            saved = _saved(book)
        except Exception:
            return unmarked
    return MarkedCopy(seal(saved, _stored(book, stored), edition.contents.as_of), marked=True)


def _was_marked(copy: CountyCopy, edition: Edition) -> bool:
    """Whether the county has sent back a marked copy, whose marks are those of an earlier night."""
    try:
        with ZipFile(BytesIO(copy.content)) as archive:
            return edition.words("review").encode() in archive.read("xl/workbook.xml")
    except (BadZipFile, KeyError):
        return False


def _opened(copy: CountyCopy) -> tuple[Workbook, Book]:
    """The workbook with its formulas, and what their values are."""
    with ZipFile(BytesIO(copy.content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > _LARGEST:
            raise BadZipFile("too large to be marked")
    macros = PurePosixPath(copy.file_name).suffix.lower() == ".xlsm"
    book = load_workbook(BytesIO(copy.content), keep_vba=macros, rich_text=True)
    return book, open_workbook(copy.content, copy.file_name)


def _saved(book: Workbook) -> bytes:
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def _clean(book: Workbook, edition: Edition) -> None:
    """Take out the marks of an earlier night, when a county corrected its marked copy."""
    if (name := edition.words("review")) in book.sheetnames:
        del book[name]
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                own = cell.comment is not None and cell.comment.author == OWN_AUTHOR
                if own:
                    cell.comment = None
                if own or cell.fill.fgColor.rgb in _OWN_COLOURS:
                    cell.fill = PatternFill()


def _colour_all(book: Workbook, findings: Sequence[FiledFinding]) -> None:
    """Colour what findings of many lines are about; the first of them get comments, too."""
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    for filed in reversed(findings):  # the gravest come first, and stay
        fill = _fill(filed.finding.severity)
        for reference in cells_in(filed.finding.areas):
            if (sheet := sheets.get(reference.sheet)) is not None:
                _top_left(sheet, reference).fill = fill


def _by_cell(book: Workbook, findings: Sequence[FiledFinding]) -> dict[Cell, list[FiledFinding]]:
    """The findings of each cell, the gravest first; cells that the workbook lacks are left out."""
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    found: dict[Cell, list[FiledFinding]] = {}
    for filed in findings:
        for reference in filed.finding.cells:
            if (sheet := sheets.get(reference.sheet)) is not None:
                found.setdefault(_top_left(sheet, reference), []).append(filed)
    return found


def _top_left(sheet: Worksheet, reference: CellRef) -> Cell:
    """The cell that shows: of a merged area, its first one."""
    cell = sheet[reference.address]
    if isinstance(cell, MergedCell):
        area = next(a for a in sheet.merged_cells.ranges if reference.address in a)
        cell = sheet.cell(area.min_row, area.min_col)
    assert isinstance(cell, Cell), reference
    return cell


def _mark(cell: Cell, findings: Sequence[FiledFinding], edition: Edition) -> None:
    """Colour a cell by its gravest finding and say what is wrong, under what the county wrote."""
    gravest = min(list(Severity).index(filed.finding.severity) for filed in findings)
    cell.fill = _fill(list(Severity)[gravest])
    paragraphs = [_paragraph(filed, edition) for filed in findings]
    if cell.comment is not None:
        paragraphs.insert(0, cell.comment.text)
    text = printable("\n\n".join(paragraphs))
    comment = Comment(text, OWN_AUTHOR)
    comment.width = _COMMENT_WIDTH
    comment.height = _COMMENT_LINE * (display_lines(text, _COMMENT_COLUMNS) + 1)
    cell.comment = comment


def _fill(severity: Severity) -> PatternFill:
    return PatternFill("solid", fgColor=SEVERITY_FILLS[severity].removeprefix("#"))


def _paragraph(filed: FiledFinding, edition: Edition) -> str:
    severity = edition.words.severity(filed.finding.severity)
    name = messages.name(filed.finding, edition.language)
    heading = edition.words("comment_heading", severity=severity, name=name)
    told = Told(edition, filed)
    return "\n".join(filter(None, (heading, told.fact, told.diagnosis, told.remedy)))


def _stored(book: Workbook, stored: Book) -> Mapping[str, Sheet]:
    """By archive path, the sheets as they came, with what each formula last came to."""
    sheets = {sheet.name: sheet for sheet in stored.sheets}
    return {
        sheet.path.removeprefix("/"): sheets[sheet.title]
        for sheet in book.worksheets
        if sheet.title in sheets
    }
