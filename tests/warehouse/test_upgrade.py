from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, insert, inspect, select, text

from schemas.errors import WarehouseError
from schemas.models import Form, Indicator, Scheme
from schemas.text import Text
from warehouse import tables
from warehouse.form_tables import line_table
from warehouse.upkeep.changes import Change, told
from warehouse.upkeep.current import REVISION
from warehouse.upkeep.upgrade import downgrade, require_current, upgrade

if TYPE_CHECKING:
    from tests.warehouse.conftest import House

XI = "141031"


def changed(scheme: Scheme, form_name: str, **fields: Any) -> Scheme:
    forms = tuple(
        Form.model_validate({**form.model_dump(), **fields}) if form.name == form_name else form
        for form in scheme.forms
    )
    return scheme.model_copy(update={"forms": forms})


def indicators(form: Form, of: str, fields: dict[str, Any]) -> tuple[Indicator, ...]:
    return tuple(i.model_copy(update=fields) if i.name == of else i for i in form.indicators)


def test_an_upgrade_makes_everything_and_the_next_one_nothing(bare: Engine, scheme: Scheme) -> None:
    with pytest.raises(WarehouseError, match="huizong warehouse upgrade"):
        require_current(bare, scheme)
    done = upgrade(bare, scheme)
    assert done[0] == Change(f"fixed tables brought from revision none to {REVISION}")
    assert Change("tables made", ("form_biogas",)) in done
    assert Change("tables made", ("personal_hh_register",)) in done
    assert upgrade(bare, scheme) == []
    require_current(bare, scheme)


def test_many_things_of_a_kind_are_counted_and_few_are_named() -> None:
    forms = [Change("tables made", (f"form_{number}",)) for number in range(9)]
    view = Change("views made", ("mart_pv",))
    assert list(told([forms[0], view, *forms[1:]])) == ["tables made: 9", "views made: mart_pv"]
    assert list(told([*forms[:2], Change("done")])) == ["tables made: form_0, form_1", "done"]


def test_the_migrations_make_the_tables_that_the_code_knows(bare: Engine, few: Scheme) -> None:
    upgrade(bare, few)
    fixed = set(tables.metadata.tables)
    with bare.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, _: kind != "table" or name in fixed,
            },
        )
        assert compare_metadata(context, tables.metadata) == []


def test_the_dimensions_say_what_the_scheme_says(house: House) -> None:
    with house.engine.connect() as connection:
        codes = connection.scalars(
            select(tables.org_units.c.code).order_by(tables.org_units.c.ordinal)
        ).all()
        survey = connection.scalars(
            select(tables.owed.c.county_code).where(tables.owed.c.form == "relocation_survey")
        ).all()
    assert codes == ["141000", *(unit.code for unit in house.scheme.counties)]
    assert len(survey) == 10


def test_a_new_column_is_added_and_old_lines_stay(house: House, few: Scheme) -> None:
    house.submit(house.filing("reduction", XI, {"task": 5}))
    form = few.form("reduction")
    label = Text(zh="新指标", en="New")
    new = Indicator(name="extra", label=label, kind="decimal", unit="wan_yuan", decimals=4)
    wider = changed(few, "reduction", indicators=(*form.indicators, new))
    done = upgrade(house.engine, wider)
    assert done[0] == Change("columns added", ("form_reduction.extra",))
    assert upgrade(house.engine, wider) == []
    with house.engine.connect() as connection:
        row = connection.execute(select(line_table(wider.form("reduction")))).one()
    assert (row.task, row.extra) == (5, None)


def test_a_new_form_gets_its_table_and_its_view(house: House, few: Scheme) -> None:
    form = few.form("pv").model_copy(update={"name": "pv2", "code": "R99"})
    done = upgrade(house.engine, few.model_copy(update={"forms": (*few.forms, form)}))
    assert Change("tables made", ("form_pv2",)) in done
    assert any(change.what == "views made" and change.names[0].endswith("pv2") for change in done)


def test_a_new_key_tells_lines_apart_from_then_on(house: House, few: Scheme) -> None:
    form = few.form("pv")
    wider = changed(few, "pv", indicators=indicators(form, "village", {"key": True}))
    (change,) = upgrade(house.engine, wider)
    assert str(change) == "lines told apart: form_pv by station_no and village"
    index = inspect(house.engine).get_indexes("form_pv")
    assert index[0]["column_names"] == ["filing_id", "station_no", "village"]


def test_a_duty_that_ended_is_taken_out(house: House, few: Scheme) -> None:
    freed = changed(few, "pv", owed=())
    assert Change("brought to the scheme", ("owed",)) in upgrade(house.engine, freed)
    with house.engine.connect() as connection:
        rows = connection.execute(select(tables.owed).where(tables.owed.c.form == "pv")).all()
    assert rows == []


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"unit": "person"}, "with unit kilowatt and the scheme says person"),
        ({"decimals": 4}, "with decimals 2 and the scheme says 4"),
        ({"kind": "text"}, "with kind decimal and the scheme says text"),
        ({"personal": True}, "with personal False and the scheme says True"),
        ({"name": "renamed"}, "no longer has it"),
    ],
)
def test_a_change_that_would_lose_figures_is_refused(
    house: House, few: Scheme, fields: dict[str, Any], told: str
) -> None:
    form = few.form("pv")
    other = changed(few, "pv", indicators=indicators(form, "capacity_kw", fields))
    with pytest.raises(WarehouseError, match=told):
        upgrade(house.engine, other)
    require_current(house.engine, few)


def test_a_form_that_the_scheme_dropped_is_refused(house: House, few: Scheme) -> None:
    without = few.model_copy(update={"forms": few.forms[1:]})
    with pytest.raises(WarehouseError, match="until when it was owed"):
        upgrade(house.engine, without)


def test_a_warehouse_of_a_newer_version_is_left_alone(house: House, few: Scheme) -> None:
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for call in (upgrade, require_current):
        with pytest.raises(WarehouseError, match="newer huizong"):
            call(house.engine, few)
    with pytest.raises(WarehouseError, match="newer huizong"):
        downgrade(house.engine, "0013")


def test_a_publication_from_before_the_contract_is_put_into_it(house: House, few: Scheme) -> None:
    house.submit(house.filing("reduction", XI, {"task": 5}))
    contents = house.contents()
    with house.engine.begin() as connection:
        row = {"period": "2015", "serial": 1, "as_of": contents.as_of, "folder": "0001"}
        was_of = {"scheme_version": "1", "scheme_fingerprint": "0", "files": {}}
        connection.execute(insert(tables.publications).values(**row, **was_of))
    (change,) = upgrade(house.engine, few)
    assert str(change) == "publications put into the contract: 2015/0001"
    mart = "mart." if house.engine.dialect.name == "postgresql" else "mart_"
    task = f"SELECT task FROM {mart}reduction WHERE county_code = '{XI}'"
    with house.engine.connect() as connection:
        assert connection.scalar(text(task)) == 5


def test_a_publication_of_a_period_for_which_nothing_is_owed_leaves_nothing_to_do(
    house: House, few: Scheme
) -> None:
    entries = [e.model_copy(update={"calls": ()}) if e.id == "2015" else e for e in few.periods]
    idle = few.model_copy(update={"periods": tuple(entries)})
    upgrade(house.engine, idle)
    replace(house, scheme=idle).publish()
    require_current(house.engine, idle)
    assert upgrade(house.engine, idle) == []


def test_lines_reported_before_a_view_changed_are_in_the_new_view(
    house: House, few: Scheme
) -> None:
    house.submit(house.filing("pv", XI, {"station_no": "1", "capacity_kw": Decimal("10.5")}))
    house.publish()
    form = few.form("pv")
    group = form.consolidated[0].model_copy(
        update={"measures": ("capacity_kw",), "prefix": "all_", "where": {}, "by": None}
    )
    more = changed(few, "pv", consolidated=(*form.consolidated, group))
    done = upgrade(house.engine, more)
    ((name,),) = (change.names for change in done if change.what == "views made")
    replace(house, scheme=more).publish(night=2)
    with house.engine.connect() as connection:
        total = connection.scalar(
            text(f"SELECT all_capacity_kw FROM {name} WHERE county_code = '141000'")
        )
    assert total == 10.5
