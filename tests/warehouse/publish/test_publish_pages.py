import re
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest

from schemas.text import Language
from warehouse.consolidation.contents import PublicationContents
from warehouse.publish.edition import Edition
from warehouse.publish.pages import bars, pages, tiles
from warehouse.publish.release import drawn


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("href", "src") and value]


def links(page: bytes) -> list[str]:
    parser = Links()
    parser.feed(page.decode())
    return parser.found


@pytest.fixture(scope="module")
def index(edition: Edition) -> str:
    return pages(edition)["index.html"].decode()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_fetch_nothing(contents: PublicationContents, language: Language) -> None:
    for page in pages(Edition(contents, language)).values():
        assert not [link for link in links(page) if urlsplit(link).scheme or link.startswith("//")]
        assert not re.search(rb"@import|url\(|<script|<link|<img", page)


def test_every_link_leads_to_a_file_of_the_publication(small: PublicationContents) -> None:
    files = drawn(Edition(small, "zh"))
    for name in ("index.html", "validation.html"):
        for link in links(files[name]):
            assert unquote(link) in (*files, "../0002/index.html")


def test_every_file_of_the_publication_is_linked_from_the_index(
    small: PublicationContents,
) -> None:
    files = drawn(Edition(small, "zh"))
    linked = {unquote(link) for link in links(files["index.html"])}
    assert set(files) - linked == {"index.html"}


def test_the_index_states_what_it_is_and_that_it_is_provisional(index: str) -> None:
    assert "<h1>临汾市汇总表</h1>" in index
    assert "发布编号：2003H1-0003　数据截至：2003-07-11 02:30（北京时间）" in index
    assert "尚有2张报表未收齐，本次为初步汇总。" in index


def test_the_index_shows_standings_figures_and_revisions(index: str) -> None:
    assert '<td class="missing" title="未报">○</td>' in index
    assert '<td class="refused" title="退回">✗</td>' in index
    assert '<span style="--swatch: var(--refused-fill)">✗ 退回</span>' in index
    assert "<dt>上年末累计</dt><dd>141,016 <small>个</small></dd>" in index
    assert '<td class="number">+10</td>' in index


def test_the_index_links_the_earlier_publication_only_when_there_is_one(
    contents: PublicationContents, index: str
) -> None:
    assert 'href="../0002/index.html"' in index
    first = pages(Edition(replace(contents, serial=1), "zh"))["index.html"].decode()
    assert "../" not in first


def test_bars_are_relative_to_the_county_with_the_most_findings(edition: Edition) -> None:
    found = {bar.name: (bar.counts, bar.shares) for bar in bars(edition)}
    assert found["汾西县"] == ((2, 0, 0), (100.0, 0.0, 0.0))
    assert found["尧都区"] == ((0, 1, 1), (0.0, 50.0, 50.0))
    assert found["未能辨认县(市、区)"] == ((1, 0, 0), (50.0, 0.0, 0.0))


def test_a_bar_has_a_part_for_what_was_found_and_none_for_what_was_not(index: str) -> None:
    drawn = {
        name: re.findall(r'<i class="(\w+)"', parts)
        for name, parts in re.findall(r'<span>(\S+)</span><span class="bar">(.*?)</span>', index)
    }
    assert drawn["汾西县"] == ["error"]
    assert drawn["尧都区"] == ["warning", "notice"]
    assert drawn["浮山县"] == []


def test_where_there_is_room_a_standing_is_a_word(small: PublicationContents) -> None:
    page = pages(Edition(small, "en"))["index.html"].decode()
    assert '<td class="refused">refused</td>' in page
    assert "✗" not in page


def test_a_county_that_lacks_all_it_owes_is_told_so_in_a_word(
    contents: PublicationContents,
) -> None:
    xi = contents.scheme.county("141031")
    lacked = [table for table in contents.tables if table.form.code == "R04"]
    twice = replace(contents, tables=(*lacked, *lacked))
    assert Edition(twice, "zh").lacking_forms(xi) == ["应报的全部2张报表"]
    assert Edition(contents, "zh").lacking_forms(xi) == ["R04 沼气池建设进度表"]


def test_all_17_counties_have_a_tile_of_their_own_on_the_map(edition: Edition) -> None:
    found = tiles(edition)
    assert len({(tile.row, tile.column) for tile in found}) == 17
    fenxi = next(tile for tile in found if tile.name == "汾西县")
    assert (fenxi.standing, fenxi.count) == ("refused", 2)


def test_failing_checks_come_first_with_their_cells(edition: Edition) -> None:
    page = pages(edition)["validation.html"].decode()
    section = page[page.index("不通过的审核关系") : page.index("各表的全部审核关系")]
    assert re.findall(r'id="(biogas-R04-[a-z]+)"', section) == ["biogas-R04-sealed"]
    assert "R04 沼气池建设进度表!F8、E8</a>" in section
    assert '<td class="number">15</td><td class="number">1</td><td class="number">1</td>' in section


def test_what_a_county_wrote_cannot_become_markup(contents: PublicationContents) -> None:
    copy = replace(contents.copies["141034"][0], file_name="<b>a</b>.xlsx")
    changed = replace(contents, copies={"141034": (copy,)})
    page = pages(Edition(changed, "zh"))["index.html"].decode()
    assert "<b>" not in page
