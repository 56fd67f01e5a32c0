"""What is read of a list of findings that came back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.answers import FindingRef, ListStamp, read_answers
from schemas.findings import CellRef
from schemas.grid import Book, RawCell, Sheet

STAMP = ListStamp("list", "linfen", "2015", 3, "141031", "说明(由县填写)")
REF = FindingRef("a" * 64, "0123456789abcdef")


def book(*rows: list[RawCell], name: str = "差异清单") -> Book:
    return Book("清单.xlsx", (Sheet(name, False, rows, ()),))


HEADINGS: list[RawCell] = ["序号", "问题", "说明(由县填写)", STAMP.written()]


def test_an_explanation_is_read_with_its_finding_and_cell() -> None:
    read = read_answers(book(["标题"], HEADINGS, [1.0, "x", " 受灾减产 ", REF.written()]))
    assert read is not None
    assert read.stamp == STAMP
    (answer,) = read.answers
    assert (answer.about, answer.text) == (REF, "受灾减产")
    assert answer.cell == CellRef(sheet="差异清单", address="C3")


def test_columns_and_rows_may_be_moved_and_brackets_changed() -> None:
    headings: list[RawCell] = [STAMP.written(), "说明（由县填写）", "新列"]
    read = read_answers(book(headings, ["", "", 1.0], [REF.written(), "原因", ""]))
    assert read is not None
    assert [(a.about, a.cell.address) for a in read.answers] == [(REF, "B3")]


def test_a_row_that_was_added_names_no_finding() -> None:
    read = read_answers(book(HEADINGS, ["", "", "还有一条", ""]))
    assert read is not None
    assert [answer.about for answer in read.answers] == [None]


def test_a_list_without_its_column_has_no_explanations() -> None:
    read = read_answers(book([HEADINGS[0], HEADINGS[3]], [1.0, REF.written()]))
    assert read is not None
    assert read.answers == ()


@pytest.mark.parametrize(
    "head",
    ["", "说明", "huizong-findings-1", "huizong-findings-1 {}", "huizong-findings-1 [1, 2]",
     'huizong-findings-1 ["other", "a", "b", 1, "c", "d"]',
     'huizong-findings-1 ["list", "a", "b", null, "c", "d"]',
     'huizong-findings-1 ["list", 1, "b", 1, "c", "d"]', 7.0],
)  # fmt: skip
def test_what_has_no_stamp_or_a_broken_one_is_no_list(head: RawCell) -> None:
    assert read_answers(book([head, "说明(由县填写)"], ["x", "y"])) is None


@given(st.sampled_from(["list", "copy"]), st.text(), st.text(), st.integers(), st.text(), st.text())
def test_a_stamp_is_read_as_written(
    kind: str, scheme: str, period: str, serial: int, county: str, heading: str
) -> None:
    stamp = ListStamp("list" if kind == "list" else "copy", scheme, period, serial, county, heading)
    assert ListStamp.read(stamp.written()) == stamp
