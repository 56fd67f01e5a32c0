from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.models import Indicator, Scheme, Unit
from schemas.text import Text
from schemas.typed.cells import Terms, TypedCell, type_cell
from schemas.workbook import CellError, PerCent, RawCell

LABEL = Text(zh="数", en="number")
COUNT = Indicator(name="count", label=LABEL, kind="integer", unit="person")
MONEY = Indicator(name="money", label=LABEL, kind="decimal", unit="wan_yuan", decimals=4)
SHARE = MONEY.model_copy(update={"computed": "a / b", "decimals": 2})
RATE = MONEY.model_copy(update={"unit": "percent", "decimals": 2})
DAY = Indicator(name="day", label=LABEL, kind="date")
WORDS = Indicator(name="words", label=LABEL, kind="text")
ID_NUMBER = WORDS.model_copy(update={"format": "id_number"})
PHONE = WORDS.model_copy(update={"format": "phone"})


def codes_of(typed: TypedCell) -> list[str]:
    return [problem.code for problem in typed.problems]


def typed(cell: RawCell, indicator: Indicator) -> TypedCell:
    return type_cell(cell, indicator, Terms())


@pytest.mark.parametrize("cell", ["", " ", "\u3000", "\n"])
@pytest.mark.parametrize("indicator", [COUNT, MONEY, DAY, WORDS])
def test_blank_is_unknown(cell: str, indicator: Indicator) -> None:
    assert typed(cell, indicator) == TypedCell(None)


@pytest.mark.parametrize("cell", ["—", "-", "－", "——", "无", " 无 ", "無", "None"])
def test_a_declared_nil_is_zero_and_known_as_nil(cell: str) -> None:
    assert typed(cell, COUNT) == TypedCell(Decimal(0), nil=True)
    assert typed(cell, MONEY) == TypedCell(Decimal("0.0000"), nil=True)
    assert typed(cell, DAY) == TypedCell(None, nil=True)


@pytest.mark.parametrize(
    ("cell", "value"),
    [(12.0, "12"), (0.0, "0"), (-3.0, "-3"), (12, "12"), (12.000000000000002, "12")],
)
def test_whole_numbers(cell: float, value: str) -> None:
    assert typed(cell, COUNT) == TypedCell(Decimal(value))


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("１２", "12"),
        ("1,234", "1234"),
        ("１，２３４", "1234"),
        (" 7 ", "7"),
        ("1〇○", "100"),
        ("-5", "-5"),
        ("−5", "-5"),
        ("12.0", "12"),
    ],
)
def test_text_that_is_a_number_is_converted_and_told(cell: str, value: str) -> None:
    found = typed(cell, COUNT)
    assert found.value == Decimal(value)
    assert codes_of(found) == ["value-converted"]
    assert found.problems[0].parameters == {"stated": cell.strip(), "kept": value}


@pytest.mark.parametrize(
    "cell", ["7(28)", "null", "一", "一千二", "1 2", "1,23", "1e3", "12,", True, time(3)]
)
def test_text_in_a_number_cell_is_refused_and_not_guessed(cell: RawCell) -> None:
    found = typed(cell, COUNT)
    assert (found.value, codes_of(found)) == (None, ["value-not-number"])


def test_a_date_in_a_number_cell_is_told_as_the_date() -> None:
    found = typed(date(2015, 1, 2), COUNT)
    assert found.problems[0].parameters == {"stated": "2015-01-02"}


def test_a_fraction_in_a_count_is_refused() -> None:
    found = typed(12.5, COUNT)
    assert (found.value, codes_of(found)) == (None, ["value-not-integer"])


@pytest.mark.parametrize(
    ("cell", "value"), [(0.1 + 0.2, "0.3000"), (1234.5678, "1234.5678"), (1e-7 * 3, "0.0000")]
)
def test_money_is_the_decimal_that_was_typed(cell: float, value: str) -> None:
    assert str(typed(cell, MONEY).value) == value


def test_more_decimals_than_the_form_has_are_rounded_half_up_and_told() -> None:
    found = typed(1.23455, MONEY)
    assert (found.value, codes_of(found)) == (Decimal("1.2346"), ["value-too-precise"])
    assert found.problems[0].parameters == {"decimals": "4", "stated": "1.23455", "kept": "1.2346"}


def test_a_computed_cell_is_rounded_without_a_word() -> None:
    assert typed(33.335, SHARE) == TypedCell(Decimal("33.34"))


PER_CENT = Terms(unit=Unit(label=Text(zh="%", en="%")))
WAN_YUAN = Unit(label=Text(zh="万元", en="10 000 yuan"))


@pytest.mark.parametrize(
    ("cell", "value", "seen"),
    [
        (PerCent(0.85), "85", "85%"),
        (PerCent(0.001), "0.1", "0.1%"),
        (PerCent(1), "100", "100%"),
        (PerCent(-0.0725), "-7.25", "-7.25%"),
        (PerCent(0), "0", "0%"),
    ],
)
def test_what_is_seen_as_per_cent_is_read_so_without_a_question(
    cell: PerCent, value: str, seen: str
) -> None:
    found = type_cell(cell, RATE, PER_CENT)
    assert (found.value, found.problems) == (Decimal(value), ())
    assert found.typed is not None
    assert found.typed.text == seen


def test_per_cent_can_be_stated_with_the_sign_and_below_one_not_without() -> None:
    assert type_cell("0.1%", RATE, PER_CENT).value == Decimal("0.1")
    assert codes_of(type_cell("0.1%", RATE, PER_CENT)) == ["value-unit-converted"]
    for cell in (0.1, 0.85, 1.0):
        assert codes_of(type_cell(cell, RATE, PER_CENT)) == ["value-share"]


@pytest.mark.parametrize("indicator", [COUNT, MONEY])
def test_per_cent_where_something_else_is_asked_for_are_refused(indicator: Indicator) -> None:
    found = typed(PerCent(0.5), indicator)
    assert (found.value, codes_of(found)) == (None, ["value-other-unit"])
    assert found.problems[0].parameters["stated"] == "50%"


@pytest.mark.parametrize(("cell", "value"), [("十二", 12), ("一千二百", 1200), ("二十万元", 20)])
def test_a_numeral_under_ten_thousands_is_no_other_unit(cell: str, value: int) -> None:
    assert type_cell(cell, MONEY, Terms(unit=WAN_YUAN)).value == value


@pytest.mark.parametrize("cell", ["20万", "二十万", "三千", "三万五千", "20千"])
def test_a_number_that_may_be_in_the_unit_or_in_a_part_of_it_is_refused(cell: str) -> None:
    assert codes_of(type_cell(cell, MONEY, Terms(unit=WAN_YUAN))) == ["value-other-unit"]


def test_a_magnitude_under_a_unit_without_one_is_clear() -> None:
    in_yuan = Terms(unit=WAN_YUAN, scale=Decimal("0.0001"))
    assert type_cell("20万", MONEY, in_yuan).value == 20


@pytest.mark.parametrize("cell", ["80①", "80⑴", "80²", "①", "80½"])
def test_the_number_of_a_footnote_is_no_digit(cell: str) -> None:
    assert codes_of(typed(cell, COUNT)) == ["value-not-number"]


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", "\u202d", "\u2060"])
def test_characters_that_nobody_sees_are_not_there(unseen: str) -> None:
    """Copying from a web page or a dialog of Windows brings them along."""
    assert typed(f"{unseen}80{unseen}", COUNT).value == 80
    assert typed(f"2015-12-31{unseen}", DAY).value == date(2015, 12, 31)
    assert typed(f"城关{unseen}镇", WORDS).value == "城关镇"
    assert typed(unseen, COUNT) == TypedCell()


@pytest.mark.parametrize("indicator", [COUNT, MONEY, DAY, WORDS])
def test_a_picture_in_a_cell_of_wps_is_no_value(indicator: Indicator) -> None:
    found = typed('=DISPIMG("ID_0A1B",1)', indicator)
    assert (found.value, codes_of(found)) == (None, ["value-picture"])


def test_a_number_beyond_what_excel_keeps_is_refused() -> None:
    assert codes_of(typed(1e300, COUNT)) == ["value-too-large"]
    assert codes_of(typed("9" * 30, COUNT)) == ["value-too-large"]


@pytest.mark.parametrize("indicator", [COUNT, MONEY, DAY, WORDS])
def test_a_formula_error_is_no_blank(indicator: Indicator) -> None:
    assert codes_of(typed(CellError.ERROR, indicator)) == ["value-error-cell"]


@given(st.decimals(-(10**9), 10**9, places=4))
def test_every_amount_survives_the_way_through_binary(amount: Decimal) -> None:
    assert typed(float(amount), MONEY) == TypedCell(amount)


@pytest.mark.parametrize("cell", [date(2015, 12, 31), datetime(2015, 12, 31, 8, 30)])
def test_dates_are_dates(cell: RawCell) -> None:
    assert typed(cell, DAY) == TypedCell(date(2015, 12, 31))


@pytest.mark.parametrize(
    "cell",
    [
        "2015-12-31",
        "2015.12.31",
        "2015/12/31",
        "20151231",
        20151231.0,
        "2015年12月31日",
        "２０１５年 12月31日",
        "2〇15-12-31",
        42369.0,
    ],
)
def test_other_ways_to_write_a_date_are_understood_and_told(cell: RawCell) -> None:
    found = typed(cell, DAY)
    assert (found.value, codes_of(found)) == (date(2015, 12, 31), ["value-date-converted"])


@pytest.mark.parametrize(
    "cell", ["2015-02-30", "2015.12", "2015", "年底", 123456.0, True, time(1), timedelta(days=1)]
)
def test_what_is_no_date_is_refused(cell: RawCell) -> None:
    found = typed(cell, DAY)
    assert (found.value, codes_of(found)) == (None, ["value-not-date"])


@pytest.mark.parametrize("cell", ["自主分散", " 自主分散迁移 ", "scattered", "自主 分散"])
def test_codes_by_any_of_their_spellings(scheme: Scheme, cell: str) -> None:
    indicator = scheme.form("relocation_progress")["mode"]
    assert type_cell(cell, indicator, Terms(scheme.codes(indicator))) == TypedCell("scattered")


def test_a_number_may_be_a_code(scheme: Scheme) -> None:
    indicator = scheme.form("hh_register")["want_move"]
    assert type_cell(1.0, indicator, Terms(scheme.codes(indicator))) == TypedCell("yes")


def test_what_is_not_in_the_list_is_refused_with_the_choices(scheme: Scheme) -> None:
    indicator = scheme.form("pv")["kind"]
    found = type_cell("集中式", indicator, Terms(scheme.codes(indicator)))
    assert codes_of(found) == ["value-not-in-list"]
    choices = Text(zh="村级、小型地面", en="village, small ground")
    assert found.problems[0].parameters == {"stated": "集中式", "choices": choices}


@pytest.mark.parametrize(
    ("cell", "value"), [(" 上庄村\n", "上庄村"), (12.0, "12"), (1.5, "1.5"), (True, "TRUE")]
)
def test_text_is_kept_as_it_is_seen(cell: RawCell, value: str) -> None:
    assert typed(cell, WORDS) == TypedCell(value)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("晋财农\n〔2015〕　105号", "晋财农〔2015〕105号"),
        ("Old \n bridge", "Old bridge"),
        (" 第 2 号 ", "第2号"),
    ],
)
def test_a_key_is_the_same_however_it_is_fitted_into_its_cell(cell: str, value: str) -> None:
    assert typed(cell, WORDS.model_copy(update={"key": True})) == TypedCell(value)
    assert typed(cell, WORDS) == TypedCell(cell.strip())


@pytest.mark.parametrize(
    "cell", ["14263619701004997x", "'14263619701004997Ｘ", "142636 19701004997X"]
)
def test_id_numbers_are_folded(cell: str) -> None:
    assert typed(cell, ID_NUMBER) == TypedCell("14263619701004997X")


@pytest.mark.parametrize("cell", [142636197010049970.0, "1.42636E+17", "1E+17"])
def test_an_id_number_stored_as_a_number_has_lost_digits(cell: RawCell) -> None:
    found = typed(cell, ID_NUMBER)
    assert found.value is None
    assert codes_of(found) == ["value-digits-lost"]


@pytest.mark.parametrize("cell", [13800000000.0, "13800000000", "１３８００００００００"])
def test_phones_are_text(cell: RawCell) -> None:
    assert typed(cell, PHONE) == TypedCell("13800000000")
