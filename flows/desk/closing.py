"""What a steward decides about periods: closing one, and reopening it, with a name and a reason."""

from pathlib import Path

from flows.configuration.settings import Site
from flows.desk.review import decision_at
from flows.house import House, closing_houses, look_into, open_house
from flows.lock import alone
from flows.moments import moment_of
from warehouse.engine import reading as looking
from warehouse.judging.closings import Closing, Turn, closing_history, turn_period


def listed(folder: Path, as_of: str | None) -> tuple[House, tuple[Closing, ...]]:
    """What was ever decided about periods, the oldest first."""
    with look_into(str(folder), as_of) as house, looking(house.engine) as connection:
        return house, closing_history(connection, moment_of(house.site, as_of))


def turn(folder: Path, period: str, turn: Turn, why: str, by: str) -> None:
    """Close or reopen a period. Raises SettingsError without a name and a reason, SchemeError for
    an unknown period, WarehouseError where it is so already.
    """
    with alone(Site(folder).folder), closing_houses():
        house = open_house(str(folder.resolve()))
        decision = decision_at(house, why, by)
        with house.engine.begin() as connection:
            turn_period(connection, house.scheme.period(period), turn, decision)
