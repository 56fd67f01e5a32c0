"""Which editor marks a workbook: told by its content, whatever it is called."""

from typing import Protocol

from schemas.formats.archive import ZIP
from schemas.formats.ole import MAGIC
from warehouse.publish.marks import biff, biff12, ods, ooxml
from warehouse.publish.marks.biff12.workbook import is_binary_package
from warehouse.publish.marks.marking import Marking
from warehouse.publish.marks.opendocument.document import is_open_document


class Editor(Protocol):
    """What puts marks into workbooks of one format."""

    def marked(self, content: bytes, marking: Marking) -> bytes:
        """The workbook with these marks in the place of earlier ones. Raises CannotMark."""

    def was_marked(self, content: bytes, review: str) -> bool:
        """Whether a workbook has a sheet of that name."""


def editor_of(content: bytes) -> Editor | None:
    """The editor of a workbook's format; None where there is none."""
    if content.startswith(MAGIC):
        return biff
    if is_open_document(content):
        return ods
    if is_binary_package(content):
        return biff12
    return ooxml if content.startswith(ZIP) else None
