"""Who may see and do what, tried on a real PostgreSQL as a member of each group."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from decimal import Decimal

import pytest
from sqlalchemy import Connection, Engine, make_url, text
from sqlalchemy.exc import DBAPIError

from schemas.errors import WarehouseError
from schemas.models import Scheme
from tests.databases import PERSON_KEY, create_database, opened
from tests.few import with_forms
from tests.warehouse.conftest import House
from warehouse.mart.contract import contract
from warehouse.tracing.trace import trace
from warehouse.tracing.traced_lines import TracedFigure
from warehouse.upkeep.grants import LOADER, READER, STEWARD, grants
from warehouse.upkeep.upgrade import downgrade, require_current, require_stored, upgrade

XI = "141031"
PERSON = {"head_name": "张三丰", "head_id": "142632197001011234", "phone": "13903571234"}


@pytest.fixture(scope="module")
def granted(postgres_url: str, postgres_template: str, few: Scheme) -> Iterator[House]:
    """A published warehouse with a household in it, and a member of each group beside it."""
    url = create_database(postgres_url, "granted", template=postgres_template)
    with opened(url, PERSON_KEY) as engine:
        house = House(engine, few)
        house.submit(house.filing("hh_register", XI, {"hh_no": "1", "persons": 3, **PERSON}))
        house.submit(house.filing("reduction", XI, {"task": Decimal(5)}), name="task")
        house.publish()
        with engine.begin() as connection:
            for statement in (*grants(few), *grants(few)):
                connection.exec_driver_sql(statement.replace("%", "%%"))
            for role in (READER, STEWARD, LOADER):
                connection.exec_driver_sql(f"CREATE ROLE a_{role} LOGIN IN ROLE {role}")
        yield house
        with engine.begin() as connection:
            for role in (READER, STEWARD, LOADER):
                connection.exec_driver_sql(f"DROP ROLE a_{role}")


def as_member(house: House, role: str) -> AbstractContextManager[Engine]:
    url = make_url(house.engine.url).set(username=f"a_{role}", password=None)
    return opened(url.render_as_string(hide_password=False), PERSON_KEY)


@pytest.fixture
def reader(granted: House) -> Iterator[Connection]:
    with as_member(granted, READER) as engine, engine.connect() as connection:
        yield connection


ASKED = [
    "SELECT * FROM mart.observations WHERE form = 'reduction' AND period = '2015'",
    "SELECT county_name, task FROM mart.reduction ORDER BY task DESC NULLS LAST LIMIT 5",
    "SELECT period, avg(value) FROM mart.observations GROUP BY period HAVING count(*) > 1",
    "SELECT *, rank() OVER (PARTITION BY measure ORDER BY value) FROM mart.observations",
    "WITH late AS (SELECT * FROM mart.completeness WHERE days_late > 0) SELECT count(*) FROM late",
    "SELECT * FROM mart.findings JOIN mart.counties USING (county_code)",
    "SELECT * FROM mart.calendar WHERE starts <= current_date",
    "SELECT DISTINCT form, measure FROM mart.measures UNION SELECT form, cause FROM mart.revisions",
    "EXPLAIN SELECT * FROM mart.history",
    "SELECT table_name FROM information_schema.tables WHERE table_schema = 'mart'",
    "SELECT col_description('mart.reduction'::regclass, 1), version()",
    "SHOW server_version",
    "SET statement_timeout = '30s'",
    "BEGIN READ ONLY",
]


@pytest.mark.parametrize("statement", ASKED)
def test_a_dashboard_may_ask_the_contract_anything(reader: Connection, statement: str) -> None:
    reader.exec_driver_sql(statement)


def test_a_dashboard_sees_every_view(reader: Connection, few: Scheme) -> None:
    for view in contract(few):
        reader.exec_driver_sql(f"SELECT * FROM mart.{view.name} LIMIT 1")


REFUSED = [
    # what was received, decided and kept
    *(
        f"SELECT * FROM public.{table}"
        for table in (
            "submissions", "receipts", "filings", "findings", "check_results", "explanations",
            "reviews", "terms", "publications", "published_figures", "published_findings",
            "published_views", "upgrades", "alembic_version", "owed", "org_units", "periods",
            "forms", "indicators", "personal_accesses", "form_reduction", "form_hh_register",
            "form_hh_member",
        )
    ),
    # ways around
    "SELECT * FROM personal.personal_hh_member",
    "SELECT head_name FROM personal.personal_hh_register",
    "COPY personal.personal_hh_register TO STDOUT",
    "COPY (SELECT content FROM public.submissions) TO STDOUT",
    "COPY (SELECT 1) TO '/tmp/huizong.txt'",
    "COPY (SELECT 1) TO PROGRAM 'cat'",
    "SELECT pg_read_file('PG_VERSION')",
    "SELECT pg_ls_dir('.')",
    "SELECT lo_create(0)",
    "SELECT lo_from_bytea(0, 'x')",
    "SELECT rolpassword FROM pg_authid",
    "SELECT current_setting('config_file')",
    f"SET ROLE {LOADER}",
    f"SET ROLE {STEWARD}",
    "SET SESSION AUTHORIZATION postgres",
    "LOCK TABLE mart.observations IN EXCLUSIVE MODE",
    # writing
    "INSERT INTO mart.counties VALUES ('1', 'x')",
    "UPDATE mart.calendar SET closed = true",
    "DELETE FROM mart.publications",
    "UPDATE public.published_figures SET value = 0",
    "DELETE FROM public.filings",
    "TRUNCATE public.published_figures",
    "DROP VIEW mart.observations",
    "ALTER VIEW mart.observations RENAME TO mine",
    "CREATE OR REPLACE VIEW mart.counties AS SELECT 1",
    "COMMENT ON VIEW mart.counties IS 'x'",
    # making
    "CREATE TABLE mart.mine (a int)",
    "CREATE TABLE public.mine (a int)",
    "CREATE TEMPORARY TABLE mine (a int)",
    "CREATE SCHEMA mine",
    "CREATE FUNCTION mart.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE ROLE mine",
    "CREATE EXTENSION adminpack",
    "CREATE DATABASE mine",
    f"GRANT {LOADER} TO CURRENT_USER",
    "REASSIGN OWNED BY postgres TO CURRENT_USER",
    "ALTER SYSTEM SET fsync = off",
    "ALTER ROLE postgres SUPERUSER",
    "DO $$ BEGIN PERFORM 1 FROM public.filings; END $$",
]  # fmt: skip


@pytest.mark.parametrize("statement", REFUSED)
def test_a_dashboard_may_do_nothing_else(reader: Connection, statement: str) -> None:
    with pytest.raises((DBAPIError, WarehouseError)) as refused:
        reader.exec_driver_sql(statement)
    told = str(refused.value)
    assert any(
        word in told for word in ("denied", "must be", "cannot", "Only roles", "not available")
    ), told


def test_a_reader_who_looks_further_is_told_what_he_is(reader: Connection, few: Scheme) -> None:
    for look in (require_current, require_stored, upgrade):
        with pytest.raises(WarehouseError, match="sees published figures alone"):
            look(reader.engine, few)


def test_what_a_role_may_not_do_is_told_in_one_line(reader: Connection) -> None:
    with pytest.raises(WarehouseError) as refused:
        reader.exec_driver_sql("SELECT content FROM public.submissions")
    assert str(refused.value) == (
        "permission denied for schema public: this user of the database may not do that; "
        "`huizong warehouse grants` prints who may do what"
    )


def test_what_an_upgrade_makes_anew_is_read_whoever_said_who_may(
    granted: House, postgres_url: str, few: Scheme
) -> None:
    """An administrator of the server says it; the views are made by the owner of the database."""
    one = with_forms(few, {"reduction"})
    url = make_url(create_database(postgres_url, "owned"))
    with opened(url.render_as_string(hide_password=False)) as as_administrator:
        with as_administrator.begin() as connection:
            connection.exec_driver_sql("CREATE ROLE an_owner LOGIN")
            connection.exec_driver_sql("ALTER DATABASE owned OWNER TO an_owner")
        with opened(url.set(username="an_owner", password=None).render_as_string()) as owner:
            upgrade(owner, one)
            with as_administrator.begin() as connection:
                for statement in grants(one):
                    connection.exec_driver_sql(statement.replace("%", "%%"))
            downgrade(owner, "0013")
            upgrade(owner, one)
            with as_member(House(owner, one), READER) as reader, reader.connect() as connection:
                connection.exec_driver_sql("SELECT * FROM mart.reduction")
            upgrade(owner, few)  # which has persons, in a schema that the administrator has made


def test_no_personal_value_can_be_read_by_any_group(granted: House, few: Scheme) -> None:
    for role in (READER, STEWARD, LOADER):
        with as_member(granted, role) as engine, engine.connect() as connection:
            seen = []
            for view in contract(few):
                rows = connection.exec_driver_sql(f"SELECT * FROM mart.{view.name}").all()
                seen.append(repr(rows))
            assert not any(value in "".join(seen) for value in PERSON.values())
            with pytest.raises(WarehouseError, match="denied"):
                connection.exec_driver_sql("SELECT * FROM personal.personal_hh_register")


def test_a_steward_sees_what_was_received_but_no_file(granted: House) -> None:
    with as_member(granted, STEWARD) as engine, engine.connect() as connection:
        names = connection.exec_driver_sql("SELECT name FROM submissions ORDER BY name").scalars()
        assert list(names) == ["return.xlsx", "task"]
        with pytest.raises(WarehouseError, match="denied"):
            connection.exec_driver_sql("SELECT content FROM submissions")


def test_a_steward_traces_what_is_no_count_of_persons(granted: House, few: Scheme) -> None:
    figure = TracedFigure("hh_register", "households", "2015", XI)
    with as_member(granted, STEWARD) as engine, engine.connect() as connection:
        found = trace(connection, few, figure, granted.night(1))
    assert found.value == 1
    assert found.adds_up


def test_a_loader_records_and_publishes_and_alters_nothing(granted: House) -> None:
    with as_member(granted, LOADER) as engine:
        house = House(engine, granted.scheme)
        line = {"hh_no": "2", "persons": 4, **PERSON}
        (outcome,) = house.submit(house.filing("hh_register", "141034", line), name="b", night=2)
        assert outcome.status == "accepted"
        assert house.publish(night=2).serial == 2
        with engine.connect() as connection:
            households = text(
                "SELECT value FROM mart.observations WHERE form = 'hh_register' LIMIT 1"
            )
            connection.execute(households)
            with pytest.raises(WarehouseError, match="denied"):
                connection.exec_driver_sql("UPDATE filings SET status = 'refused'")
