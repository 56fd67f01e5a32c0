"""Plant declared faults in the files that counties send."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from schemas.errors import SchemeError
from schemas.findings import CellRef
from schemas.layout import HEADING_ROW, Layout, address, lay_out
from schemas.models import Form, OrgUnit, Scheme
from schemas.period import Period
from schemas.rules.formulas import completed, totals
from schemas.sample.faults import (
    Cell,
    Document,
    Fault,
    Missing,
    OtherPeriod,
    Rival,
    Stranger,
    Truncated,
    Twice,
    WrongCell,
)
from schemas.sample.filled import Line
from schemas.sample.overtype import overtype
from schemas.template.template import write_workbook


@dataclass(frozen=True)
class Return:
    """What one county reports for one period: the lines of each form."""

    scheme: Scheme
    county: OrgUnit
    period: Period
    lines: Mapping[str, Sequence[Line]]

    def name(self, suffix: str = "") -> str:
        """The path of its file, below the folder that the sample is written to."""
        county = f"{self.county.code}-{self.county.name.zh}"
        return f"{self.period.id}/{county}-{self.period.id}{suffix}.xlsx"

    def workbook(self) -> bytes:
        """Its workbook."""
        return write_workbook(self.scheme, self.county, self.period, self.lines)


@dataclass(frozen=True)
class Planted:
    """What a fault makes of a county's files, and where it is to be seen.

    `files` are all that the county sends then, by path; `file` is the one with the fault.
    """

    fault: Fault
    files: Mapping[str, bytes]
    file: str
    cell: CellRef | None = None


def plant(fault: Fault, of: Return) -> Planted:
    """The county's files with the fault. Raises SchemeError when the wrong cell does not exist."""
    name, clean = of.name(), of.workbook()
    match fault:
        case WrongCell(cell=wrong):
            content, cell = _with(wrong, of)
            return Planted(fault, {name: content}, name, cell)
        case Truncated():
            return Planted(fault, {name: clean[: len(clean) // 2]}, name)
        case Document():
            return Planted(fault, {name: _document(fault.what.zh)}, name)
        case Missing():
            return Planted(fault, {}, name)
        case Stranger():
            other = _stranger(fault, of)
            return Planted(fault, {name: clean, other.name(): other.workbook()}, other.name())
        case OtherPeriod(other=period):
            late = replace(of, period=Period.parse(period))
            path = f"{of.period.id}/{late.name().partition('/')[2]}"
            return Planted(fault, {name: clean, path: late.workbook()}, path)
        case Twice(suffix=suffix):
            second = of.name(suffix)
            return Planted(fault, {name: clean, second: clean}, second)
        case Rival(suffix=suffix, cell=changed):
            second = of.name(suffix)
            content, cell = _with(changed, of)
            return Planted(fault, {name: clean, second: content}, second, cell)


def _with(wrong: Cell, of: Return) -> tuple[bytes, CellRef]:
    """The county's workbook with the wrong cell, and where that is.

    A number in an input column goes in before the workbook is written, so that its own sums follow
    as they would in Excel. Anything else is typed over in the finished workbook.
    """
    form = of.scheme.form(wrong.form)
    lines = of.lines.get(form.name, ())
    layout = lay_out(form, of.scheme, len(lines))
    _require_cell(wrong, layout, lines)
    cell = CellRef(sheet=form.sheet_name_in(of.scheme.language), address=_address(wrong, layout))
    value = _value(wrong, form, lines)
    computed = wrong.place != "value" or form[wrong.indicator].formula is not None
    if computed or isinstance(value, str):
        return overtype(of.workbook(), cell.sheet, cell.address, value), cell
    changed = list(lines)
    changed[wrong.line - 1] = {**changed[wrong.line - 1], wrong.indicator: value}
    return replace(of, lines={**of.lines, form.name: changed}).workbook(), cell


def _require_cell(wrong: Cell, layout: Layout, lines: Sequence[Line]) -> None:
    form, problem = layout.form, None
    if wrong.indicator not in form.by_name:
        problem = f"{wrong.indicator} is not a column of {form.name}"
    elif wrong.line > len(lines):
        problem = f"{form.name} has {len(lines)} lines, none numbered {wrong.line}"
    elif wrong.place == "total" and layout.total_row is None:
        problem = f"{form.name} has no total"
    elif wrong.add is not None and form[wrong.indicator].aggregation != "sum":
        problem = f"{wrong.indicator} has no sum to add to"
    if problem:
        raise SchemeError([f"sample/faults.yaml: {problem}"])


def _address(wrong: Cell, layout: Layout) -> str:
    column = layout.columns[layout.column(wrong.indicator)]
    if wrong.place == "heading":
        return address(layout.number_row - 1 if column.group else HEADING_ROW, column.index)
    if wrong.place == "total" and layout.total_row is not None:
        return address(layout.total_row, column.index)
    return address(layout.lines[wrong.line - 1], column.index)


def _value(wrong: Cell, form: Form, lines: Sequence[Line]) -> Decimal | str:
    """What stands in the wrong cell."""
    if wrong.put is not None:
        return wrong.put
    whole = [completed(form, line) for line in lines]
    right = totals(form, whole) if wrong.place == "total" else whole[wrong.line - 1]
    value = right[wrong.indicator]
    assert isinstance(value, Decimal), wrong
    assert wrong.add is not None, wrong
    return value + wrong.add


def _stranger(fault: Stranger, of: Return) -> Return:
    """The same return under the name of a county that is not in the scheme."""
    stranger = of.county.model_copy(update={"code": fault.code_of_stranger, "name": fault.name})
    scheme = of.scheme.model_copy(update={"counties": (stranger,)})
    return replace(of, scheme=scheme, county=stranger)


_XML = '<?xml version="1.0" encoding="UTF-8"?>'
_DOCX = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.wordprocessingml.document.main+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/officeDocument" Target="word/document.xml"/></Relationships>'
    ),
    "word/document.xml": (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
    ),
}


def _document(text: str) -> bytes:
    """A small .docx with one paragraph."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, xml in _DOCX.items():
            entry = zipfile.ZipInfo(part)  # of 1980, so that equal contents give equal bytes
            archive.writestr(entry, _XML + xml.replace("{text}", text))
    return content.getvalue()
