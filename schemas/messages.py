"""The catalogue of findings: what each code says, in Chinese and in English.

A message states the fact with its numbers first and then what to do, in the words of the person
who fills the form.
"""

from functools import cache
from pathlib import Path

import yaml

from schemas.findings import Finding, Severity
from schemas.text import Closed, Language, Text

_MORE_LINES = Text(zh="(共{lines}行有同样的问题)", en=" ({lines} lines have the same fault)")

_ALSO = Text(zh="(因此“{statements}”也不符)", en=' (so that "{statements}" does not hold either)')
_STATEMENTS = Text(zh="”“", en='", "')

_FILE = Path(__file__).with_name("messages.yaml")


class Message(Closed):
    """One code of the catalogue: its usual severity, its short name, its fact and its remedy."""

    severity: Severity
    name: Text
    fact: Text
    remedy: Text


@cache
def catalogue() -> dict[str, Message]:
    """Every code and its message."""
    entries = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {code: Message.model_validate(entry) for code, entry in entries.items()}


def severity(code: str) -> Severity:
    """The usual severity of a code."""
    return catalogue()[code].severity


def name(finding: Finding, language: Language) -> str:
    """The short name of a finding, for headings and filters."""
    return catalogue()[finding.code].name.in_(language)


def fact(finding: Finding, language: Language) -> str:
    """What is the case, with the numbers."""
    told = catalogue()[finding.code].fact.in_(language).format(**_words(finding, language))
    if finding.lines > 1:
        told += _MORE_LINES.in_(language).format(lines=finding.lines)
    if finding.also:
        stated = (statement.in_(language) for statement in finding.also.values())
        told += _ALSO.in_(language).format(statements=_STATEMENTS.in_(language).join(stated))
    return told


def remedy(finding: Finding, language: Language) -> str:
    """What to do about it."""
    return catalogue()[finding.code].remedy.in_(language).format(**_words(finding, language))


_GAINED = {"unlike": ""}
"""What messages say by now that findings recorded earlier do not have."""


def _words(finding: Finding, language: Language) -> dict[str, str]:
    return _GAINED | {
        key: value.in_(language) if isinstance(value, Text) else value
        for key, value in finding.parameters.items()
    }
