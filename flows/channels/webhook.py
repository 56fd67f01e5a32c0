"""Webhooks as a way out: JSON as it is, or for the group robots of 企业微信 and 钉钉."""

import base64
import hmac
import json
import ssl
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

import httpx

from flows.message import Message, UncertainError
from schemas.errors import ChannelError

_PATIENCE_SECONDS = 30
_LONGEST = {"generic": 1_000_000, "wecom": 4096, "dingtalk": 20_000}
"""Bytes of text that each takes."""


def send(address: str, style: str, secret: str | None, message: Message) -> None:
    """Post a message to a webhook, as `Send` says. Files are not carried: the text has links."""
    body = json.dumps(_body(style, message), ensure_ascii=False).encode()
    signed = _signed(style, secret, body)
    host = urlsplit(address).hostname  # the rest of the address is a secret
    try:
        answer = httpx.post(
            httpx.URL(address).copy_merge_params(signed.get("parameters", {})),
            content=body,
            headers={"Content-Type": "application/json", **signed.get("headers", {})},
            timeout=_PATIENCE_SECONDS,
            verify=ssl.create_default_context(),  # the authorities of this machine, as for mail
        )
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        raise ConnectionError(f"{host}: {error}") from None
    except httpx.HTTPError as error:
        raise UncertainError(
            f"{host} was lost before it answered: {type(error).__name__}"
        ) from None
    _require_taken(host, style, answer)


def _body(style: str, message: Message) -> Mapping[str, object]:
    text = _shortened(message.text, _LONGEST[style])
    match style:
        case "wecom":
            return {"msgtype": "markdown", "markdown": {"content": text}}
        case "dingtalk":
            return {"msgtype": "markdown", "markdown": {"title": message.subject, "text": text}}
    return {"subject": message.subject, "text": text}


def _signed(style: str, secret: str | None, body: bytes) -> Mapping[str, Mapping[str, str]]:
    """What proves to the webhook that the message is ours."""
    if secret is None:
        return {}
    if style == "dingtalk":
        moment = str(round(time.time() * 1000))
        digest = hmac.digest(secret.encode(), f"{moment}\n{secret}".encode(), "sha256")
        return {"parameters": {"timestamp": moment, "sign": base64.b64encode(digest).decode()}}
    digest = hmac.digest(secret.encode(), body, "sha256")
    return {"headers": {"X-Huizong-Signature": f"sha256={digest.hex()}"}}


def _require_taken(host: str | None, style: str, answer: httpx.Response) -> None:
    if answer.status_code >= 500 or answer.status_code == 429:
        raise ConnectionError(f"{host} answers {answer.status_code}")
    if answer.is_error:
        raise ChannelError(f"{host} answers {answer.status_code}; check its address and key")
    if style != "generic":
        try:
            told = answer.json()
        except ValueError:
            raise ChannelError(f"{host} does not answer like {style}; check its address") from None
        if told.get("errcode") != 0:
            raise ChannelError(f"{host} answers {told.get('errmsg')!r}; check its address and key")


def _shortened(text: str, longest: int) -> str:
    """As many whole lines of a text as fit."""
    if len(text.encode()) <= longest:
        return text
    kept = text.encode()[: longest - 4].decode(errors="ignore")
    return f"{kept.rpartition(chr(10))[0]}\n…"
