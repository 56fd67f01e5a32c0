"""The upload channel: a county sends a file over HTTPS and is told at once what is found in it.

The bytes are kept before they are looked at, so that whatever happens then, the night has them.
TLS is the proxy's; the proxy also says how many may knock at once.
"""

import logging
import os
import time
from collections.abc import Mapping
from pathlib import PurePosixPath
from threading import Lock
from typing import Annotated
from urllib.parse import unquote_to_bytes

from fastapi import FastAPI, Header, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.requests import ClientDisconnect

from flows import process, tokens
from flows.channels.place import LARGEST_BYTES, readable
from flows.checking import reading
from flows.console import OUTSIDE_ERRORS, reason
from flows.house import House
from schemas import causes, messages
from schemas.filing import Received
from schemas.findings import Finding, has_errors
from schemas.models import OrgUnit
from schemas.text import Text

CHANNEL = "upload"
_PAGE = "/"
_SEVERITIES = {
    "error": Text(zh="强制性", en="error"),
    "warning": Text(zh="核实性", en="warning"),
    "notice": Text(zh="提示性", en="notice"),
}
_REFUSED = Text(zh="口令不正确。", en="This token is not known.")
_TOO_LARGE = Text(
    zh=f"文件过大，超过{LARGEST_BYTES >> 20} MB。",
    en=f"The file is too large: over {LARGEST_BYTES >> 20} MB.",
)
_NO_FILE = Text(zh="没有选择文件。", en="No file was chosen.")
_CUT = Text(zh="传送中断。", en="The connection was cut.")
_NOT_NOW = Text(
    zh="现在不能接收或审核，请稍后重新报送；重复报送没有坏处。",
    en="Nothing can be taken or checked now. Send it again later; that never does harm.",
)
_log = logging.getLogger(__name__)


def app(house: House) -> FastAPI:
    """The application: a page with a file field at /, and PUT /returns/NAME for programs."""
    door = _Door(house)
    served = FastAPI(title="huizong upload", docs_url=None, redoc_url=None, openapi_url=None)

    @served.get(_PAGE, response_class=HTMLResponse)
    def page() -> str:
        return door.page()

    @served.post(_PAGE, response_class=HTMLResponse)
    async def by_page(request: Request) -> str:
        door.require_length(request)  # before anything of it is read
        async with request.form() as form:
            county = door.admitted(str(form.get("token", "")))
            file = form.get("file")
            if not isinstance(file, UploadFile) or not file.filename:
                raise HTTPException(400, _NO_FILE.in_(house.language))
            content = await file.read()
        return door.page(await run_in_threadpool(door.take, file.filename, content, county))

    @served.put("/returns/{name}")
    async def by_program(
        request: Request, authorization: Annotated[str, Header()] = ""
    ) -> Mapping[str, object]:
        door.require_length(request)
        county = door.admitted(authorization.removeprefix("Bearer "))
        name = unquote_to_bytes(request.scope["raw_path"]).rpartition(b"/")[2]
        content = await request.body()
        return await run_in_threadpool(door.take, readable(os.fsdecode(name)), content, county)

    @served.exception_handler(AnyHTTPException)
    def refused(request: Request, error: AnyHTTPException) -> Response:
        return door.refusal(request, error.status_code, error.detail)

    @served.exception_handler(ClientDisconnect)
    def cut(request: Request, _error: ClientDisconnect) -> Response:
        return door.refusal(request, 400, _CUT.in_(house.language))  # for the log: nobody hears it

    def failed(request: Request, error: Exception) -> Response:
        _log.error(reason(error))
        return door.refusal(request, 503, _NOT_NOW.in_(house.language))

    for outside in OUTSIDE_ERRORS:
        served.add_exception_handler(outside, failed)
    return served


class _Door:
    """What stands behind the two addresses."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._checking = Lock()
        environment = Environment(
            loader=PackageLoader("flows.channels"), autoescape=True, undefined=StrictUndefined
        )
        self._template = environment.get_template("upload.html")

    def page(self, answer: Mapping[str, object] | None = None, refused: str | None = None) -> str:
        """The page, with the answer to what was sent, or why it was not taken."""
        title = self._house.scheme.title.in_(self._house.language)
        return self._template.render(
            answer=answer,
            refused=refused,
            title=title,
            chinese=self._house.language == "zh",
            largest=LARGEST_BYTES >> 20,
        )

    def refusal(self, request: Request, status: int, why: str) -> Response:
        """Why nothing was taken: on the page for a person, as JSON for a program."""
        address = request.client.host if request.client else None
        _log.warning(
            "%(status)d to %(method)s from %(address)s",
            {"status": status, "method": request.method, "address": address},
        )
        if request.url.path == _PAGE:
            return HTMLResponse(self.page(refused=why), status)
        return JSONResponse({"detail": why}, status)

    def require_length(self, request: Request) -> None:
        """Refuse what is too large, or may be, before it is read."""
        length = request.headers.get("content-length", "")
        if not length.isdecimal():
            raise HTTPException(411, self._in(Text(zh="缺少长度。", en="Its length is missing.")))
        if int(length) > LARGEST_BYTES:
            raise HTTPException(413, self._in(_TOO_LARGE))

    def admitted(self, token: str) -> OrgUnit:
        """Whose token it is."""
        site = self._house.site
        assert site.settings.upload is not None
        county = tokens.county_of(site.folder / site.settings.upload.tokens_file, token)
        if county is None:
            raise HTTPException(401, self._in(_REFUSED))
        return self._house.scheme.county(county)

    def take(self, name: str, content: bytes, county: OrgUnit) -> Mapping[str, object]:
        """Keep a file and say what is found in it."""
        began = time.monotonic()
        house = self._house
        at = house.moment()
        name = PurePosixPath(name.replace("\\", "/")).name
        received = Received(name, content, CHANNEL, county.name.in_(house.scheme.language))
        new = process.keep(house, [received], at)
        with self._checking:  # Great Expectations has one context for all
            files = [received, *reading.files_in(received)]
            read = [process.read(house.scheme, file, at) for file in files]
            checked = process.check(house.scheme, read, process.accepted(house, read))
        found = [finding for file in checked for finding in file.findings]
        # Neither its name nor what stands in it: either may name persons.
        _log.info(
            "kept %(sha256)s of %(county)s (%(bytes)d bytes), %(findings)d findings in "
            "%(seconds).1f s",
            {
                "sha256": received.sha256,
                "county": county.code,
                "bytes": len(content),
                "new": new > 0,
                "findings": len(found),
                "seconds": round(time.monotonic() - began, 3),
            },
        )
        return {
            "sha256": received.sha256,
            "name": name,
            "county": county.code,
            "county_name": county.name.in_(house.language),
            "forms": [
                {"period": filing.period, "form": filing.form}
                for file in read
                for filing in file.reading.filings
            ],
            "new": new > 0,
            "acceptable": not has_errors(found),
            "findings": [self._told(finding) for finding in found],
        }

    def _told(self, finding: Finding) -> Mapping[str, object]:
        said = (messages.fact, causes.diagnosis, messages.remedy)
        words = [text for say in said if (text := say(finding, self._house.language))]
        return {
            "severity": finding.severity.value,
            "severity_text": self._in(_SEVERITIES[finding.severity.value]),
            "code": finding.code,
            "form": finding.form,
            "period": finding.period,
            "cells": [str(cell) for cell in finding.each_area],
            "text": " ".join(words),
        }

    def _in(self, text: Text) -> str:
        return text.in_(self._house.language)
