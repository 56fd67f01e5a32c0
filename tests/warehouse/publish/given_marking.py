"""Marks to be put into workbooks, the list that comes in front of them, and how all is read."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from schemas.answers import FindingRef, ListStamp, read_answers
from schemas.findings import CellRef, Severity
from schemas.grid import Place, Sheet
from schemas.models import Scheme
from schemas.workbook import open_workbook
from warehouse.consolidation.contents import CountyCopy
from warehouse.publish.copies import marked_copy
from warehouse.publish.edition import Edition
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


def answers_in(content: bytes) -> list[tuple[FindingRef | None, str, str]]:
    """What people wrote into the list in front: about which finding, what, and in which cell."""
    read = read_answers(open_workbook(content, "报表"))
    assert read is not None
    assert read.stamp == STAMP
    return [(answer.about, answer.text, answer.cell.address) for answer in read.answers]


def given_back(edition: Edition, scheme: Scheme, name: str, content: bytes, cell: CellRef) -> bytes:
    """The copy that 汾西县 gets of a workbook, of which one finding of a night is about a cell."""
    county = scheme.county("141034")
    filed = edition.findings_of(county)[0]
    moved = replace(filed, finding=filed.finding.model_copy(update={"cells": (cell,)}))
    of_night = Edition(replace(edition.contents, findings=(moved,)), "zh")
    copy = marked_copy(of_night, county, CountyCopy(name, str(filed.sha256), content))
    assert copy.unmarked is None
    assert read_answers(open_workbook(copy.content, name)) is not None
    return copy.content


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
