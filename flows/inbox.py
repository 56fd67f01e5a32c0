"""What stands in the inbox of a site, the folder in which returns arrive."""

from collections.abc import Sequence
from dataclasses import dataclass

from flows.channels import folder
from flows.channels.arrival import Item, Left
from flows.channels.place import Habits
from flows.house import House
from schemas.errors import SettingsError
from schemas.filing import Received


@dataclass(frozen=True)
class Collected:
    """What stood in the inbox, in the order in which it came, and what was left there and why."""

    received: Sequence[Received]
    left: Sequence[Left]


def collect(house: House) -> Collected:
    """Everything that stands in the inbox; what is not whole yet is left for the next time.

    Raises SettingsError when the inbox is no folder: a share that is not mounted must not pass
    for a night on which nothing came.
    """
    inbox = house.site.inbox
    if not inbox.is_dir():
        raise SettingsError(f"the inbox {inbox} is not a folder; make or mount it, or set inbox")
    habits = Habits(house.site.settings.quiet_seconds, same_clock=True)
    arrivals = list(folder.channel(folder.INBOX, inbox, habits).arrivals())
    return Collected(
        [file for item in arrivals if isinstance(item, Item) for file in item.received],
        [left for left in arrivals if isinstance(left, Left)],
    )
