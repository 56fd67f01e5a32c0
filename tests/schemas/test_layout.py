import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from schemas.layout import address, column_letter, form_columns, lay_out
from schemas.models import Scheme

FORMS = [f"R{n:02}" for n in (1, 2, 4, 7, 10, 14, 15, 18, 22)]


@given(st.integers(0, 16383))
def test_columns_have_the_letters_of_excel(column: int) -> None:
    assert column_letter(column) == get_column_letter(column + 1)
    assert address(7, column) == f"{get_column_letter(column + 1)}8"


def test_labels_have_stems_and_numbers_say_what_they_are_made_of(scheme: Scheme) -> None:
    numbers = [column.number for column in form_columns(scheme.form("biogas"))]
    assert numbers == ["甲", "1", "2", "3", "4", "5", "6=1+4", "7=4÷2×100", "8", "9"]
    numbers = [column.number for column in form_columns(scheme.form("fund_arrival"))]
    assert numbers[:5] == ["甲", "乙", "丙", "1", "2"]
    assert numbers[-1] == "10=4-2"


@pytest.mark.parametrize("name", FORMS)
def test_every_indicator_has_one_column(scheme: Scheme, name: str) -> None:
    form = scheme.form(name)
    layout = lay_out(form, scheme)
    places = [layout.column(indicator.name) for indicator in form.indicators]
    assert places == sorted(set(places))
    assert places[-1] == layout.width - 1
    assert len(layout.thirds[0]) + len(layout.thirds[1]) + len(layout.thirds[2]) == layout.width


def test_a_form_with_one_line_has_the_county_first_and_no_total(scheme: Scheme) -> None:
    layout = lay_out(scheme.form("reduction"), scheme)
    assert layout.columns[0].heading.zh == "县(市、区)"
    assert (list(layout.lines), layout.total_row, layout.footer_row) == ([7], None, 8)


def test_a_form_with_printed_lines_has_its_total_last(scheme: Scheme) -> None:
    layout = lay_out(scheme.form("training"), scheme)
    assert list(layout.lines) == [6, 7, 8, 9, 10]
    assert (layout.total_row, layout.footer_row) == (11, 12)


def test_a_list_has_its_total_first_and_room_to_grow(scheme: Scheme) -> None:
    blank = lay_out(scheme.form("pv"), scheme)
    assert blank.total_row == 7
    assert blank.lines == range(8, 38)
    assert len(lay_out(scheme.form("pv"), scheme, lines=400).lines) == 410


def test_headings_take_a_second_row_only_for_groups(scheme: Scheme) -> None:
    assert lay_out(scheme.form("hh_register"), scheme).heading_depth == 1
    assert lay_out(scheme.form("biogas"), scheme).heading_depth == 2
