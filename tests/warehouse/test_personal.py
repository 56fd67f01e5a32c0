"""The one door to persons, and their pseudonyms: who, why, when; one key, another, and none."""

import hmac
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from schemas.errors import WarehouseError
from tests.databases import PERSON_KEY
from tests.warehouse.conftest import FIRST_ROW, House
from warehouse.engine import KEY
from warehouse.form_tables import pseudonym_table
from warehouse.lines.personal import ALL_LINES, Access, look_up, tell_apart
from warehouse.lines.pseudonyms import pseudonyms_by_key, require_key
from warehouse.tables import personal_accesses

XI = "141031"
KING, LI = "11010519491231002X", "440524188001010014"
AT = datetime(2016, 1, 8, 9, 30, tzinfo=UTC)
ASKED = Access("王敏", "核对证件号码", AT)
UPGRADE = Access("huizong warehouse upgrade", "to make pseudonyms", AT)


@pytest.fixture
def register(house: House) -> House:
    """A warehouse with two households in it, on rows 5 and 6."""
    households = (
        {"hh_no": "1", "persons": 3, "head_name": "王五", "head_id": KING, "phone": "13903571234"},
        {"hh_no": "2", "persons": 2, "head_name": "李四", "head_id": LI},
    )
    house.submit(house.filing("hh_register", XI, *households))
    return house


def accesses(connection: Connection) -> list[tuple[object, ...]]:
    rows = connection.execute(select(personal_accesses).order_by(personal_accesses.c.id))
    return [(row.filing_id, row.line, row.read_by, row.why, row.read_at) for row in rows]


def pseudonyms(house: House) -> list[tuple[int, str]]:
    table = pseudonym_table(house.scheme.form("hh_register"))
    assert table is not None
    with house.engine.connect() as connection:
        rows = connection.execute(select(table).order_by(table.c.line))
        return [(row.line, row.head_id_pseudonym) for row in rows]


def test_one_line_is_told_and_who_looked_and_why_is_written_down(register: House) -> None:
    with register.engine.begin() as connection:
        person = look_up(connection, register.scheme, 1, FIRST_ROW + 1, ASKED)
    assert person.values == [("户主姓名", "李四"), ("户主证件号码", LI)]
    with register.engine.connect() as connection:
        assert accesses(connection) == [(1, 2, "王敏", "核对证件号码", AT)]


@pytest.mark.parametrize("access", [Access("", "why", AT), Access("who", "", AT)])
def test_the_database_opens_to_nobody_without_a_name_and_a_reason(
    register: House, access: Access
) -> None:
    with pytest.raises(IntegrityError), register.engine.begin() as connection:
        look_up(connection, register.scheme, 1, FIRST_ROW, access)
    with register.engine.connect() as connection:
        assert accesses(connection) == []


def test_what_is_not_there_is_said_and_not_noted(register: House) -> None:
    register.submit(register.filing("reduction", XI, {"task": 5}), name="task")
    for filing, row, told in (
        (9, FIRST_ROW, "there is no filing 9"),
        (1, 99, "filing 1 has no kept line in row 99"),
        (2, FIRST_ROW, "reduction has no personal data"),
    ):
        with (
            pytest.raises(WarehouseError, match=told),
            register.engine.begin() as connection,
        ):
            look_up(connection, register.scheme, filing, row, ASKED)
    with register.engine.connect() as connection:
        assert accesses(connection) == []


def test_lines_from_before_there_was_a_key_are_told_apart_by_it(register: House) -> None:
    kept = pseudonyms(register)
    with (
        register.engine.connect() as connection,
        pytest.raises(WarehouseError, match="run `huizong warehouse upgrade`"),
    ):
        require_key(connection, register.scheme)
    with register.engine.begin() as connection:
        forms = tell_apart(connection, register.scheme, UPGRADE)
    assert "hh_register" in {form.name for form in forms}
    assert pseudonyms(register) == kept
    with register.engine.connect() as connection:
        require_key(connection, register.scheme)
        assert accesses(connection) == [(1, ALL_LINES, UPGRADE.by, UPGRADE.why, AT)]
        assert tell_apart(connection, register.scheme, UPGRADE) == []


def test_a_date_has_the_pseudonym_of_how_it_is_written(register: House) -> None:
    with register.engine.connect() as connection:
        pseudonym = pseudonyms_by_key(connection)
    assert pseudonym(AT.date()) == pseudonym("2016-01-08")


@pytest.mark.parametrize("key", [b"short", b"as long as what is taken in at once, and longer" * 2])
def test_a_pseudonym_is_the_hmac_of_the_number_by_the_key(register: House, key: bytes) -> None:
    register.engine.update_execution_options(**{KEY: key})
    with register.engine.connect() as connection:
        told_apart = pseudonyms_by_key(connection)(KING)
    assert told_apart == hmac.digest(key, KING.encode(), "sha256").hex()


def test_another_key_gives_other_pseudonyms_and_leaves_none_of_the_first(register: House) -> None:
    with register.engine.begin() as connection:
        tell_apart(connection, register.scheme, UPGRADE)
    by_first = dict(pseudonyms(register))
    register.engine.update_execution_options(**{KEY: b"another" + PERSON_KEY})
    with register.engine.begin() as connection:
        with pytest.raises(WarehouseError, match="told apart by another key"):
            require_key(connection, register.scheme)
        tell_apart(connection, register.scheme, UPGRADE)
    by_second = dict(pseudonyms(register))
    assert by_second.keys() == by_first.keys() == {1, 2}
    assert not {*by_second.values()} & {*by_first.values()}


def test_without_a_key_nothing_that_names_persons_is_recorded(house: House) -> None:
    house.engine.update_execution_options(**{KEY: None})
    with pytest.raises(WarehouseError, match="opened without the key"):
        house.submit(house.filing("hh_register", XI, {"hh_no": "1", "head_id": KING}))
    house.submit(house.filing("reduction", XI, {"task": 5}))
