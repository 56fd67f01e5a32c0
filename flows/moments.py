"""The moment as of which something is asked: stated by a person, or now."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flows.configuration.settings import Site
from schemas.errors import SettingsError


def moment_of(site: Site, stated: str | None) -> datetime:
    """A stated day (to its end) or moment in the time zone of the site; now where none is stated.

    Raises SettingsError for what is neither.
    """
    if stated is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(stated)
    except ValueError:
        raise SettingsError(
            f"--as-of {stated!r} is no moment; write 2016-01-08, or 2016-01-08T02:30"
        ) from None
    if moment.time() == time() and "T" not in stated and " " not in stated:
        moment += timedelta(days=1, microseconds=-1)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(site.settings.schedule_timezone))
    return moment.astimezone(UTC)
