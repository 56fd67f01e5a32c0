"""Mail and webhooks over TLS, by the certificate of an authority of our own, known or not."""

import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from pydantic import ValidationError

from flows.channels import smtp, webhook
from flows.configuration.ways import Mail, Mailbox
from flows.doctor import examine
from flows.house import House, closing_houses
from flows.message import Message
from flows.server import free_port
from tests.flows.channels.servers import PASSWORD, USER, imap_server
from tests.flows.people import open_robot
from tests.lakeside import LAKESIDE


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


@pytest.mark.usefixtures("known")
def test_the_doctor_asks_a_webhook_what_it_takes_and_posts_nothing(
    house: House, authority: tuple[Path, ssl.SSLContext]
) -> None:
    with open_robot(authority[1]) as robot:
        told = _webhook(house, robot.address)
        assert (told, robot.asked, robot.posted) == (None, 1, [])
        robot.status = 405  # many take nothing but what is posted
        assert _webhook(house, robot.address) is None
        robot.status = 502
        assert "answers 502; if it goes on, ask who runs it" in str(_webhook(house, robot.address))
        robot.hangs_up = True
        assert "does not answer; check its address" in str(_webhook(house, robot.address))
        assert robot.posted == []


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("https://webhook.invalid/key", "look how the server is spelled"),
        ("https://127.0.0.1:{closed}/key", "look at its port, and whether the server runs"),
        ("https://127.0.0.1:{plain}/key", "does not speak TLS"),
        ("qyapi.example.cn/key", "write https://… into it"),
        ("http://[::1/key", "write https://… into it"),
        ("https:///key", "write https://… into it"),
    ],
)
def test_a_webhook_that_cannot_be_reached_is_told_with_what_to_do_and_without_its_key(
    house: House, address: str, told: str
) -> None:
    with open_robot() as plain:
        ports = {"closed": free_port(), "plain": urlsplit(plain.address).port}
        wrong = str(_webhook(house, address.format_map(ports)))
    assert told in wrong
    assert "key" not in wrong


def test_a_webhook_of_an_unknown_authority_is_not_asked(
    house: House, authority: tuple[Path, ssl.SSLContext]
) -> None:
    with open_robot(authority[1]) as robot:
        assert "who issues its certificates" in str(_webhook(house, robot.address))
    assert robot.asked == 0


def _webhook(house: House, address: str) -> str | None:
    """What the doctor says of a webhook."""
    folder = house.site.folder
    (folder / "robot").write_text(address)
    (folder / "robot").chmod(0o600)
    contact = '[[tell]]\nname = "desk"\nwho = "stewards"\nwebhook_file = "robot"\n'
    (folder / "huizong.toml").write_text(f'scheme = "{LAKESIDE}"\n{contact}')
    (wrong,) = [each.wrong for each in examine(folder) if each.what == "webhook of desk"]
    return wrong


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
