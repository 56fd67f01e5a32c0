"""The upload channel: a county sends a file over HTTPS and is told at once what is found in it.

The bytes are kept before they are looked at, so that whatever happens then, the night has them.
TLS is the proxy's; the proxy also says how many may knock at once.
"""

from collections.abc import Mapping
from pathlib import PurePosixPath
from threading import Lock
from typing import Annotated

from fastapi import FastAPI, File, Form, Header, HTTPException, Request, UploadFile
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from flows import process, tokens
from flows.channels.place import LARGEST_BYTES
from flows.checking import reading
from flows.house import House
from schemas import causes, messages
from schemas.filing import Received
from schemas.findings import Finding, has_errors
from schemas.models import OrgUnit
from schemas.text import Text

CHANNEL = "upload"
_SEVERITIES = {
    "error": Text(zh="强制性", en="error"),
    "warning": Text(zh="核实性", en="warning"),
    "notice": Text(zh="提示性", en="notice"),
}
_REFUSED = Text(zh="口令不正确。", en="This token is not known.")
_TOO_LARGE = Text(zh="文件过大。", en="The file is too large.")


def app(house: House) -> FastAPI:
    """The application: a page with a file field at /, and PUT /returns/NAME for programs."""
    door = _Door(house)
    served = FastAPI(title="huizong upload", docs_url=None, redoc_url=None, openapi_url=None)

    @served.get("/", response_class=HTMLResponse)
    def page() -> str:
        return door.page()

    @served.post("/", response_class=HTMLResponse)
    async def by_page(
        request: Request, token: Annotated[str, Form()], file: Annotated[UploadFile, File()]
    ) -> str:
        county = door.admitted(request, token)
        content = await file.read()
        return door.page(await run_in_threadpool(door.take, file.filename or "", content, county))

    @served.put("/returns/{name}")
    async def by_program(
        request: Request, name: str, authorization: Annotated[str, Header()] = ""
    ) -> Mapping[str, object]:
        county = door.admitted(request, authorization.removeprefix("Bearer "))
        return await run_in_threadpool(door.take, name, await request.body(), county)

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

    def page(self, answer: Mapping[str, object] | None = None) -> str:
        """The page, with the answer to what was sent."""
        title = self._house.scheme.title.in_(self._house.language)
        return self._template.render(
            answer=answer, title=title, chinese=self._house.language == "zh"
        )

    def admitted(self, request: Request, token: str) -> OrgUnit:
        """Whose token it is. Refuses what is too large before it is read."""
        length = request.headers.get("content-length", "")
        if not length.isdecimal():
            raise HTTPException(411, self._in(Text(zh="缺少长度。", en="Its length is missing.")))
        if int(length) > LARGEST_BYTES:
            raise HTTPException(413, self._in(_TOO_LARGE))
        site = self._house.site
        assert site.settings.upload is not None
        county = tokens.county_of(site.folder / site.settings.upload.tokens_file, token)
        if county is None:
            raise HTTPException(401, self._in(_REFUSED))
        return self._house.scheme.county(county)

    def take(self, name: str, content: bytes, county: OrgUnit) -> Mapping[str, object]:
        """Keep a file and say what is found in it."""
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
        return {
            "sha256": received.sha256,
            "county": county.code,
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
