"""Mail with returns in a real IMAP mailbox."""

from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

import pytest
from imap_tools import BaseMailBox, MailBoxUnencrypted

from flows.channels.arrival import Taken
from flows.house import House
from schemas.errors import ChannelError
from tests.flows.channels.servers import PASSWORD, USER, imap_server, wire_cut_after
from tests.flows.channels.taking import kept, take, take_in_vain
from tests.flows.processes import free_port


@pytest.fixture
def mailbox(house: House) -> Iterator[dict[str, object]]:
    with imap_server() as port:
        yield {
            "name": "mail",
            "kind": "imap",
            "host": "127.0.0.1",
            "port": port,
            "security": "none",
            "user": USER,
            "password_file": "password",
            "senders": {"clerk@north.example": "990102", "@SOUTH.example": "990121"},
        }


def send(mailbox: dict[str, object], sender: str, **attachments: bytes) -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = f"Clerk <{sender}>", "报表"
    message.set_content("见附件")
    for name, content in attachments.items():
        message.add_attachment(
            content, maintype="application", subtype="octet-stream", filename=f"{name}.xlsx"
        )
    with box_of(mailbox) as box:
        box.append(message.as_bytes(), "INBOX")


@contextmanager
def box_of(mailbox: dict[str, object]) -> Iterator[BaseMailBox]:
    with MailBoxUnencrypted("127.0.0.1", int(str(mailbox["port"]))) as box:
        yield box.login(USER, PASSWORD)


def count(mailbox: dict[str, object], folder: str) -> int:
    with box_of(mailbox) as box:
        box.folder.set(folder)
        return len(box.uids())


def test_attachments_are_kept_under_the_county_of_their_sender_and_their_mail_is_moved(
    house: House, mailbox: dict[str, object]
) -> None:
    send(mailbox, "clerk@north.example", 学校=b"a", 桥梁=b"b")
    send(mailbox, "anybody@south.example", herd=b"c")
    send(mailbox, "stranger@elsewhere.example", again=b"a")
    send(mailbox, "clerk@north.example")
    taken = take(house, **mailbox)
    assert (taken.received, taken.new) == (4, 3)
    assert [str(left) for left in taken.left] == [
        "message 104: nothing is attached to it; read it in the mailbox"
    ]
    county = house.scheme.county
    assert sorted(kept(house)) == sorted(
        [
            ("mail", "学校.xlsx", county("990102").name.en),
            ("mail", "桥梁.xlsx", county("990102").name.en),
            ("mail", "herd.xlsx", county("990121").name.en),
            ("mail", "again.xlsx", None),
        ]
    )
    assert (count(mailbox, "INBOX"), count(mailbox, "huizong")) == (1, 3)
    assert take(house, **mailbox) == Taken("mail")


def test_mail_stays_where_its_attachments_cannot_be_kept(
    house: House, mailbox: dict[str, object]
) -> None:
    send(mailbox, "clerk@north.example", 学校=b"a")
    take_in_vain(house, **mailbox)
    assert (count(mailbox, "INBOX"), count(mailbox, "huizong")) == (1, 0)


def test_what_is_wrong_with_a_mailbox_is_told_with_what_to_do(
    house: House, mailbox: dict[str, object]
) -> None:
    with pytest.raises(ChannelError, match="has no folder 'returns'; correct folder"):
        take(house, **mailbox | {"folder": "returns"})
    with pytest.raises(OSError, match="refused"):
        take(house, **mailbox | {"port": free_port()})
    with (
        wire_cut_after(400, int(str(mailbox["port"]))) as port,
        pytest.raises(OSError, match=r"127\.0\.0\.1"),
    ):
        take(house, **mailbox | {"port": port})
    (house.site.folder / "password").write_text("wrong")
    with pytest.raises(ChannelError, match="does not let huizong in; check user and password"):
        take(house, **mailbox)
