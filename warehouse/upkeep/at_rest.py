"""Whether a night would leave the warehouse as it is."""

from collections.abc import Iterable

from sqlalchemy import Connection

from schemas.consolidated.counterparts import Counterparts
from schemas.filing import Received
from schemas.models import Scheme
from warehouse.judging.overtaken import judgeable, overtaken
from warehouse.loading.load import came_last, is_anything_pending
from warehouse.stewards.due import periods_to_publish
from warehouse.upkeep.unfinished import unfinished


def is_at_rest(connection: Connection, scheme: Scheme, received: Iterable[Received]) -> bool:
    """Whether all that was received is known, and all that is known is recorded and published."""
    return (
        all(came_last(connection, each) for each in received)
        and not is_anything_pending(connection)
        and unfinished(connection, scheme) is None
        and not overtaken(connection, Counterparts(scheme), judgeable(connection))
        and not periods_to_publish(connection, scheme)
    )
