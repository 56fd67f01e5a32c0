"""The mailbox channel: the attachments of what counties send by mail."""

import imaplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from imap_tools import (
    BaseMailBox,
    MailBox,
    MailBoxStartTls,
    MailBoxUnencrypted,
    MailMessage,
    MailMessageFlags,
)
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from flows.channels.arrival import Item, Left
from flows.configuration.ways import Mailbox
from schemas.errors import ChannelError
from schemas.filing import Received

_PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class MailboxChannel:
    """An IMAP folder. `senders` has the name of the county of each address and @domain.

    A message is moved once its attachments are kept. One without attachments is marked as flagged,
    for a person to read, and not looked at again.
    """

    way: Mailbox
    password: str
    senders: Mapping[str, str]

    @property
    def name(self) -> str:
        """What the site calls it."""
        return self.way.name

    def arrivals(self) -> Iterator[Item | Left]:
        """Every message that was not looked at yet, in the order in which it came."""
        way = self.way
        with _connected(way) as box:
            box.login(way.user, self.password, initial_folder=way.folder)
            if not box.folder.exists(way.moved_to):
                box.folder.create(way.moved_to)
            for message in box.fetch("UNFLAGGED", mark_seen=False):
                yield self._arrival(box, message)

    def look(self) -> None:
        """See whether the mailbox lets us in and has its folder."""
        with _connected(self.way) as box:
            box.login(self.way.user, self.password, initial_folder=self.way.folder)

    def _arrival(self, box: BaseMailBox, message: MailMessage) -> Item | Left:
        sender = self._county(message.from_)
        received = tuple(
            Received(part.filename, part.payload, self.name, sender)
            for part in message.attachments
            if part.filename and not _is_picture_in_text(part.content_type, part.content_id)
        )
        assert message.uid is not None  # it was asked for
        if received:
            return Item(received, partial(box.move, message.uid, self.way.moved_to))
        box.flag(message.uid, MailMessageFlags.FLAGGED, value=True)
        return Left(f"message {message.uid}", "nothing is attached to it; read it in the mailbox")

    def _county(self, address: str) -> str | None:
        address = address.lower()
        return self.senders.get(address) or self.senders.get(f"@{address.rpartition('@')[2]}")

    @contextmanager
    def talking(self) -> Iterator[None]:
        """Tell what goes wrong with the server in words that say what to do."""
        way = self.way
        try:
            yield
        except MailboxLoginError as error:
            raise ChannelError(
                f"{way.host} does not let {way.user} in; check user and password "
                "(many mail providers want a code for programs instead of the password)"
            ) from error
        except MailboxFolderSelectError as error:
            raise ChannelError(
                f"the mailbox has no folder {way.folder!r}; correct folder"
            ) from error
        except (imaplib.IMAP4.error, ImapToolsError) as error:
            raise ConnectionError(f"{way.host}: {error}") from error


@contextmanager
def _connected(way: Mailbox) -> Iterator[BaseMailBox]:
    box = _box(way)
    try:
        yield box
    finally:
        try:
            box.logout()
        except (imaplib.IMAP4.error, ImapToolsError, OSError):  # it was cut
            box.client.shutdown()


def _box(way: Mailbox) -> BaseMailBox:
    """A connection to the server, whose certificate must be known: left alone, Python asks none."""
    if way.security == "none":
        return MailBoxUnencrypted(way.host, way.port, timeout=_PATIENCE_SECONDS)
    kind = MailBox if way.security == "tls" else MailBoxStartTls
    secure = ssl.create_default_context()
    return kind(way.host, way.port, timeout=_PATIENCE_SECONDS, ssl_context=secure)


def _is_picture_in_text(content_type: str, content_id: str) -> bool:
    return content_type.startswith("image/") and bool(content_id)
