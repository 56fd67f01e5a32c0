"""The files in a mail: what is attached to it, and to the mails that are forwarded in it.

Names come in every encoding that mail programs in China write: RFC 2231, RFC 2047 inside of the
quotes, and the bare bytes of GBK. GB2312 and GBK are read as GB18030, which has the characters
that programs write into them and that they do not have.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from mimetypes import guess_extension

_NAMES = (("Content-Disposition", "filename"), ("Content-Type", "name"))
_WITHIN_GB18030 = frozenset({"gb2312", "gbk", "cp936", "ms936", "x-gbk", "gb_2312-80"})


@dataclass(frozen=True)
class Attached:
    """A file in a mail."""

    name: str
    content: bytes


def files_of(mail: Message) -> Iterator[Attached]:
    """Every file, in its order; pictures that belong to a text are none."""
    for number, part in enumerate(_parts(mail), start=1):
        name = _name(part)
        if name or _is_a_nameless_file(part):
            extension = guess_extension(part.get_content_type()) or ""
            yield Attached(name or f"attachment-{number}{extension}", _content(part))


def _parts(mail: Message) -> Iterator[Message]:
    """The parts that have no parts themselves."""
    forwarded = mail.get_content_type() == "message/rfc822"
    if forwarded or (not mail.is_multipart() and _name(mail).lower().endswith(".eml")):
        yield from _parts(_forwarded(mail))
    elif mail.is_multipart():
        for part in _within(mail):
            yield from _parts(part)
    elif not _is_picture_in_text(mail):
        yield mail


def _within(mail: Message) -> list[Message]:
    parts = mail.get_payload()
    return [part for part in parts if isinstance(part, Message)] if isinstance(parts, list) else []


def _forwarded(part: Message) -> Message:
    """The mail in a part; some programs encode it, which a parser of mail does not undo."""
    if not part.is_multipart():
        return message_from_bytes(_content(part))
    mail = _within(part)[0]
    encoding = part.get("Content-Transfer-Encoding", "").strip()
    if encoding.lower() not in ("base64", "quoted-printable"):
        return mail
    encoded = Message()
    encoded["Content-Transfer-Encoding"] = encoding
    encoded.set_payload(mail.as_bytes().decode("ascii", errors="surrogateescape"))
    return message_from_bytes(_content(encoded))


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _is_picture_in_text(part: Message) -> bool:
    return part.get_content_maintype() == "image" and "Content-ID" in part


def _is_a_nameless_file(part: Message) -> bool:
    """Whether it is a file all the same; what a mail says and what is signed has no name either."""
    if part.get_content_disposition() == "attachment":
        return True
    return part.get_content_maintype() == "application" and "signature" not in (
        part.get_content_subtype()
    )


def _name(part: Message) -> str:
    """The name of a file; empty where it has none."""
    headers = {name.lower(): str(value) for name, value in part.raw_items()}
    for header, parameter in _NAMES:
        # What was no ASCII is there as bytes that were no text; it is read again as text.
        told = _text(headers.get(header.lower(), "").encode(errors="surrogateescape"))
        again = Message()
        again[header] = told
        if value := again.get_param(parameter, header=header):
            return _decoded(value)
    return ""


def _decoded(value: str | tuple[str | None, str | None, str]) -> str:
    if isinstance(value, tuple):  # RFC 2231
        charset, _, octets = value
        return _text(octets.encode("raw-unicode-escape"), charset)
    try:
        words = decode_header(value)
    except HeaderParseError:
        return value
    return "".join(
        word if isinstance(word, str) else _text(word, charset) for word, charset in words
    )


def _text(octets: bytes, charset: str | None = None) -> str:
    stated = "gb18030" if (charset or "").lower() in _WITHIN_GB18030 else charset or "utf-8"
    for each in (stated, "utf-8", "gb18030"):
        try:
            return octets.decode(each)
        except (LookupError, UnicodeDecodeError):
            continue
    return octets.decode("gb18030", errors="replace")
