"""What Prefect's API answers, asked as its own clients do."""

import json
import time
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen


def asked(url: str, body: object = None) -> Any:
    """An answer of a server; with a body, to a POST."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(url, data, {"Content-Type": "application/json"})
    for pause_seconds in (1, 2, 4, 8, 16):
        try:
            return _answer(request)
        except HTTPError as error:
            # What Prefect says while its database is busy; its own clients ask again too.
            if error.code != HTTPStatus.SERVICE_UNAVAILABLE:
                raise
            time.sleep(pause_seconds)
    return _answer(request)


def _answer(request: Request) -> Any:
    with urlopen(request, timeout=30) as response:
        return json.load(response)
