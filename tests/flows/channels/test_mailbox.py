"""Mail with returns in a real IMAP mailbox."""

from base64 import b64encode, encodebytes
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any
from urllib.parse import quote

import pytest
from imap_tools import BaseMailBox, MailBoxUnencrypted, MailMessageFlags
from pymap.imap.state import ConnectionState
from pymap.parsing.response import ResponseNo

from flows.channels.arrival import Taken
from flows.house import House
from flows.server import free_port
from schemas.errors import ChannelError
from tests.flows.channels.servers import PASSWORD, USER, imap_server, wire_cut_after
from tests.flows.channels.taking import kept, take, take_in_vain


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


def put(mailbox: dict[str, object], raw: bytes) -> None:
    """A message as it stands on the wire."""
    with box_of(mailbox) as box:
        box.append(raw, "INBOX")


def with_part(head: bytes, body: bytes = b"eA==", encoding: bytes = b"base64") -> bytes:
    """A message with a text and a part of this head."""
    boundary = b"B%d" % len(body)
    lines = (
        b"From: clerk@north.example",
        b"MIME-Version: 1.0",
        b"Content-Type: multipart/mixed; boundary=" + boundary,
        b"",
        b"--" + boundary,
        b"Content-Type: text/plain",
        b"",
        b"Here it is.",
        b"--" + boundary,
        head,
        b"Content-Transfer-Encoding: " + encoding,
        b"",
        body,
        b"--" + boundary + b"--",
    )
    return b"\r\n".join(lines)


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
    with pytest.raises(
        ChannelError, match=r"has no folder 'returns'; correct folder \(.*not exist"
    ):
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
    (house.site.folder / "password").write_text("口令")
    with pytest.raises(ChannelError, match="not ASCII; correct them"):
        take(house, **mailbox)


NAME = "隰县2015年沼气㛃堃.xlsx"
"""In GB2312, of which mail programs speak, there are not all of its characters."""

_GBK, _UTF8 = NAME.encode("gb18030"), NAME.encode()


def _word(charset: str, octets: bytes) -> bytes:
    return b"=?%b?B?%b?=" % (charset.encode(), b64encode(octets))


@pytest.mark.parametrize(
    "head",
    [
        b"; filename*=UTF-8''" + quote(_UTF8).encode(),
        b"; filename*=gb2312''" + quote(_GBK).encode(),
        b"; filename*0*=GBK''%b;\r\n filename*1*=%b"
        % (quote(_GBK[:6]).encode(), quote(_GBK[6:]).encode()),
        b'; filename="%b"' % _word("UTF-8", _UTF8),
        b'; filename="%b"' % _word("gb2312", _GBK),
        b'; filename="%b\r\n %b"' % (_word("GBK", _GBK[:5]), _word("GBK", _GBK[5:])),
        b"; filename=%b" % _word("gb18030", _GBK),
        b'; filename="%b"' % _GBK,
        b'; filename="%b"' % _UTF8,
        b"; filename=\"%b\"; filename*=UTF-8''%b" % (_GBK, quote(_UTF8).encode()),
        b'\r\nContent-Type: application/octet-stream; name="%b"' % _GBK,
        b'\r\nContent-Type: application/octet-stream; name="%b"' % _word("gb2312", _GBK),
    ],
)
def test_a_name_is_read_in_whatever_encoding_it_comes(
    house: House, mailbox: dict[str, object], head: bytes
) -> None:
    put(mailbox, with_part(b"Content-Disposition: attachment" + head))
    assert take(house, **mailbox).received == 1
    assert [name for _, name, _ in kept(house)] == [NAME]


def test_a_file_without_a_name_is_kept_and_a_signature_is_none(
    house: House, mailbox: dict[str, object]
) -> None:
    put(mailbox, with_part(b"Content-Type: application/vnd.ms-excel"))
    put(mailbox, with_part(b"Content-Type: application/pgp-signature"))
    assert len(take(house, **mailbox).left) == 1
    assert [name for _, name, _ in kept(house)] == ["attachment-2.xls"]


@pytest.mark.parametrize("encoding", [b"8bit", b"base64"])
@pytest.mark.parametrize(
    "head",
    [
        b"Content-Type: message/rfc822",
        b"Content-Type: application/octet-stream; name=letter.eml",
    ],
)
def test_what_is_attached_to_a_forwarded_mail_is_taken_out_of_it(
    house: House, mailbox: dict[str, object], head: bytes, encoding: bytes
) -> None:
    inner = with_part(b"Content-Disposition: attachment; filename=x.xlsx")
    middle = with_part(b"Content-Type: message/rfc822", inner, b"8bit")
    body = encodebytes(middle) if encoding == b"base64" else middle
    put(mailbox, with_part(head, body, encoding))
    take(house, **mailbox)
    assert [name for _, name, _ in kept(house)] == ["x.xlsx"]
    assert (count(mailbox, "INBOX"), count(mailbox, "huizong")) == (0, 1)


def test_a_mail_that_is_nested_too_deep_holds_up_no_other(
    house: House, mailbox: dict[str, object]
) -> None:
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=B%d\r\n\r\n--B%d\r\n" % (each, each)
        for each in range(2000)
    )
    put(mailbox, with_part(b"Content-Type: message/rfc822", encodebytes(deep)))
    send(mailbox, "clerk@north.example", 学校=b"a")
    taken = take(house, **mailbox)
    assert [each.why for each in taken.left] == [
        "mails are nested in it too deep; read it in the mailbox"
    ]
    assert [name for _, name, _ in kept(house)] == ["学校.xlsx"]


def test_what_a_person_has_flagged_is_taken_all_the_same(
    house: House, mailbox: dict[str, object]
) -> None:
    send(mailbox, "clerk@north.example", 学校=b"a")
    with box_of(mailbox) as box:
        box.flag(box.uids(), MailMessageFlags.FLAGGED, value=True)
    assert take(house, **mailbox).new == 1
    assert count(mailbox, "huizong") == 1


def test_a_mailbox_that_wants_to_know_the_program_is_told(
    house: House, mailbox: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    introduced: set[int] = set()
    state: Any = ConnectionState
    tell, select = state.do_id, state.do_select

    async def do_id(self: object, cmd: object) -> object:
        introduced.add(id(self))
        return await tell(self, cmd)

    async def do_select(self: object, cmd: Any) -> object:
        if id(self) not in introduced:
            return ResponseNo(cmd.tag, b"SELECT Unsafe Login."), None
        return await select(self, cmd)

    send(mailbox, "clerk@north.example", 学校=b"a")
    monkeypatch.setattr(state, "do_id", do_id)
    monkeypatch.setattr(state, "do_select", do_select)
    assert take(house, **mailbox).new == 1


def test_a_mailbox_that_takes_no_such_folder_says_so(
    house: House, mailbox: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def do_create(_self: object, cmd: Any) -> object:
        return ResponseNo(cmd.tag, b"Name must be INBOX. prefixed"), None

    monkeypatch.setattr(ConnectionState, "do_create", do_create)
    with pytest.raises(ChannelError, match=r"prefixed\); write moved_to like"):
        take(house, **mailbox)
