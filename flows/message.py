"""Messages: a subject, a text, files and links, and how each way out carries them."""

from collections.abc import Callable
from dataclasses import dataclass

from schemas.errors import HuizongError


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a message."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Message:
    """What somebody is told. `text` is plain text that reads well as Markdown too."""

    subject: str
    text: str
    attachments: tuple[Attachment, ...] = ()


Send = Callable[[Message], None]
"""Carries a message to one contact. Raises ChannelError for what somebody has to put right, OSError
where it has not arrived and may be tried again, UncertainError where nobody can know."""


class UncertainError(HuizongError):
    """The connection was lost after a message had been handed over: it may have arrived."""
