"""Webhooks as a way out: JSON as it is, or for the group robots of 企业微信 and 钉钉."""

import base64
import hmac
import json
import ssl
import time
from collections.abc import Mapping

import httpx

from flows.message import Message, UncertainError
from schemas.errors import ChannelError

_PATIENCE_SECONDS = 30
_LONGEST = {"generic": 1_000_000, "wecom": 4096, "dingtalk": 19_000}
"""Bytes of text, as it stands in JSON, that each takes; 钉钉 counts all of a body, up to 20,000."""

_BUSY = (-1, 45009, 130101)
"""What 企业微信 and 钉钉 answer where more is sent in a minute than they take, or have no time."""

_NOBODY_BEHIND = (502, 503, 504)
"""What a gateway answers when it does not reach the webhook; anything else is an answer of it."""


def send(address: str, style: str, secret: str | None, message: Message) -> None:
    """Post a message to a webhook, as `Send` says. Files are not carried: the text has links."""
    body = json.dumps(_body(style, message), ensure_ascii=False).encode()
    signed = _signed(style, secret, body)
    answer = _asked(
        "POST",
        _url(address).copy_merge_params(signed.get("parameters", {})),
        body,
        {"Content-Type": "application/json", **signed.get("headers", {})},
    )
    _require_taken(answer, style)


def knock(address: str) -> None:
    """See whether the webhook answers; raises what sending would raise up to there.

    It is asked what it can be asked for, which no webhook takes for a message. Whether it knows
    the key in its address shows only when it gets one.
    """
    url = _url(address)
    try:
        answer = _asked("OPTIONS", url)
    except UncertainError:
        raise ConnectionError(
            f"{url.host} takes connections and does not answer; check its address and port"
        ) from None
    if answer.status_code in _NOBODY_BEHIND:
        raise _unavailable(answer)


def _url(address: str) -> httpx.URL:
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme not in ("http", "https") or not url.host:
        # It is not told: it is a secret.
        raise ChannelError(
            "its file does not have the address of a webhook; write https://… into it"
        )
    return url


def _asked(
    method: str, url: httpx.URL, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> httpx.Response:
    try:
        return httpx.request(
            method,
            url,
            content=body,
            headers=headers,
            timeout=_PATIENCE_SECONDS,
            verify=ssl.create_default_context(),  # the authorities of this machine, as for mail
        )
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
        # The rest of the address is a secret.
        raise ConnectionError(f"{url.host}: {error or 'no connection in time'}") from None
    except httpx.HTTPError as error:
        raise UncertainError(
            f"{url.host} was lost before it answered: {type(error).__name__}"
        ) from None


def _body(style: str, message: Message) -> Mapping[str, object]:
    if style == "generic":
        return {"subject": message.subject, "text": _shortened(message.text, _LONGEST[style])}
    # Neither shows a subject: 企业微信 has none, and 钉钉 puts it into the list of chats alone.
    text = _shortened(f"**{message.subject}**\n\n{message.text}", _LONGEST[style])
    if style == "wecom":
        return {"msgtype": "markdown", "markdown": {"content": text}}
    return {"msgtype": "markdown", "markdown": {"title": message.subject, "text": text}}


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


def _require_taken(answer: httpx.Response, style: str) -> None:
    host = answer.url.host
    if answer.status_code >= 500 or answer.status_code == 429:
        raise _unavailable(answer)
    if not answer.is_success:  # nor is it where the webhook has moved to
        raise ChannelError(f"{host} answers {answer.status_code}; check its address and key")
    if style != "generic":
        try:
            told = answer.json()["errcode"], answer.json().get("errmsg")
        except (ValueError, LookupError, TypeError):
            raise ChannelError(f"{host} does not answer like {style}; check its address") from None
        if told[0] in _BUSY:
            raise ConnectionError(
                f"{host} answers {told[1]!r}; if it goes on, give each contact a robot of its own"
            )
        if told[0] != 0:
            raise ChannelError(f"{host} answers {told[1]!r}; check its address and key")


def _unavailable(answer: httpx.Response) -> ConnectionError:
    return ConnectionError(
        f"{answer.url.host} answers {answer.status_code}; if it goes on, ask who runs it"
    )


def _shortened(text: str, longest: int) -> str:
    """As many whole lines of a text as fit."""
    if _bytes_in_json(text) <= longest:
        return text
    left = longest - _bytes_in_json("…")
    kept = []
    for line in text.splitlines(keepends=True):
        left -= _bytes_in_json(line)
        if left < 0:
            break
        kept.append(line)
    return f"{''.join(kept)}…"


def _bytes_in_json(text: str) -> int:
    return len(json.dumps(text, ensure_ascii=False).encode()) - len('""')
