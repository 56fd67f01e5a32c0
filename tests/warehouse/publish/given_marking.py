"""Marks to be put into workbooks, the list that comes in front of them, and how all is read."""

from collections.abc import Mapping
from datetime import UTC, datetime

from schemas.answers import FindingRef, ListStamp
from schemas.findings import CellRef, Severity
from schemas.grid import Place, Sheet
from schemas.workbook import open_workbook
from warehouse.publish.marks.marking import Marking, Review, ReviewColumn, ReviewLine

REVIEW = "审核结果"
WHAT = "【强制性】不符合审核关系\n请核对。"
RULE = "\n\n———— huizong ————\n"
COLUMNS = (
    ReviewColumn("severity", "等级", 11, True),
    ReviewColumn("cell", "单元格", 14, True),
    ReviewColumn("fact", "问题", 30, False),
    ReviewColumn("answer", "说明(由县填写)", 28, False),
)
STAMP = ListStamp("copy", "linfen", "2015", 3, "141031", "说明(由县填写)")

Cell = tuple[str, str]


def marking(
    colours: Mapping[Cell, Severity], comments: Mapping[Cell, str] | None = None
) -> Marking:
    """Marks for cells by sheet and address; each coloured one is listed in front."""
    refs = {CellRef(sheet=name, address=at): severity for (name, at), severity in colours.items()}
    lines = tuple(
        ReviewLine(("强制性", ref.address, f"问题{n}", ""), severity, ref, reference(n).written())
        for n, (ref, severity) in enumerate(refs.items())
    )
    heading = ("汾西县 审核结果", "强制性1条", "请在“说明”一栏填写。", "第3次发布")
    review = Review(REVIEW, heading, COLUMNS, STAMP.written(), lines)
    said = {CellRef(sheet=name, address=at): text for (name, at), text in (comments or {}).items()}
    return Marking(refs, said, review, "宋体", datetime(2015, 7, 1, tzinfo=UTC))


def reference(number: int) -> FindingRef:
    return FindingRef("a" * 64, str(number))


def sheets(content: bytes) -> Mapping[str, Sheet]:
    """The sheets of a workbook as returns are read, by their names."""
    return {sheet.name: sheet for sheet in open_workbook(content, "报表").sheets}


def filled(sheet: Sheet) -> Mapping[Place, object]:
    """The cells of a sheet that are not blank."""
    return {
        (row, column): cell
        for row, cells in enumerate(sheet.rows)
        for column, cell in enumerate(cells)
        if cell != ""
    }
