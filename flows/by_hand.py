"""Steps of a night that a person asks for: taking in, reminding, publishing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from flows.configuration.settings import FILE_NAME, Site
from flows.house import closing_houses, open_house
from flows.lock import alone
from flows.moments import moment_of
from schemas.errors import SettingsError
from warehouse.engine import reading as looking
from warehouse.stewards.due import periods_begun
from warehouse.upkeep.turns import turn

if TYPE_CHECKING:  # it imports pandas, which takes longer than `huizong --help`
    from flows.channels.arrival import Taken


def collect(folder: Path) -> Iterator[Taken]:
    """Take in what stands in the channels, each as soon as it is asked for the next."""
    from flows import arrivals
    from flows.checking import reading

    with alone(Site(folder).folder), closing_houses():
        house = open_house(str(folder))
        reading.children.prepare()
        yield from arrivals.take_in_all(house, house.moment())


def remind(folder: Path) -> Iterator[str]:
    """Send the reminders of the day that were not sent yet; what became of each, line by line.

    Raises SettingsError at the end where some could not be.
    """
    from flows.console import OUTSIDE_ERRORS, reason
    from flows.telling import reminding, telling

    failures: list[str] = []
    with closing_houses():
        house = open_house(str(folder))
        if not house.site.settings.tell:
            yield f"{house.site.folder / FILE_NAME}: no [[tell]] names whom to tell"
            return
        for each in reminding.reminders(house, house.moment()):
            whom = f"{each.notice.recipient}: {each.message.subject}"
            try:
                yield f"{whom}: {'told' if telling.tell(house, each) else 'was told before'}"
            except OUTSIDE_ERRORS as error:
                failures.append(f"{whom}: {reason(error)}")
    if failures:
        raise SettingsError("not everybody could be reminded:\n" + "\n".join(failures))


def publish(
    folder: Path, period: str | None, to: str | None = None, as_of: str | None = None
) -> Iterator[Path]:
    """Publish what the warehouse holds: for all periods for which something came, one, or a range.

    Where a moment is stated, the last publication up to then is made anew. Raises WarehouseError
    when that does not give the same bytes.
    """
    from flows import process

    with alone(Site(folder).folder), closing_houses():
        house = open_house(str(folder))
        with looking(house.engine) as connection:
            begun = periods_begun(connection, house.scheme)
        ids = house.scheme.newest_first(period, to or period) if period else begun
        with turn(house.engine):
            if as_of is not None:
                for each in ids:
                    yield from process.publish_again(house, each, moment_of(house.site, as_of))
                return
            at = house.moment()
            for each in ids:
                yield process.publish(house, process.consolidate(house, each, at)).folder
