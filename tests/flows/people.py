"""Those who are told: a mail server and a webhook, both real and on loopback."""

import asyncio
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Post:
    """A mail server: what it took, whom it lets in, whether it hangs up on letters."""

    port: int
    password: str = "letmein"
    hangs_up: bool = False
    good_bye: str = "221 Bye"
    letters: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.taken(letter)
        if self.hangs_up:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return "250 OK"

    async def handle_QUIT(  # noqa: N802
        self, _server: SMTP, _session: Session, _envelope: Envelope
    ) -> str:
        return self.good_bye

    def taken(self, letter: EmailMessage) -> None:
        """A letter is here, and its sender has not been told so yet."""
        self.letters.append(letter)

    def authenticate(self, *told: object) -> AuthResult:
        given = told[-1]
        assert isinstance(given, LoginPassword)
        return AuthResult(success=given.password == self.password.encode(), handled=False)


@contextmanager
def open_post(post: Post) -> Iterator[None]:
    """The mail server, for as long as the block takes."""
    server = Controller(
        post,
        hostname="127.0.0.1",
        port=post.port,
        ready_timeout=60,  # a busy machine takes longer than the usual five seconds
        authenticator=post.authenticate,
        auth_require_tls=False,
    )
    server.start()
    try:
        yield
    finally:
        server.stop()


@dataclass
class Robot:
    """A webhook: what was posted to it, how often it was asked what it takes, what it answers."""

    address: str = ""
    status: int = 200
    answer: bytes = b'{"errcode": 0}'
    hangs_up: bool = False
    posted: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    asked: int = 0


@contextmanager
def open_robot(secure: ssl.SSLContext | None = None) -> Iterator[Robot]:
    """A webhook on loopback, over TLS with a certificate."""
    known = Robot()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            known.posted.append((self.path, dict(self.headers), body))
            self._answer()

        def do_OPTIONS(self) -> None:
            known.asked += 1
            self._answer()

        def _answer(self) -> None:
            if known.hangs_up:
                return
            self.send_response(known.status)
            self.end_headers()
            self.wfile.write(known.answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A client that does not know our certificate leaves; that is no news."""

    with Server(("127.0.0.1", 0), Handler) as server:
        if secure is not None:
            server.socket = secure.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        scheme = "http" if secure is None else "https"
        known.address = f"{scheme}://127.0.0.1:{server.server_port}/send?key=secret"
        yield known
        server.shutdown()
        thread.join(30)


def telling(site: Path, robot: Robot) -> Path:
    """A site whose stewards have a webhook."""
    (site / "robot").write_text(robot.address)
    (site / "robot").chmod(0o600)
    with (site / "huizong.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[tell]]\nname = "desk"\nwho = "stewards"\nwebhook_file = "robot"\n')
    return site


def letters(robot: Robot) -> list[str]:
    """What was posted to a webhook, as its people read it."""
    return [json.loads(body)["text"] for _, _, body in robot.posted]
