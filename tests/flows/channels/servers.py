"""Real servers on loopback, and a wire between them and us that can be cut."""

import asyncio
import ssl
import threading
from argparse import ArgumentParser, Namespace
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import asyncssh
from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPServer, IMAPService
from pysasl.hashing import BuiltinHash
from wsgidav.wsgidav_app import WsgiDAVApp

from flows.server import free_port

USER, PASSWORD = "huizong", "correct horse"


@contextmanager
def running(serve: Callable[[], Awaitable[asyncio.AbstractServer]]) -> Iterator[None]:
    """An asyncio server in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def started() -> asyncio.AbstractServer:
        return await serve()

    server = asyncio.run_coroutine_threadsafe(started(), loop).result(30)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(server.close)
        asyncio.run_coroutine_threadsafe(_ended(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(30)
        loop.close()


async def _ended() -> None:
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


class _Login(asyncssh.SSHServer):
    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)


@contextmanager
def sftp_server(folder: Path, known_hosts: Path) -> Iterator[int]:
    """An SFTP server of a folder; its port. Its key is written as known."""
    key, port = asyncssh.generate_private_key("ssh-ed25519"), free_port()
    public = key.export_public_key().decode().strip()
    known_hosts.write_text(f"[127.0.0.1]:{port} {public}\n")

    async def serve() -> asyncio.AbstractServer:
        return await asyncssh.listen(  # type: ignore[return-value]
            "127.0.0.1",
            port,
            server_host_keys=[key],
            server_factory=_Login,
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=bytes(folder)),
        )

    with running(serve):
        yield port


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextmanager
def webdav_server(folder: Path) -> Iterator[int]:
    """A WebDAV server of a folder; its port."""
    config = {
        "provider_mapping": {"/": {"root": str(folder)}},
        "simple_dc": {"user_mapping": {"*": {USER: {"password": PASSWORD}}}},
        "http_authenticator": {"accept_digest": False, "default_to_digest": False},
        "logging": {"enable": False},
        "verbose": 0,
    }
    with make_server("127.0.0.1", 0, WsgiDAVApp(config), handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join(30)


@contextmanager
def imap_server(secure: ssl.SSLContext | None = None) -> Iterator[int]:
    """An IMAP server with an empty mailbox; its port. With a certificate it speaks TLS alone."""
    port = free_port()
    account = ["--demo-user", USER, "--demo-password", PASSWORD]
    parser = ArgumentParser()
    IMAPService.add_arguments(parser)
    DictBackend.add_subparser("dict", parser.add_subparsers())
    told = ["--host", "127.0.0.1", "--port", str(port), "--no-tls", "dict", *account]
    arguments = parser.parse_args(told, Namespace(debug=False, passlib_cfg=None))

    async def serve() -> asyncio.AbstractServer:
        # Its passwords are hashed for a second each time, unless it is told that one round will do.
        backend, config = await DictBackend.init(arguments, hash_context=BuiltinHash(rounds=1))
        config.apply_context()
        told_by = ProxyProtocolReader(config.proxy_protocol)
        connected = told_by.get_callback(IMAPServer(backend.login, config))
        return await asyncio.start_server(connected, "127.0.0.1", port, ssl=secure)

    with running(serve):
        yield port


@contextmanager
def wire_cut_after(octets: int, port: int) -> Iterator[int]:
    """A port that leads to another one and is cut after so many bytes came from there."""
    here = free_port()

    async def lead(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", port)

        async def back() -> None:
            left = octets
            while left > 0 and (read := await there_reader.read(min(left, 4096))):
                left -= len(read)
                writer.write(read)
                await writer.drain()
            cut()

        async def forth() -> None:
            while read := await reader.read(4096):
                there_writer.write(read)

        def cut() -> None:
            writer.transport.abort()
            there_writer.transport.abort()

        try:
            await asyncio.gather(back(), forth(), return_exceptions=True)
        finally:
            cut()

    async def serve() -> asyncio.AbstractServer:
        return await asyncio.start_server(lead, "127.0.0.1", here)

    with running(serve):
        yield here
