"""`python picture.py ADDRESS USER PASSWORD CHROMIUM PICTURE`: the dashboard, opened in a browser.

It runs in Superset's environment. What every chart shows is what Superset's REST API answers the
page: an answer that is an error or without a value, and a chart that asks nothing, end it with 1.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlparse

from playwright.sync_api import Page, Response, sync_playwright

SIZE = {"width": 1600, "height": 1880}  # all of it: what is out of sight is not drawn
LONGEST = 180  # seconds


def draw(page: Page, address: str, picture: Path) -> list[str]:
    """Take the picture; says what is wrong with charts."""
    answers: dict[int, Response] = {}

    def remember(response: Response) -> None:
        if (chart := _chart_of(response.url)) is not None:
            answers[chart] = response

    page.on("response", remember)
    page.goto(f"{address}/superset/dashboard/huizong/?standalone=1")
    listed = page.request.get(f"{address}/api/v1/dashboard/huizong/charts")
    if not listed.ok:
        return [listed.text()]
    charts = listed.json()["result"]
    for _ in range(LONGEST):
        if len(answers) == len(charts):
            break
        page.wait_for_timeout(1000)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(3000)  # until what moves has come to rest
    page.screenshot(path=picture)
    return [
        f"{chart['slice_name']}: {wrong}"
        for chart in charts
        for wrong in _wrong_with(answers.get(chart["id"]))
    ]


def _log_in(page: Page, address: str, user: str, password: str) -> None:
    page.goto(f"{address}/login/")
    page.locator("input[name=username], #username").first.fill(user)
    page.locator("input[type=password]").first.fill(password)
    page.locator("button[type=submit], input[type=submit]").first.click()
    page.wait_for_url("**/welcome/**", timeout=LONGEST * 1000)


def _chart_of(url: str) -> int | None:
    """Which chart asks for its data there, if one does."""
    parsed = urlparse(url)
    if parsed.path != "/api/v1/chart/data":
        return None
    asked = json.loads(parse_qs(parsed.query).get("form_data", ["{}"])[0])
    chart: int | None = asked.get("slice_id")
    return chart


def _wrong_with(answer: Response | None) -> Iterator[str]:
    if answer is None:
        yield "asked for nothing"
    elif not answer.ok:
        yield answer.text()
    else:
        for result in answer.json()["result"]:
            if not any(value is not None for row in result["data"] for value in row.values()):
                yield "nothing to show"


def main(address: str, user: str, password: str, chromium: str, picture: str) -> None:
    """Say which charts are wrong."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, locale="zh-CN", timezone_id="Asia/Shanghai")
        page.set_default_timeout(LONGEST * 1000)
        _log_in(page, address, user, password)
        wrong = draw(page, address, Path(picture))
        browser.close()
    sys.exit("\n".join(wrong) or None)


if __name__ == "__main__":
    main(*sys.argv[1:])
