"""Made-up households and their members, plausible and consistent, of no real person.

ID numbers follow GB 11643 in every digit: place, birth date, sex and check digit agree. They still
cannot be taken for real ones: their serials are 996 to 999, which the numbering kept for people
over a hundred, while nobody here is.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from schemas.language.id_number import check_character
from schemas.models import OrgUnit
from schemas.sample import draw

Sex = Literal["male", "female"]
_SEXES: tuple[Sex, Sex] = ("male", "female")

_SURNAMES = "王李张刘陈杨赵郭高任段乔贺冯薛景闫史曹梁"
_GIVEN: Mapping[Sex, str] = {
    "male": "建国强军伟民福贵永平明海俊峰志文双全保林",
    "female": "秀英兰芳梅玲翠萍改莲桂花爱琴彩云小燕丽娟",
}
_SERIALS: Mapping[Sex, tuple[int, int]] = {"male": (997, 999), "female": (996, 998)}
_OTHER_HOUSEHOLDS = 500_000
"""Households numbered above this are not those of a register made here."""
_SIZES = {1: 3, 2: 5, 3: 6, 4: 5, 5: 2}
"""How many households of a size there are to those of another."""
_OTHER: Mapping[Sex, Sex] = {"male": "female", "female": "male"}


@dataclass(frozen=True)
class Person:
    """Someone in a household; coded columns hold codes of the lists of the same name."""

    hh_no: str
    person_no: str
    member_name: str
    id_no: str
    relation: str
    sex: Sex
    education: str
    in_school: str
    health: str
    labour: str
    work_months: int


@dataclass(frozen=True)
class Household:
    """A household, its head first among the members."""

    hh_no: str
    members: tuple[Person, ...]

    @property
    def made(self) -> Mapping[str, str | int]:
        """What a register says of the household."""
        head = self.members[0]
        return {
            "hh_no": self.hh_no,
            "head_name": head.member_name,
            "head_id": head.id_no,
            "persons": len(self.members),
        }


@dataclass(frozen=True)
class _Role:
    relation: str
    sex: Sex
    age: int
    surname: str


def households(
    county: OrgUnit, count: int, on: date, persons: int | None = None
) -> tuple[Household, ...]:
    """So many made-up households of a county, as they are on a day; always the same ones.

    Where the number of `persons` is given the last households are made larger or smaller until
    it is met. Raises ValueError when so many persons cannot live in so many households.
    """
    sizes = [_size(_number(county, number)) for number in range(1, count + 1)]
    if persons is not None:
        _meet(sizes, persons)
    used: set[str] = set()
    return tuple(
        _household(county, number, size, on, used) for number, size in enumerate(sizes, start=1)
    )


def students(
    county: OrgUnit, count: int, on: date, taken: Collection[str]
) -> Iterator[Mapping[str, str | int]]:
    """So many made-up people of 18 or 19 from other households of a county than `households` makes.

    None has an ID number that is `taken`.
    """
    used = {id_no[:17] for id_no in taken}
    for number in range(1, count + 1):
        person_no = f"{county.code}{_OTHER_HOUSEHOLDS + number:06}03"
        place: draw.Place = ("student", person_no)
        sex = draw.one(_SEXES, (*place, "sex"))
        age = draw.whole(18, 19, (*place, "age"))
        role = _Role("child", sex, age, draw.one(_SURNAMES, (*place, "surname")))
        yield {
            "person_no": person_no,
            "member_name": _name(role, place),
            "id_no": _id_number(county, role, on, place, used),
        }


def _number(county: OrgUnit, number: int) -> str:
    return f"{county.code}{number:06}"


def _size(hh_no: str) -> int:
    return draw.weighted(_SIZES, ("household", hh_no, "size"))


def _meet(sizes: list[int], persons: int) -> None:
    """Change sizes by one each, from the last on and in as many rounds as it takes."""
    if not min(_SIZES) * len(sizes) <= persons <= max(_SIZES) * len(sizes):
        raise ValueError(f"{persons} persons do not live in {len(sizes)} households")
    missing = persons - sum(sizes)
    step = 1 if missing > 0 else -1
    while missing:
        for place in reversed(range(len(sizes))):
            if missing and sizes[place] + step in _SIZES:
                sizes[place] += step
                missing -= step


def _household(county: OrgUnit, number: int, size: int, on: date, used: set[str]) -> Household:
    hh_no = _number(county, number)
    roles = _roles(("household", hh_no), size)
    members = tuple(
        _person(county, hh_no, index, role, on, used) for index, role in enumerate(roles, start=1)
    )
    return Household(hh_no, members)


def _roles(place: draw.Place, size: int) -> list[_Role]:
    """Who lives together: one old person, a couple, or a couple with children and a parent."""
    sex: Sex = draw.weighted({"male": 5, "female": 1 if size == 1 else 0}, (*place, "sex"))
    surname, other = draw.shuffled(_SURNAMES, (*place, "surname"))[:2]
    age = draw.whole(*((50, 78) if size <= 2 else (32, 58)), (*place, "age"))
    roles = [_Role("head", sex, age, surname)]
    if size > 1:
        partner = age + draw.whole(-3, 2, (*place, "partner"))
        roles.append(_Role("spouse", _OTHER[sex], partner, other))
    youngest_parent = min(role.age for role in roles)
    for child in range(min(size, 4) - 2):
        gap = draw.whole(22, 26, (*place, "child", child)) + 3 * child
        child_age = max(0, youngest_parent - gap)
        child_sex = draw.one(_SEXES, (*place, "child sex", child))
        roles.append(_Role("child", child_sex, child_age, surname))
    if size > 4:
        parent_sex = draw.one(_SEXES, (*place, "parent sex"))
        parent_age = age + draw.whole(20, 28, (*place, "parent"))
        parent_name = surname if parent_sex == "male" else other
        roles.append(_Role("parent", parent_sex, parent_age, parent_name))
    return roles


def _person(
    county: OrgUnit, hh_no: str, index: int, role: _Role, on: date, used: set[str]
) -> Person:
    place: draw.Place = ("person", hh_no, index)
    schooling = _schooling(role.age, place)
    health = _health(role.age, place)
    labour = _labour(role.age, schooling, health, place)
    works = labour in ("ordinary", "skilled")
    return Person(
        hh_no=hh_no,
        person_no=f"{hh_no}{index:02}",
        member_name=_name(role, place),
        id_no=_id_number(county, role, on, place, used),
        relation=role.relation,
        sex=role.sex,
        education=_education(role.age, schooling, place),
        in_school=schooling,
        health=health,
        labour=labour,
        work_months=draw.whole(0, 10, (*place, "work")) if works else 0,
    )


def _name(role: _Role, place: draw.Place) -> str:
    given = draw.shuffled(_GIVEN[role.sex], (*place, "given"))
    return role.surname + "".join(given[: draw.whole(1, 2, (*place, "length"))])


def _id_number(county: OrgUnit, role: _Role, on: date, place: draw.Place, used: set[str]) -> str:
    """A number nobody else in the county has; the place is that of the year of birth."""
    born = date(on.year - role.age, 1, 1) + timedelta(draw.whole(0, 330, (*place, "born")))
    born = min(born, on)
    region = county.old_code if born.year < 2000 else county.code
    while True:
        for serial in _SERIALS[role.sex]:
            body = f"{region}{born:%Y%m%d}{serial}"
            if body not in used:
                used.add(body)
                return body + check_character(body)
        born -= timedelta(1)


def _schooling(age: int, place: draw.Place) -> str:
    if 6 <= age <= 11:
        return "primary"
    if 12 <= age <= 17:
        return "secondary"
    if 18 <= age <= 21 and draw.whole(1, 2, (*place, "studies")) == 1:
        return "higher"
    return "not_in_school"


def _education(age: int, schooling: str, place: draw.Place) -> str:
    """The schooling reached, by generation; a pupil's is the school attended."""
    if age < 6:
        return "preschool"
    if schooling == "secondary":
        return "junior" if age < 15 else "senior"
    if schooling != "not_in_school":
        return {"primary": "primary", "higher": "college"}[schooling]
    if age >= 60:
        return draw.weighted({"none": 4, "primary": 6, "junior": 1}, (*place, "education"))
    if age >= 40:
        return draw.weighted({"primary": 4, "junior": 6, "senior": 1}, (*place, "education"))
    return draw.weighted({"junior": 6, "senior": 3, "college": 1}, (*place, "education"))


def _health(age: int, place: draw.Place) -> str:
    frail = 6 if age >= 60 else 2 if age >= 40 else 1
    odds = {"healthy": 14, "chronic": 2 * frail, "serious": frail, "disabled": frail}
    return draw.weighted(odds, (*place, "health"))


def _labour(age: int, schooling: str, health: str, place: draw.Place) -> str:
    if age < 16 or age >= 70 or schooling != "not_in_school":
        return "none"
    if health in ("serious", "disabled"):
        return "lost"
    return draw.weighted({"ordinary": 6, "skilled": 1}, (*place, "labour"))
