"""Settings of the ways in and out: what stands under [[channels]], [upload], [mail], [[tell]].

Passwords and tokens stand in files of their own, so that `huizong.toml` can be shown to anybody.
"""

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, Self, get_args

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticUndefined

from flows.configuration.workers import Workers
from schemas.text import Closed

Security = Literal["tls", "starttls", "none"]


class Way(Closed):
    """What every way in has."""

    name: str = Field(
        min_length=1,
        description="What it is called in reports and beside each file that came by it.",
    )


class Place(Way):
    """Files somewhere: what folders, SFTP, WebDAV and other stores have in common."""

    sender: str | None = Field(
        default=None,
        description="The county, by code or name, whose place it is; unset, files of anybody.",
    )
    moved_to: str | None = Field(
        default=None,
        description="The subfolder into which a file is moved once it is kept; unset, it stays "
        "and is known again each night.",
    )


class FolderPlace(Place):
    """A further folder or mounted network share."""

    kind: Literal["folder"]
    path: Path = Field(description="The folder; it is searched with its subfolders.")


class SftpPlace(Place):
    """A folder on an SFTP server."""

    kind: Literal["sftp"]
    host: str = Field(description="The server.")
    port: int = Field(default=22, description="Its port.")
    user: str = Field(description="The user.")
    path: str = Field(default="/", description="The folder on the server.")
    password_file: Path | None = Field(
        default=None, description="A file with the password; unset, only the key is tried."
    )
    key_file: Path | None = Field(
        default=None, description="A file with the private key, without a passphrase."
    )
    known_hosts: Path = Field(
        description="A file with the server's public key, as `ssh-keyscan HOST` prints it."
    )


class WebdavPlace(Place):
    """A folder on a WebDAV server."""

    kind: Literal["webdav"]
    url: str = Field(description="The address of the folder, https://…")
    user: str = Field(description="The user.")
    password_file: Path = Field(description="A file with the password.")


class StorePlace(Place):
    """Anything else that fsspec reaches, as an S3 bucket (`pip install huizong[s3]`)."""

    kind: Literal["store"]
    url: str = Field(description="Where, in the words of fsspec, as s3://bucket/folder.")
    options: dict[str, str | bool | int] = Field(
        default={},
        description="What fsspec's file system is told besides, by name, as endpoint_url. "
        "Keys are better in the environment, as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
    )


class Mailbox(Way):
    """The attachments of the mail in an IMAP mailbox."""

    kind: Literal["imap"]
    host: str = Field(description="The server.")
    port: int = Field(default=993, description="Its port.")
    security: Security = Field(default="tls", description="tls, starttls or none.")
    user: str = Field(description="The user.")
    password_file: Path = Field(description="A file with the password.")
    folder: str = Field(default="INBOX", description="The folder of the mailbox that is read.")
    moved_to: str = Field(
        default="huizong",
        description="The folder into which a message is moved once its attachments are kept.",
    )
    senders: dict[str, str] = Field(
        default={},
        description="Whose an address (a@b.cn) or domain (@b.cn) is: a county by code or name.",
    )

    @model_validator(mode="after")
    def _starttls_has_a_port(self) -> Self:
        if self.security == "starttls" and self.port == 993:
            raise ValueError(f'{self.name}: port 993 is for security = "tls"; set port = 143')
        return self


AnyWay = Annotated[
    FolderPlace | SftpPlace | WebdavPlace | StorePlace | Mailbox, Field(discriminator="kind")
]


class Upload(Closed):
    """The upload page and address that `huizong upload` opens behind a TLS proxy."""

    host: str = Field(default="127.0.0.1", description="The address of this machine to listen on.")
    port: int = Field(default=8710, description="The port.")
    tokens_file: Path = Field(
        default=Path("upload-tokens.json"),
        description="The digests of the counties' tokens, written by `huizong token`.",
    )


class Mail(Closed):
    """The SMTP server by which huizong sends mail."""

    host: str = Field(description="The server.")
    port: int = Field(default=465, description="Its port.")
    security: Security = Field(default="tls", description="tls, starttls or none.")
    user: str | None = Field(default=None, description="The user; unset, without logging in.")
    password_file: Path | None = Field(default=None, description="A file with the password.")
    sender: str = Field(description="The address it is sent from, as 汇总 <huizong@example.cn>.")


class Contact(Closed):
    """Somebody who is told things: by mail, or in a group chat."""

    name: str = Field(min_length=1, description="What the contact is called in reports.")
    who: str = Field(
        description="stewards, who get the report of each night and what is long overdue; or a "
        "county, by code or name, which gets what is found in its returns, and reminders."
    )
    mail: tuple[str, ...] = Field(default=(), description="Mail addresses, told together.")
    webhook_file: Path | None = Field(
        default=None, description="A file with the address of a webhook, which is a secret."
    )
    style: Literal["generic", "wecom", "dingtalk"] = Field(
        default="generic",
        description="What the webhook takes: JSON as it is, or that of 企业微信 or 钉钉.",
    )
    secret_file: Path | None = Field(
        default=None,
        description="A file with the key by which what is sent to the webhook is signed.",
    )
    attach: bool = Field(
        default=True, description="Whether lists are attached to mail; else links are enough."
    )

    @model_validator(mode="after")
    def _has_one_way(self) -> Self:
        if bool(self.mail) == (self.webhook_file is not None):
            raise ValueError(f"{self.name}: give either mail or webhook_file")
        return self


def described() -> Iterator[tuple[str, str, list[tuple[str, str, str]]]]:
    """Every table of settings: its heading, what it is, and its settings as in `shown`."""
    for model in (FolderPlace, SftpPlace, WebdavPlace, StorePlace, Mailbox):
        (kind,) = get_args(model.model_fields["kind"].annotation)
        yield f'[[channels]] kind = "{kind}"', inspect.getdoc(model) or "", list(shown(model))
    tables: dict[str, type[BaseModel]] = {
        "[upload]": Upload,
        "[mail]": Mail,
        "[[tell]]": Contact,
        "[workers]": Workers,
    }
    for title, table in tables.items():
        yield title, inspect.getdoc(table) or "", list(shown(table))


def shown(model: type[BaseModel]) -> Iterator[tuple[str, str, str]]:
    """Each setting of a model: its name, its default as TOML, blank without one, its sentence."""
    for name, field in model.model_fields.items():
        if field.description is not None:
            yield name, _toml(field.default), field.description


def _toml(value: object) -> str:
    if value is None or value is PydanticUndefined:
        return ""
    if isinstance(value, bool | int):
        return str(value).lower()
    if isinstance(value, tuple | dict):
        return "{}" if isinstance(value, dict) else f"[{', '.join(map(_toml, value))}]"
    return f'"{value}"'
