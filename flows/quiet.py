"""A night that finds nothing to do: done without Prefect and its server, which take longer."""

import time

from flows.configuration.settings import Site
from flows.house import House, known_scheme
from flows.inbox import collect
from flows.lock import was_cut_off
from flows.person_key import person_key
from flows.telling import metrics
from flows.telling.owing import counts_missing
from flows.telling.report import NightReport
from warehouse.engine import open_kept
from warehouse.engine import reading as looking
from warehouse.lines.pseudonyms import require_key
from warehouse.upkeep.at_rest import is_at_rest
from warehouse.upkeep.turns import turn


def quiet_night(site: Site) -> NightReport | None:
    """Do a night that changes nothing; None where there is something to do, or may be.

    Only the inbox and the warehouse are looked at, so a site with other channels, or with people
    to be told of every night, has no such night. Raises what the night would.
    """
    settings = site.settings
    if settings.channels or settings.tell or was_cut_off(site.folder):
        return None
    began = time.monotonic()
    engine = open_kept(site.database_url, person_key(site))
    try:
        scheme = known_scheme(site, engine)
        if scheme is None:
            return None
        house = House(site, scheme, engine)
        with turn(engine):
            came = collect(house)
            with looking(engine) as connection:
                require_key(connection, scheme)
                if not is_at_rest(connection, scheme, came.received):
                    return None
        left = tuple(f"inbox: {what}" for what in came.left)
        took = time.monotonic() - began
        report = NightReport(len(came.received), 0, 0, (), (), left=left, seconds=took)
        at = house.moment()
        metrics.write(site.folder, report, counts_missing(house, at), at)
        return report
    finally:
        engine.dispose()
