"""Reminders on the days around a deadline, to who owes, once."""

from datetime import UTC, datetime, timedelta

import pytest

from flows.configuration.ways import Contact
from flows.telling.reminding import reminders
from flows.telling.telling import Telling
from tests.flows.nights import Desk
from warehouse.judging.closings import Turn, turn_period
from warehouse.judging.reviews import Decision

NORTH = Contact(name="北岸", who="Northshore", mail=("clerk@north.example",))
STEWARDS = Contact(name="数据科", who="stewards", mail=("desk@example.cn",))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Northshore has reported its schools for 2014 and nothing else."""
    opened = Desk(tmp_path_factory.mktemp("reminding") / "site")
    opened.report("2014", pupils=100)
    opened.night()
    settings = opened.house.site.settings
    opened.house.site.settings = settings.model_copy(update={"tell": (NORTH, STEWARDS)})
    return opened


def on(desk: Desk, year: str, form: str, days: int) -> list[Telling]:
    """What is told so many days after the deadline of a form, if only that year was open."""
    scheme = desk.house.scheme
    entry = scheme.period(year)
    day = scheme.due(scheme.form(form), entry) + timedelta(days)
    at = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    return [each for each in reminders(desk.house, at) if each.notice.about.startswith(year)]


@pytest.mark.parametrize(
    ("days", "step"), [(-8, None), (-7, "-7"), (-2, "-7"), (-1, "-1"), (0, "-1"), (3, "+3")]
)
def test_a_county_is_reminded_of_what_it_owes_on_the_days_that_are_set(
    desk: Desk, days: int, step: str | None
) -> None:
    told = [each for each in on(desk, "2016", "school", days) if each.notice.recipient == "北岸"]
    assert [each.notice.about.split()[-1] for each in told] == ([] if step is None else [step])
    if told:
        form = desk.house.scheme.form("school")
        assert f"2016 {form.code} {form.title.en}: due" in told[0].message.text


def test_what_has_come_is_not_reminded_of(desk: Desk) -> None:
    told = on(desk, "2014", "school", 1)
    mine = [each for each in told if each.notice.recipient == "北岸"]
    assert mine
    title = desk.house.scheme.form("school").title.en
    assert all(title not in each.message.text for each in mine)


def test_stewards_are_told_who_still_owes_when_a_deadline_is_long_over(desk: Desk) -> None:
    (told,) = [each for each in on(desk, "2014", "school", 5) if each.notice.recipient == "数据科"]
    assert "5 days ago" in told.message.text
    school = desk.house.scheme.form("school").title.en
    lines = {line.split(":")[0]: line for line in told.message.text.splitlines()}
    assert school not in lines["- Northshore"]
    assert school in lines["- Stonebridge"]
    assert on(desk, "2014", "school", 30) == []


def test_the_same_reminder_has_the_same_name_on_every_day_until_the_next(desk: Desk) -> None:
    first, second = (on(desk, "2016", "school", days)[0].notice.about for days in (-7, -3))
    assert first == second


def test_nobody_is_reminded_of_a_period_that_a_steward_has_closed(desk: Desk) -> None:
    assert on(desk, "2015", "school", 1)
    with desk.house.engine.begin() as connection:
        decision = Decision("the yearbook", "Wang Min", desk.at)
        turn_period(connection, desk.house.scheme.period("2015"), Turn.CLOSED, decision)
    assert on(desk, "2015", "school", 1) == []
