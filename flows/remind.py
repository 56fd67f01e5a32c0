"""The reminding flow: tell counties what they owe, and stewards what is long overdue."""

from prefect import flow, unmapped
from prefect.utilities.annotations import quote

from flows import tasks
from flows.configuration.workers import threads
from flows.house import open_house
from flows.nightly import results
from flows.telling.reminding import reminders
from schemas.errors import SettingsError


@flow(name="remind", task_runner=threads())
def remind(site: str) -> int:
    """Send the reminders of the day that were not sent yet; how many were due.

    Raises SettingsError, after all others were told, where some could not be.
    """
    house = open_house(site)
    tellings = reminders(house, house.moment())
    failures: list[str] = []
    names = [each.notice.recipient for each in tellings]
    results(tasks.tell.map(unmapped(site), quote(tellings)), names, failures)
    if failures:
        raise SettingsError("not everybody could be reminded:\n" + "\n".join(failures))
    return len(tellings)
