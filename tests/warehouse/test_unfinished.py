"""A night that was cut off while it recorded is known, with all of its files, until it is over."""

from schemas.filing import Received
from tests.warehouse.conftest import House
from warehouse.judging.closings import Turn, turn_period
from warehouse.judging.reviews import Decision
from warehouse.loading.load import keep
from warehouse.upkeep.unfinished import Unfinished, unfinished

XI, FENXI = "141031", "141034"


def kept(house: House, *contents: bytes, night: int) -> None:
    with house.engine.begin() as connection:
        for content in contents:
            received = Received(f"{content.decode()}.xlsx", content, "folder", "somebody")
            keep(connection, received, house.night(night))


def cut_off(house: House) -> Unfinished | None:
    with house.engine.connect() as connection:
        return unfinished(connection, house.scheme)


def test_the_files_of_a_night_that_was_cut_off_are_all_there_in_their_order(house: House) -> None:
    assert cut_off(house) is None
    kept(house, b"before", night=1)
    house.submit(house.filing("pv", XI), content=b"before", name="before.xlsx")
    assert cut_off(house) is None
    house.publish()

    kept(house, b"first", b"second", b"third", night=2)
    assert cut_off(house) is None  # nothing of it is recorded
    house.submit(house.filing("pv", FENXI), content=b"second", name="second.xlsx", night=2)
    kept(house, b"later", night=3)
    left = cut_off(house)
    assert left is not None
    assert left.at == house.night(2)
    assert [file.name for file in left.files] == ["first.xlsx", "second.xlsx", "third.xlsx"]
    assert {(file.channel, file.sender) for file in left.files} == {("folder", "somebody")}


def test_it_is_over_once_something_was_published_or_decided_since(house: House) -> None:
    kept(house, b"left", night=1)
    house.submit(house.filing("pv", XI))
    assert cut_off(house) is not None
    with house.engine.begin() as connection:
        decision = Decision("final", "Wang Min", house.night(2))
        turn_period(connection, house.scheme.period("2015"), Turn.CLOSED, decision)
    assert cut_off(house) is None


def test_what_huizong_failed_on_in_a_night_that_was_published_is_of_the_next(house: House) -> None:
    kept(house, b"poison", night=1)
    house.submit(house.filing("pv", XI))
    house.publish()
    assert cut_off(house) is None


def test_another_scheme_does_not_go_on_with_it(house: House) -> None:
    kept(house, b"left", night=1)
    house.submit(house.filing("pv", XI))
    other = house.scheme.model_copy(update={"fingerprint": "another"})
    with house.engine.connect() as connection:
        assert unfinished(connection, other) is None
