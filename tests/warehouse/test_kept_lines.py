from schemas.consolidated.figures import Source, wanted_lines
from schemas.filing import ROW
from tests.warehouse.conftest import House
from warehouse.lines.kept_lines import accepted_lines

XI, FENXI = "141031", "141034"


def register(house: House, county: str = XI, **persons: int) -> None:
    lines = [{"hh_no": no, "persons": count, "head_name": "某"} for no, count in persons.items()]
    house.submit(house.filing("hh_register", county, *lines), name=f"{county}{persons}.xlsx")


def test_members_want_the_lines_of_their_households_and_nothing_personal(house: House) -> None:
    members = house.filing("hh_member", XI, {"hh_no": "A", "person_no": "1", "relation": "head"})
    of = Source("hh_register", XI, "2015")
    wanted = wanted_lines(house.scheme, [members])
    assert wanted == {of: {"hh_no", "persons"}}
    assert wanted_lines(house.scheme, [members, house.filing("hh_register", XI)]) == {}

    with house.engine.connect() as connection:
        assert accepted_lines(connection, house.scheme, wanted) == ()
    register(house, A=2, B=3)
    register(house, FENXI, C=4)
    with house.engine.connect() as connection:
        (kept,) = accepted_lines(connection, house.scheme, wanted)
        personal = accepted_lines(connection, house.scheme, {of: frozenset({"head_name"})})
    assert Source.of(kept) == of
    assert kept.frame["hh_no"].tolist() == ["A", "B"]
    assert kept.frame["persons"].tolist() == [2, 3]
    assert kept.frame[ROW].tolist() == [5, 6]
    assert kept.frame["head_name"].isna().all()
    assert personal == ()
