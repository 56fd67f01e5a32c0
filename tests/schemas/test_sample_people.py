"""The made-up households of the registers R14 and R15."""

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.language.expression import Value
from schemas.language.id_number import check_character
from schemas.models import OrgUnit, Scheme
from schemas.period import Period
from schemas.sample import sample_lines
from schemas.sample.people import Household, households
from schemas.scheme import CATALOG

LINFEN = CATALOG / "linfen"
END_OF_2015 = date(2015, 12, 31)

Line = Mapping[str, Value | None]
Register = tuple[OrgUnit, list[Line], list[Line]]


@pytest.fixture(scope="module")
def registers(scheme: Scheme) -> list[Register]:
    returns = sample_lines(scheme, LINFEN, Period.parse("2015"))
    return [
        (scheme.county(code), [*forms["hh_register"]], [*forms["hh_member"]])
        for code, forms in returns.items()
        if "hh_register" in forms
    ]


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])
def test_check_digit_of_the_numbers_printed_in_the_standard(number: str) -> None:
    assert check_character(number[:17]) == number[17]


@given(st.text("0123456789", min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 9))
def test_check_digit_tells_any_wrong_digit(body: str, place: int, off: int) -> None:
    wrong = body[:place] + str((int(body[place]) + off) % 10) + body[place + 1 :]
    assert check_character(wrong) != check_character(body)


def test_every_id_number_agrees_with_county_birth_and_sex(registers: list[Register]) -> None:
    for county, _, members in registers:
        for member in members:
            number = str(member["id_no"])
            born = date.fromisoformat(number[6:14])
            assert number[:6] == (county.old_code if born.year < 2000 else county.code)
            assert date(1910, 1, 1) < born <= END_OF_2015
            assert (int(number[16]) % 2 == 1) == (member["sex"] == "male")
            assert check_character(number[:17]) == number[17]


def test_no_id_number_is_used_twice_and_all_have_the_serials_of_nobody_that_age(
    registers: list[Register],
) -> None:
    numbers = [str(member["id_no"]) for _, _, members in registers for member in members]
    assert len(set(numbers)) == len(numbers)
    assert {number[14:17] for number in numbers} <= {"996", "997", "998", "999"}


def test_members_agree_with_the_register(registers: list[Register]) -> None:
    for _, register, members in registers:
        assert len(register) == 12
        for household in register:
            living = [member for member in members if member["hh_no"] == household["hh_no"]]
            heads = [member for member in living if member["relation"] == "head"]
            assert len(living) == household["persons"]
            assert [(head["member_name"], head["id_no"]) for head in heads] == [
                (household["head_name"], household["head_id"])
            ]
        assert {member["hh_no"] for member in members} == {line["hh_no"] for line in register}


def test_household_person_and_phone_numbers_are_unique(registers: list[Register]) -> None:
    for lines, name in [
        ([line for _, register, _ in registers for line in register], "hh_no"),
        ([line for _, register, _ in registers for line in register], "phone"),
        ([line for _, _, members in registers for line in members], "person_no"),
    ]:
        values = [line[name] for line in lines]
        assert len(set(values)) == len(values), name


def test_phones_have_a_prefix_of_no_operator(registers: list[Register]) -> None:
    phones = [str(line["phone"]) for _, register, _ in registers for line in register]
    assert all(len(phone) == 11 and phone.startswith("1540000") for phone in phones)


def test_age_school_health_and_work_agree(registers: list[Register]) -> None:
    for member in (member for _, _, members in registers for member in members):
        age = END_OF_2015.year - int(str(member["id_no"])[6:10])
        assert (member["education"] == "preschool") == (age < 6)
        assert member["in_school"] == "not_in_school" or 6 <= age <= 21
        works = member["labour"] in ("ordinary", "skilled")
        assert not works or (16 <= age < 70 and member["in_school"] == "not_in_school")
        assert works or member["work_months"] == 0
        assert (member["health"] in ("serious", "disabled")) <= (not works)


def test_children_are_younger_and_parents_older_than_the_head(registers: list[Register]) -> None:
    for _, _, members in registers:
        born = {
            str(m["hh_no"]): int(str(m["id_no"])[6:10]) for m in members if m["relation"] == "head"
        }
        for member in members:
            gap = int(str(member["id_no"])[6:10]) - born[str(member["hh_no"])]
            assert member["relation"] != "child" or gap >= 20
            assert member["relation"] != "parent" or gap <= -20


@pytest.fixture
def fenxi(scheme: Scheme) -> tuple[Household, ...]:
    return households(scheme.county("141034"), 40, END_OF_2015)


def test_a_larger_register_begins_with_the_smaller_one(
    scheme: Scheme, fenxi: tuple[Household, ...]
) -> None:
    assert households(scheme.county("141034"), 12, END_OF_2015) == fenxi[:12]


def test_households_of_every_size_from_1_to_5_come_up(fenxi: tuple[Household, ...]) -> None:
    assert {len(household.members) for household in fenxi} == {1, 2, 3, 4, 5}
