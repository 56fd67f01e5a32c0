"""Marking the copies of what counties sent, in child processes: their bytes are read once more."""

from collections.abc import Sequence
from dataclasses import dataclass

from flows.checking.reading import children
from flows.checking.shared import Shared
from schemas.models import OrgUnit
from warehouse.consolidation.contents import CountyCopy
from warehouse.publish.copies import CopyTask, MarkedCopy
from warehouse.publish.edition import Edition


@dataclass(frozen=True)
class _Sent:
    """A copy to be marked, as it is sent to a child process."""

    edition: Shared[Edition]
    county: OrgUnit
    copy: CountyCopy

    def done(self) -> MarkedCopy:
        return CopyTask(self.edition.value, self.county, self.copy).done()

    def left(self) -> MarkedCopy:
        return CopyTask(self.edition.value, self.county, self.copy).left()


def marked_side_by_side(tasks: Sequence[CopyTask]) -> list[MarkedCopy]:
    """The copies of a publication marked, several at a time.

    One whose marking came to no end is left as it came.
    """
    if not tasks:
        return []
    edition = Shared.of(tasks[0].edition)  # that of all
    sent = [_Sent(edition, task.county, task.copy) for task in tasks]
    return list(children.each(_Sent.done, sent, died=_Sent.left))
