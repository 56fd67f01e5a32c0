"""Marking the copies of what counties sent, in child processes: their bytes are read once more."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from flows.checking.reading import children
from flows.checking.shared import Shared
from schemas.models import OrgUnit
from warehouse.consolidation.contents import CountyCopy
from warehouse.publish.copies import CopyTask, MarkedCopy
from warehouse.publish.edition import Edition
from warehouse.publish.file_names import safe
from warehouse.publish.unmarked import Unmarked

_LOG = logging.getLogger(__name__)


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

    One whose marking came to no end is left as it came. What has no marks is told in the log.
    """
    if not tasks:
        return []
    edition = Shared.of(tasks[0].edition)  # that of all
    sent = [_Sent(edition, task.county, task.copy) for task in tasks]
    copies = list(children.each(_Sent.done, sent, died=_Sent.left))
    for task, copy in zip(tasks, copies, strict=True):
        if copy.unmarked is not None:
            _tell(task, copy.unmarked)
    return copies


def _tell(task: CopyTask, unmarked: Unmarked) -> None:
    """A line in the log on a copy without marks; it has nothing of what stands in the copy."""
    told = {
        "period": task.edition.contents.period.id,
        "county": task.county.code,
        "file": safe(task.copy.file_name),
        "reason": unmarked.reason,
        "place": unmarked.place,
    }
    _LOG.warning("a copy without marks: %(period)s %(county)s %(file)s: %(reason)s %(place)s", told)
