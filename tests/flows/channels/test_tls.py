"""Mail and webhooks over TLS, by the certificate of an authority of our own, known or not."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from pydantic import ValidationError

from flows.channels import smtp, webhook
from flows.configuration.ways import Mail, Mailbox
from flows.doctor import examine
from flows.house import House, closing_houses
from flows.message import Message
from tests.flows.channels.servers import PASSWORD, USER, imap_server
from tests.flows.people import open_robot
from tests.flows.processes import free_port


class _Deaf:
    """Takes no letter: nobody may send one only to see whether mail works."""

    async def handle_DATA(self, *_told: object) -> str:  # noqa: N802
        raise AssertionError("a letter was sent")


def _let_in(*told: object) -> AuthResult:
    given = told[-1]
    assert isinstance(given, LoginPassword)
    return AuthResult(success=given.password == PASSWORD.encode(), handled=False)


@pytest.fixture(params=["tls", "starttls"])
def mail(request: pytest.FixtureRequest, authority: tuple[Path, ssl.SSLContext]) -> Iterator[Mail]:
    _, secure = authority
    starttls = request.param == "starttls"
    port = free_port()
    server = Controller(
        _Deaf(),
        hostname="127.0.0.1",
        port=port,
        ready_timeout=60,  # a busy machine takes longer than the usual five seconds
        authenticator=_let_in,
        auth_required=starttls,  # TLS from the first byte on counts as none there
        auth_require_tls=starttls,
        require_starttls=starttls,
        ssl_context=None if starttls else secure,
        tls_context=secure if starttls else None,
    )
    server.start()
    yield Mail(
        host="127.0.0.1", port=port, security=request.param, user=USER, sender="h@example.cn"
    )
    server.stop()


@pytest.mark.usefixtures("known")
def test_a_server_of_a_known_authority_lets_us_in_and_gets_no_letter(mail: Mail) -> None:
    smtp.knock(mail, PASSWORD)


def test_the_password_is_not_told_to_a_server_of_an_unknown_authority(mail: Mail) -> None:
    with pytest.raises(OSError, match="certificate verify failed"):
        smtp.knock(mail, PASSWORD)


def _settings(house: House, text: str) -> dict[str, str | None]:
    """What the doctor says of the site with this in its settings."""
    folder = house.site.folder
    (folder / "password").chmod(0o600)
    with (folder / "huizong.toml").open("a") as file:
        file.write(text)
    with closing_houses():
        pass
    return {check.what: check.wrong for check in examine(folder)}


@pytest.mark.usefixtures("known")
def test_the_doctor_logs_in_to_the_mail_server(house: House, mail: Mail) -> None:
    told = _settings(
        house,
        f'\n[mail]\nhost = "127.0.0.1"\nport = {mail.port}\nsecurity = "{mail.security}"\n'
        f'user = "{USER}"\npassword_file = "password"\nsender = "h@example.cn"\n',
    )
    assert told["mail"] is None
    (house.site.folder / "password").write_text("wrong")
    (wrong,) = [check.wrong for check in examine(house.site.folder) if check.what == "mail"]
    assert f"does not let {USER} in; check user and password" in str(wrong)


def _mailbox(port: int) -> str:
    return (
        f'\n[[channels]]\nkind = "imap"\nname = "box"\nhost = "127.0.0.1"\nport = {port}\n'
        f'user = "{USER}"\npassword_file = "password"\n'
    )


@pytest.mark.usefixtures("known")
def test_a_mailbox_of_a_known_authority_lets_us_in(
    house: House, authority: tuple[Path, ssl.SSLContext]
) -> None:
    with imap_server(authority[1]) as port:
        assert _settings(house, _mailbox(port))["channel box"] is None


def test_a_mailbox_of_an_unknown_authority_is_not_told_the_password(
    house: House, authority: tuple[Path, ssl.SSLContext]
) -> None:
    with imap_server(authority[1]) as port:
        told = _settings(house, _mailbox(port))["channel box"]
    assert "certificate verify failed" in str(told)


@pytest.mark.usefixtures("known")
def test_a_webhook_of_a_known_authority_gets_the_message(
    authority: tuple[Path, ssl.SSLContext],
) -> None:
    with open_robot(authority[1]) as robot:
        webhook.send(robot.address, "generic", None, Message("Night", "done"))
    assert len(robot.posted) == 1


def test_a_webhook_of_an_unknown_authority_gets_nothing(
    authority: tuple[Path, ssl.SSLContext],
) -> None:
    with (
        open_robot(authority[1]) as robot,
        pytest.raises(ConnectionError, match="certificate verify failed"),
    ):
        webhook.send(robot.address, "generic", None, Message("Night", "done"))
    assert robot.posted == []


def test_starttls_on_the_port_of_tls_is_a_wrong_setting() -> None:
    with pytest.raises(ValidationError, match="set port = 143"):
        Mailbox(
            kind="imap",
            name="box",
            host="x",
            security="starttls",
            user=USER,
            password_file=Path("password"),
        )
