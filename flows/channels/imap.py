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
    MailMessageFlags,
)
from imap_tools.errors import (
    ImapToolsError,
    MailboxFolderCreateError,
    MailboxFolderSelectError,
    MailboxLoginError,
    UnexpectedCommandStatusError,
)

from flows.channels.arrival import Item, Left
from flows.channels.attached import files_of
from flows.configuration.ways import Mailbox
from schemas.errors import ChannelError
from schemas.filing import Received

_PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class MailboxChannel:
    """An IMAP folder. `senders` has the name of the county of each address and @domain.

    A message is moved once its attachments are kept. One without attachments is marked as flagged,
    for a person to read, and not told of again; what a person has flagged is taken like the rest.
    """

    way: Mailbox
    password: str
    senders: Mapping[str, str]

    @property
    def name(self) -> str:
        """What the site calls it."""
        return self.way.name

    def arrivals(self) -> Iterator[Item | Left]:
        """Every message that brings something or was not told of yet, in the order of arrival."""
        with self._opened() as box:
            if not box.folder.exists(self.way.moved_to):
                box.folder.create(self.way.moved_to)
            # Not every server knows the character set that is stated by default.
            for uid in box.uids(charset=None):
                if arrival := self._arrival(box, uid):
                    yield arrival

    def look(self) -> None:
        """See whether the mailbox lets us in and has its folder."""
        with self._opened():
            pass

    @contextmanager
    def _opened(self) -> Iterator[BaseMailBox]:
        way = self.way
        with _connected(way) as box:
            box.login(way.user, self.password, initial_folder=None)
            if "ID" in box.client.capabilities:
                # The mailboxes of 163.com, 126.com and yeah.net open no folder to a program that
                # has not said what it is.
                box.client.xatom("ID", '("name" "huizong" "version" "1")')
            box.folder.set(way.folder)
            yield box

    def _arrival(self, box: BaseMailBox, uid: str) -> Item | Left | None:
        """What a message brings; None for one that was told of, or is gone."""
        try:
            message = next(box.fetch(uid_list=uid, mark_seen=False), None)
            files = [] if message is None else list(files_of(message.obj))
        except RecursionError:
            return Left(f"message {uid}", "mails are nested in it too deep; read it in the mailbox")
        if message is None:
            return None
        if files:
            sender = self._county(message.from_)
            received = tuple(Received(each.name, each.content, self.name, sender) for each in files)
            return Item(received, partial(box.move, uid, self.way.moved_to))
        if MailMessageFlags.FLAGGED in message.flags:
            return None
        box.flag(uid, MailMessageFlags.FLAGGED, value=True)
        return Left(f"message {uid}", "nothing is attached to it; read it in the mailbox")

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
                f"the mailbox has no folder {way.folder!r}; correct folder ({_said(error)})"
            ) from error
        except MailboxFolderCreateError as error:
            raise ChannelError(
                f"the mailbox does not take a folder {way.moved_to!r} ({_said(error)}); write "
                "moved_to like the names of its other folders, as INBOX.huizong"
            ) from error
        except UnicodeEncodeError as error:
            raise ChannelError(
                f"user or password of {way.host} has characters that are not ASCII; correct them"
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


def _said(error: UnexpectedCommandStatusError) -> str:
    """The words of the server."""
    return b" ".join(error.command_result[1]).decode(errors="replace")
