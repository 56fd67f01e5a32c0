"""The flows that publish outside of the night: a range of periods again, or what is due."""

from prefect import flow, unmapped
from prefect.artifacts import create_markdown_artifact
from prefect.utilities.annotations import quote

from flows import tasks
from flows.configuration.workers import threads
from flows.failures import OF_A_RUN, results
from flows.house import House, open_house
from flows.lock import alone
from flows.telling.report import markdown_of
from schemas.errors import SettingsError
from warehouse.upkeep.turns import turn


@flow(name="backfill", task_runner=threads(), **OF_A_RUN)
def backfill(site: str, first: str | int, last: str | int) -> list[str]:
    """Publish every period of a range again, the newest first; the folders.

    A range is from one period to another in the order of the calendar, both included; Prefect's
    command hands over a year, as in `--param last=2015`, as a number. Raises SchemeError for a
    period that is not in it, SettingsError where some could not be published.
    """
    house = open_house(site)
    return _publish(house, site, house.scheme.newest_first(str(first), str(last)))


@flow(name="publish", task_runner=threads(), **OF_A_RUN)
def publish(site: str) -> list[str]:
    """Publish what has changed, without collecting, the newest period first; the folders."""
    house = open_house(site)
    return _publish(house, site, tasks.to_publish(site)[::-1])


def _publish(house: House, site: str, periods: list[str]) -> list[str]:
    failures: list[str] = []
    with alone(house.site.folder), turn(house.engine):
        at = house.moment()
        consolidating = tasks.consolidate.map(unmapped(site), periods, unmapped(at))
        contents = results(consolidating, periods, failures)
        publishing = tasks.publish.map(unmapped(site), quote(contents))
        published = results(publishing, [each.period.id for each in contents], failures)
    create_markdown_artifact(
        key="publications",
        markdown="\n".join(map(markdown_of, published)) or "nothing to publish",
        description="What was published",
    )
    if failures:
        raise SettingsError("not every period could be published:\n" + "\n".join(failures))
    return [str(each.folder) for each in published]
