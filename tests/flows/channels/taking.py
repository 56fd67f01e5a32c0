"""Taking in from a channel by its settings, and what was kept."""

import pytest
from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from flows.arrivals import take_in
from flows.channels.arrival import Taken
from flows.configuration.ways import AnyWay
from flows.house import House
from warehouse.tables import receipts


def way(**settings: object) -> AnyWay:
    read: AnyWay = TypeAdapter(AnyWay).validate_python(settings)
    return read


def take(house: House, **settings: object) -> Taken:
    return take_in(house, way(**settings), house.moment())


def take_in_vain(house: House, **settings: object) -> None:
    """Take in from a channel where nothing can be kept."""
    at = house.moment()
    with house.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE receipts")
    with pytest.raises(OperationalError):
        take_in(house, way(**settings), at)


def kept(house: House) -> list[tuple[str, str, str | None]]:
    columns = (receipts.c.channel, receipts.c.name, receipts.c.sender)
    with house.engine.connect() as connection:
        rows = connection.execute(select(*columns).order_by(receipts.c.name))
        return [(row.channel, row.name, row.sender) for row in rows]
