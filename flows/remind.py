"""The reminding flow: tell counties what they owe, and stewards what is long overdue."""

from collections.abc import Sequence

from prefect import flow, unmapped
from prefect.artifacts import create_markdown_artifact
from prefect.futures import PrefectFuture
from prefect.utilities.annotations import quote

from flows import tasks
from flows.configuration.workers import threads
from flows.failures import OF_A_RUN, results
from flows.house import open_house
from flows.telling.reminding import reminders
from schemas.errors import SettingsError


@flow(name="remind", task_runner=threads(), **OF_A_RUN)
def remind(site: str) -> int:
    """Send the reminders of the day that were not sent yet; how many were due.

    Raises SettingsError, after all others were told, where some could not be.
    """
    house = open_house(site)
    tellings = reminders(house, house.moment())
    failures: list[str] = []
    names = [f"{each.notice.recipient}: {each.message.subject}" for each in tellings]
    telling = tasks.tell.map(unmapped(site), quote(tellings))
    results(telling, names, failures)
    _show(telling, names)
    if failures:
        raise SettingsError("not everybody could be reminded:\n" + "\n".join(failures))
    return len(tellings)


def _show(telling: Sequence[PrefectFuture[bool]], names: Sequence[str]) -> None:
    """Put onto the page of the run who was to be reminded of what, and who was."""
    became = [
        ("told" if future.result() else "told before")
        if future.state.is_completed()
        else "could not be told"
        for future in telling
    ]
    lines = [f"- {name}: {what}" for name, what in zip(names, became, strict=True)]
    create_markdown_artifact(
        key="reminders",
        markdown="\n".join(lines) or "nobody is to be reminded of anything today",
        description="Who was reminded of what",
    )
