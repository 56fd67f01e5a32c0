"""What stands in the records of an .xls behind those of a chart."""

from pathlib import Path

from schemas.formats.biff_records import BOF, EOF, records
from schemas.formats.ole import CompoundFile
from schemas.workbook import open_workbook

CONTENT = (Path(__file__).parents[2] / "data" / "formats" / "marked.xls").read_bytes()


def test_comments_are_read_where_a_chart_lies_on_the_sheet() -> None:
    sheet = open_workbook(CONTENT, "报表.xls").sheets[0]
    assert sheet.notes == {(3, 1): "老张核实", (5, 1): "老李"}


def test_the_records_of_a_chart_are_none_of_the_sheet() -> None:
    stream = CompoundFile(CONTENT).stream("Workbook")
    sheet = stream.index(b"\x09\x08\x10\x00\x00\x06\x10\x00")
    kinds = [kind for kind, _, _ in records(stream, sheet)]
    assert (kinds.count(BOF), kinds.count(EOF)) == (1, 1)
