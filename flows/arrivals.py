"""Taking in what stands in a site's channels: kept first, acknowledged after.

A broken channel holds back no other. What was taken in is read by the next night.
"""

from collections.abc import Iterator
from datetime import datetime

from flows import process
from flows.channels.arrival import Item, Left, Taken
from flows.channels.open import channel
from flows.configuration.ways import AnyWay
from flows.console import OUTSIDE_ERRORS, reason
from flows.house import House
from flows.inbox import collect


def take_in(house: House, way: AnyWay, at: datetime) -> Taken:
    """Take in what stands in one channel.

    Each thing is kept, in a transaction of its own, before it is acknowledged. Raises ChannelError
    or SettingsError for what somebody has to put right and OSError for what may pass.
    """
    source = channel(way, house.site, house.scheme)
    taken = Taken(source.name)
    with source.talking():
        for arrival in source.arrivals():
            match arrival:
                case Item(received, acknowledge):
                    taken.new += process.keep(house, received, at)
                    acknowledge()
                    taken.received += len(received)
                case Left():
                    taken.left.append(arrival)
    return taken


def take_in_all(house: House, at: datetime) -> Iterator[Taken]:
    """Take in what stands in the inbox and in every channel, one after the other."""
    inbox = collect(house)
    new = process.keep(house, inbox.received, at)
    yield Taken("inbox", len(inbox.received), new, list(inbox.left))
    for way in house.site.settings.channels:
        try:
            yield take_in(house, way, at)
        except OUTSIDE_ERRORS as error:
            yield Taken(way.name, failure=reason(error))
