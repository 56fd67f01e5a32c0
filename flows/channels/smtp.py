"""Mail as a way out."""

import mimetypes
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from flows.configuration.ways import Mail
from flows.message import Message, UncertainError
from schemas.errors import ChannelError

_PATIENCE_SECONDS = 60


def send(way: Mail, password: str | None, to: Sequence[str], message: Message) -> None:
    """Send a message to some addresses, as `Send` says."""
    with _let_in(way, password) as server:
        _hand_over(server, way, to, _drawn(way, to, message))


def knock(way: Mail, password: str | None) -> None:
    """Log in to the server and leave again; raises what sending would raise up to there."""
    with _let_in(way, password) as server:
        server.noop()


@contextmanager
def _let_in(way: Mail, password: str | None) -> Iterator[smtplib.SMTP]:
    try:
        server = _connected(way)
    except smtplib.SMTPException as error:
        raise ConnectionError(f"{way.host}: {error}") from error
    try:
        _log_in(server, way, password)
        yield server
    finally:
        _leave(server)


def _leave(server: smtplib.SMTP) -> None:
    """Say good-bye; whatever is answered, what was handed over is handed over."""
    with suppress(smtplib.SMTPException):
        server.quit()
    server.close()


def _connected(way: Mail) -> smtplib.SMTP:
    secure = ssl.create_default_context()
    if way.security == "tls":
        return smtplib.SMTP_SSL(way.host, way.port, timeout=_PATIENCE_SECONDS, context=secure)
    server = smtplib.SMTP(way.host, way.port, timeout=_PATIENCE_SECONDS)
    if way.security == "starttls":
        server.starttls(context=secure)
    return server


def _log_in(server: smtplib.SMTP, way: Mail, password: str | None) -> None:
    if way.user is None:
        return
    try:
        server.login(way.user, password or "")
    except UnicodeEncodeError as error:
        raise ChannelError(
            f"user or password of {way.host} has characters that are not ASCII; correct them"
        ) from error
    except smtplib.SMTPAuthenticationError as error:
        raise ChannelError(
            f"{way.host} does not let {way.user} in; check user and password in [mail] (many mail "
            "providers want a code for programs instead of the password)"
        ) from error
    except smtplib.SMTPException as error:
        raise ConnectionError(f"{way.host}: {error}") from error


def _hand_over(server: smtplib.SMTP, way: Mail, to: Sequence[str], mail: EmailMessage) -> None:
    try:
        refused = server.send_message(mail)
    except (smtplib.SMTPServerDisconnected, TimeoutError) as error:
        raise UncertainError(f"{way.host} was lost while a message was handed over") from error
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused) as error:
        raise ChannelError(f"{way.host} refuses an address: {error}; correct it") from error
    except smtplib.SMTPException as error:
        raise ConnectionError(f"{way.host}: {error}") from error
    if refused:
        raise UncertainError(
            f"{way.host} refuses {len(refused)} of {len(to)} addresses; the others have it"
        )


def _drawn(way: Mail, to: Sequence[str], message: Message) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = way.sender, ", ".join(to), message.subject
    mail["Date"], mail["Message-ID"] = formatdate(), make_msgid(domain="huizong.invalid")
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    for attachment in message.attachments:
        kind, _, detail = (
            mimetypes.guess_type(attachment.name)[0] or "application/octet-stream"
        ).partition("/")
        mail.add_attachment(
            attachment.content, maintype=kind, subtype=detail, filename=attachment.name
        )
    return mail
