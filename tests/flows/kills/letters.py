"""Killed while it tells people; `make kills` runs it, pytest does not find it by itself."""

import os
import signal
from collections import Counter
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest

from flows.server import free_port
from tests.flows.kills.again import run_again
from tests.flows.kills.ground import Ground
from tests.flows.kills.strike import Asked, Nights
from tests.flows.kills.test_kills import KILLED, SQLITE, tell
from tests.flows.people import Post, open_post

CONTACTS = {"daning": "大宁县", "xixian": "隰县", "desk": "stewards"}
UNSURE = "不能确认是否送达的通知"


@dataclass
class Deadly(Post):
    """A mail server whose sender is killed when a letter is here and not yet answered."""

    fatal: int = 0
    sender: int = 0

    def taken(self, letter: EmailMessage) -> None:
        super().taken(letter)
        if len(self.letters) == self.fatal:
            os.kill(self.sender, signal.SIGKILL)


@SQLITE
@pytest.mark.parametrize("fatal", [1, 2, 3])
def test_nobody_gets_a_letter_twice_and_the_next_report_names_what_nobody_knows(
    alike: Ground, forked: Nights, fatal: int
) -> None:
    post = Deadly(free_port(), fatal=fatal)
    site = alike.site(f"letter_{fatal}")
    told_by(site, post.port)
    with open_post(post):
        post.sender = forked.begin(Asked(site))
        assert forked.end() == KILLED
        killed = to(post.letters[fatal - 1])
        run_again(site)
        letters = list(post.letters)
        run_again(site)
    assert post.letters == letters
    report = letters[-1].get_body()
    assert to(letters[-1]) == "desk"
    assert report is not None
    unsure = report.get_content().partition(UNSURE)[2].partition("##")[0]
    assert f"- {killed}: " in unsure
    times = Counter(map(to, letters))
    for county in ("daning", "xixian"):
        assert times[county] == 1 or (times[county] == 0 and f"- {county}: returns" in unsure)
    tell(f"killed at letter {fatal}, to {killed}; afterwards {dict(times)}", [])


def told_by(site: Path, port: int) -> None:
    """Let a site tell some people by mail."""
    with (site / "huizong.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n')
        file.write('sender = "huizong@example.cn"\n')
        for name, who in CONTACTS.items():
            file.write(f'\n[[tell]]\nname = "{name}"\nwho = "{who}"\n')
            file.write(f'mail = ["{name}@example.cn"]\n')


def to(letter: EmailMessage) -> str:
    """The contact that a letter is for."""
    return str(letter["To"]).partition("@")[0]
