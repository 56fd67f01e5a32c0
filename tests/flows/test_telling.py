"""People are told what they need to know, once, by real servers on loopback."""

import base64
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from flows.alarm import alarm
from flows.channels import webhook
from flows.configuration.settings import Site
from flows.configuration.ways import Contact
from flows.house import closing_houses
from flows.message import Message, UncertainError
from flows.server import free_port
from flows.telling import letters, telling
from flows.telling.report import NightReport
from flows.telling.telling import Telling
from schemas.errors import ChannelError, SettingsError
from schemas.findings import Severity
from tests.flows.nights import NORTHSHORE, Desk
from tests.flows.people import Post, Robot, open_post, open_robot
from tests.flows.published import published
from warehouse import notices
from warehouse.engine import reading
from warehouse.judging.closings import Turn, turn_period
from warehouse.judging.reviews import Decision
from warehouse.stewards.news import FiledForm, NewFile
from warehouse.tables import metadata

QUIET = NightReport(1, 0, 0, (), ())


@pytest.fixture
def post() -> Iterator[Post]:
    taken = Post(free_port())
    with open_post(taken):
        yield taken


@pytest.fixture
def robot() -> Iterator[Robot]:
    with open_robot() as known:
        yield known


@pytest.fixture
def desk(tmp_path: Path, post: Post, robot: Robot) -> Desk:
    """A site that tells the stewards and Northshore by mail."""
    opened = Desk(tmp_path / "site")
    folder = opened.house.site.folder
    (folder / "password").write_text(post.password)
    (folder / "robot").write_text(robot.address)
    (folder / "key").write_text("signing key")
    with (folder / "huizong.toml").open("a", encoding="utf-8") as file:
        file.write(f"""
published_url = "https://stat.example.cn/published"

[mail]
host = "127.0.0.1"
port = {post.port}
security = "none"
user = "huizong"
password_file = "password"
sender = "汇总 <huizong@example.cn>"

[[tell]]
name = "数据科"
who = "stewards"
mail = ["desk@example.cn", "it@example.cn"]

[[tell]]
name = "北岸"
who = "Northshore"
mail = ["clerk@north.example"]
""")
    opened.house.site.settings = Site(folder).settings
    return opened


def night(desk: Desk, report: NightReport = QUIET) -> list[Telling]:
    desk.night()
    return after_night(desk, report, desk.at)


def after_night(desk: Desk, report: NightReport, at: datetime) -> list[Telling]:
    """What counties and stewards are to be told, had nobody been told meanwhile."""
    return [*telling.of_returns(desk.house, at), *telling.of_night(desk.house, report, at)]


def test_a_county_is_told_once_what_was_found_with_its_list_attached(
    desk: Desk, post: Post
) -> None:
    desk.report("2014", pupils=300)
    tellings = night(desk)
    assert [each.notice.recipient for each in tellings] == ["北岸", "数据科"]
    for each in [*tellings, *tellings]:
        telling.tell(desk.house, each)
    county, stewards = post.letters
    assert (county["To"], stewards["To"]) == (
        "clerk@north.example",
        "desk@example.cn, it@example.cn",
    )
    assert county["Subject"] == "Northshore: 1 forms accepted, 2 refused"
    body = county.get_body()
    assert body is not None
    text = body.get_content()
    lines = text.splitlines()
    assert "  - 2014 accepted 1: S1" in lines
    for name in ("herd", "water"):
        form = desk.house.scheme.form(name)
        assert f"  - 2014 {form.code} {form.title.en}: refused" in lines
    link = "https://stat.example.cn/published/2014/latest/counties/990102-"
    assert text.index(f"\r\n\r\n{link}") < text.index("2014-300.xlsx")  # a robot cuts a text behind
    (attached,) = county.iter_attachments()
    assert attached.get_content()[:2] == b"PK"
    assert after_night(desk, QUIET, desk.house.moment()) == []


def test_what_is_to_be_verified_is_asked_for_though_nothing_was_refused(desk: Desk) -> None:
    forms = (FiledForm("school", "2014", 1, "accepted"),)
    warned = NewFile("x.xlsx", NORTHSHORE, forms, {Severity.WARNING: 1}, ())
    clean = NewFile("y.xlsx", NORTHSHORE, forms, {Severity.WARNING: 0}, ())
    county = desk.house.scheme.county(NORTHSHORE)
    for file, asked in ((warned, True), (clean, False)):
        _, text = letters.of_returns(desk.house.scheme, county, [file], [], [], "en")
        assert ("write the reason into the list" in text) is asked


def test_what_failed_is_told_the_next_time_together_with_what_is_new(
    desk: Desk, post: Post
) -> None:
    password = desk.house.site.folder / "password"
    password.write_text("wrong")
    desk.report("2014", pupils=100)
    county, _ = night(desk)
    with pytest.raises(ChannelError, match=r"does not let huizong in; check user and password"):
        telling.tell(desk.house, county)
    password.write_text(post.password)
    desk.report("2015", pupils=100)
    county, _ = night(desk)
    telling.tell(desk.house, county)
    (letter,) = post.letters
    text = str(letter)
    assert "2014-100.xlsx" in letter.get_body().get_content()  # type: ignore[union-attr]
    assert "2015-100.xlsx" in letter.get_body().get_content()  # type: ignore[union-attr]
    assert "letmein" not in text


def test_that_a_period_is_not_open_is_told_in_one_list_and_once_to_stewards(desk: Desk) -> None:
    desk.report("2014", pupils=100)
    desk.report("2015", pupils=100)
    night(desk)
    desk.report("2017", pupils=100)
    county, stewards = night(desk)
    told = "The period 2017 is not open; open are: "
    assert f"- 2017-100.xlsx (error 1)\n  - {told}" in county.message.text
    assert f"Northshore 2017-100.xlsx: {told}" in stewards.message.text
    assert [row["File"] for row in desk.rows("2015") if "2017" in str(row["What is wrong"])] == [
        "2017-100.xlsx"
    ]
    assert [row for row in desk.rows("2014") if "2017" in str(row["What is wrong"])] == []
    for each in (county, stewards):
        telling.tell(desk.house, each)
    failed = NightReport(1, 0, 0, (), (), failures=("disk",))
    (later,) = after_night(desk, failed, desk.house.moment())
    assert "2017" not in later.message.text


def test_what_may_have_arrived_is_never_sent_again_and_reported(desk: Desk, post: Post) -> None:
    desk.report("2014", pupils=100)
    post.hangs_up = True
    county, _ = night(desk)
    with pytest.raises(UncertainError, match="was lost while"):
        telling.tell(desk.house, county)
    post.hangs_up = False
    telling.tell(desk.house, county)
    assert len(post.letters) == 1
    (stewards,) = after_night(desk, QUIET, desk.house.moment())
    assert "nobody knows whether they arrived" in stewards.message.text
    assert "北岸: returns" in stewards.message.text
    telling.tell(desk.house, stewards)
    desk.report("2015", pupils=100)
    county, stewards = night(desk, NightReport(2, 1, 1, (), ()))
    assert "nobody knows" not in stewards.message.text
    assert "2014-100.xlsx" not in county.message.text


def test_what_a_server_answers_to_a_good_bye_sends_nothing_again(desk: Desk, post: Post) -> None:
    desk.report("2014", pupils=100)
    county, _ = night(desk)
    post.good_bye = "421 too many connections"
    assert telling.tell(desk.house, county)
    assert not telling.tell(desk.house, county)
    assert len(post.letters) == 1


def test_a_password_that_no_mail_server_can_have_is_named(desk: Desk) -> None:
    (desk.house.site.folder / "password").write_text("口令", encoding="utf-8")
    desk.report("2014", pupils=100)
    county, _ = night(desk)
    with pytest.raises(ChannelError, match="not ASCII; correct them"):
        telling.tell(desk.house, county)


class _Ahead(datetime):
    """A clock that is a day fast."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) + timedelta(days=1)


def test_a_clock_that_is_set_back_a_day_puts_nothing_before_what_it_corrects_and_tells_it_once(
    desk: Desk, post: Post
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("flows.house.datetime", _Ahead)
        desk.report("2014", pupils=100)
        for each in night(desk):
            telling.tell(desk.house, each)
        ahead = desk.at
    desk.report("2014", pupils=50)
    county, _ = night(desk, NightReport(2, 1, 1, (), ()))
    assert desk.at > ahead > datetime.now(UTC)
    assert "2014-50.xlsx" in county.message.text
    assert "2014-100.xlsx" not in county.message.text
    schools = published(desk.house.site.folder, "2014", "school")
    assert schools[NORTHSHORE]["primary_pupils"] == "50"


def test_a_server_that_is_away_may_be_tried_again(desk: Desk) -> None:
    settings = desk.house.site.settings
    assert settings.mail is not None
    away = settings.mail.model_copy(update={"port": free_port()})
    desk.house.site.settings = settings.model_copy(update={"mail": away})
    desk.report("2014", pupils=100)
    county, _ = night(desk)
    with pytest.raises(OSError, match="refused"):
        telling.tell(desk.house, county)
    desk.house.site.settings = settings
    telling.tell(desk.house, county)


@pytest.mark.parametrize("style", ["generic", "wecom", "dingtalk"])
def test_a_robot_takes_what_is_told_with_its_signature(
    desk: Desk, robot: Robot, style: str
) -> None:
    by_robot = {"mail": (), "webhook_file": "robot", "style": style, "secret_file": "key"}
    stewards = Contact(**desk.house.site.settings.tell[0].model_dump() | by_robot)
    desk.house.site.settings = desk.house.site.settings.model_copy(update={"tell": (stewards,)})
    (told,) = night(desk)
    telling.tell(desk.house, told)
    ((path, headers, body),) = robot.posted
    sent, asked = json.loads(body), parse_qs(urlsplit(path).query)
    text, headed = told.message.text, f"**{told.message.subject}**\n\n"
    assert asked["key"] == ["secret"]
    match style:
        case "generic":
            assert sent == {"subject": told.message.subject, "text": text}
            digest = hmac.digest(b"signing key", body, "sha256").hex()
            assert headers["X-Huizong-Signature"] == f"sha256={digest}"
        case "wecom":
            assert sent == {"msgtype": "markdown", "markdown": {"content": f"{headed}{text}"}}
        case "dingtalk":
            assert sent["markdown"] == {
                "title": told.message.subject,
                "text": f"{headed}{text}",
            }
            (moment,), (sign,) = asked["timestamp"], asked["sign"]
            stamped = f"{moment}\nsigning key".encode()
            assert base64.b64decode(sign) == hmac.digest(b"signing key", stamped, "sha256")

    robot.answer = b'{"errcode": 93000, "errmsg": "invalid webhook url"}'
    again = after_night(desk, NightReport(1, 1, 1, (), ()), desk.at)
    assert len(again) == 1
    later = Telling(notices.Notice("night", "later", stewards.name, desk.at), again[0].message)
    if style != "generic":
        with pytest.raises(ChannelError, match="invalid webhook url") as raised:
            telling.tell(desk.house, later)
        assert "secret" not in str(raised.value)


def test_what_a_webhook_answers_says_whether_it_may_be_told_again(robot: Robot) -> None:
    message = Message("Night", "done")
    known = {301: ChannelError, 403: ChannelError, 503: ConnectionError, 429: ConnectionError}
    for status, told in known.items():
        robot.status = status
        with pytest.raises(told, match=f"answers {status}") as raised:
            webhook.send(robot.address, "generic", None, message)
        assert "secret" not in str(raised.value)
    robot.status, robot.answer = 200, b"[]"
    with pytest.raises(ChannelError, match="does not answer like wecom"):
        webhook.send(robot.address, "wecom", None, message)
    with pytest.raises(ChannelError, match="write https://… into it"):
        webhook.send("qyapi.example.cn/send?key=secret", "wecom", None, message)
    robot.hangs_up = True
    with pytest.raises(UncertainError, match="was lost before it answered"):
        webhook.send(robot.address, "generic", None, message)
    assert len(robot.posted) == 6


def test_a_robot_that_has_had_enough_for_a_minute_may_be_told_again(robot: Robot) -> None:
    robot.answer = b'{"errcode": 45009, "errmsg": "api freq out of limit"}'
    with pytest.raises(ConnectionError, match=r"api freq out of limit.*robot of its own"):
        webhook.send(robot.address, "wecom", None, Message("Night", "done"))


@pytest.mark.parametrize(("style", "field"), [("wecom", "content"), ("dingtalk", "text")])
def test_what_is_too_long_for_a_robot_is_cut_behind_a_line_and_says_so(
    robot: Robot, style: str, field: str
) -> None:
    lines = [f'- 隰县\t"{number}": 未接收' for number in range(2000)]
    webhook.send(robot.address, style, None, Message("晨报", "\n".join(lines)))
    ((_, _, body),) = robot.posted
    first, _, *kept, last = json.loads(body)["markdown"][field].split("\n")
    assert (first, last) == ("**晨报**", "…")
    assert kept == lines[: len(kept)]
    longest = {"wecom": 4096, "dingtalk": 20_000}[style]
    sent = body if style == "dingtalk" else json.loads(body)["markdown"][field].encode()
    assert longest * 0.8 < len(sent) <= longest


def test_that_a_night_failed_is_told_with_what_to_do_even_without_the_warehouse(
    desk: Desk, post: Post
) -> None:
    folder = desk.house.site.folder
    assert list(alarm(folder, "nightly", "exit-code 1")) == [
        "the night came to its end, and its own report says what failed"
    ]
    settings = folder / "huizong.toml"
    gone = f"postgresql://nobody@127.0.0.1:{free_port()}/gone"
    settings.write_text(f'database_url = "{gone}"\n{settings.read_text(encoding="utf-8")}')
    with closing_houses():
        pass  # it is opened anew, as by a process of its own
    assert list(alarm(folder, "nightly", "oom-kill KILL")) == ["数据科: told"]
    (letter,) = post.letters
    assert letter["Subject"] == "huizong: the night of site failed"
    body = letter.get_body()
    assert body is not None
    text = body.get_content()
    assert "did not come to its end (oom-kill KILL)" in text
    assert "- scheme and warehouse: " in text
    assert "Check that the folder or server exists" in text


def test_a_night_that_failed_has_somebody_to_tell(tmp_path: Path) -> None:
    (tmp_path / "huizong.toml").write_text("")
    with pytest.raises(SettingsError, match=r'no \[\[tell\]\] has who = "stewards"'):
        list(alarm(tmp_path, "nightly", "exit-code 2"))


def test_notices_are_a_table_that_nothing_alters(desk: Desk) -> None:
    assert "notices" in metadata.tables
    (stewards,) = night(desk)
    telling.tell(desk.house, stewards)
    with reading(desk.house.engine) as connection:
        assert notices.uncertain(connection, None, desk.house.moment()) == []
    for statement in ("DELETE FROM notices", "UPDATE notices SET event = 'failed'"):
        with (
            desk.house.engine.begin() as connection,
            pytest.raises(Exception, match="notices are kept as they are"),
        ):
            connection.exec_driver_sql(statement)


def test_what_is_missing_is_in_each_morning_report_until_it_came_or_the_period_is_closed(
    desk: Desk,
) -> None:
    desk.report("2014", pupils=100)
    *_, stewards = night(desk)
    assert (
        "## 2014: missing\n"
        "- B1 Register of rural bridges: Stonebridge, Reedmarsh, Millbrook\n"
        "- H1 Herds and vaccination: Northshore, Stonebridge, Reedmarsh, Millbrook\n"
    ) in stewards.message.text
    assert "2015" not in stewards.message.text
    with desk.house.engine.begin() as connection:
        decision = Decision("the yearbook", "Wang Min", desk.at)
        turn_period(connection, desk.house.scheme.period("2014"), Turn.CLOSED, decision)
    *_, stewards = night(desk)
    assert "missing" not in stewards.message.text
