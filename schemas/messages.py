"""The catalogue of findings: what each code says, in Chinese and in English.

A message states the fact with its numbers first and then what to do, in the words of the person
who fills the form.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

import yaml

from schemas.findings import Change, Diagnosis, Finding, Mechanism, Severity
from schemas.text import Closed, Language, Text

_MECHANISMS = {
    Mechanism.RULE: Text(zh="规则或统计口径本身有误", en="the rule or the hierarchy is wrong"),
    Mechanism.UNIT: Text(zh="单位填错", en="another unit"),
    Mechanism.SIGN: Text(zh="正负号填反", en="a wrong sign"),
    Mechanism.SWAP: Text(zh="两格填颠倒", en="two values exchanged"),
    Mechanism.SHIFT: Text(zh="错行或错列", en="values one row or column off"),
    Mechanism.CUMULATIVE: Text(zh="累计数与本期数混填", en="a running total for a period"),
    Mechanism.TOTAL: Text(zh="合计重复或漏加", en="a total that counts a part twice or not at all"),
    Mechanism.TYPING: Text(zh="录入笔误", en="a typing slip"),
    Mechanism.AGAIN: Text(zh="重报了以前的报表", en="an earlier return sent again"),
    Mechanism.ROUNDING: Text(
        zh="分项取整后未与合计衔接", en="parts rounded under an unrounded total"
    ),
    Mechanism.REVISION: Text(zh="以前的数据有修订", en="an earlier figure that was revised since"),
    Mechanism.LINES: Text(zh="漏填或多填了行", en="lines left out or too many"),
    Mechanism.LOCATION: Text(zh="只有一处填错", en="one wrong place"),
}
_MOST_CHANGES = 3
"""Of more changes than this in one answer the first are told, and how many there are."""

_PLACES = Text(zh="一处或几处填错", en="one wrong place or several")
_CHANGE = Text(
    zh="{place}{cell}“{column}”由{stated}改为{proposed}",
    en="{cell}{column}{place} from {stated} to {proposed}",
)
_AT = Text(zh="{place}", en=" ({place})")
_CELL = Text(zh="{cell}", en="{cell} ")
_CHANGES = Text(zh="，同时", en=" and ")
_AND_MORE = Text(zh="，等共{count}格", en=" and others, {count} cells in all")
_ANSWERS = Text(zh="；或", en="; or ")
_OR = Text(zh="或", en=" or ")
_SENTENCES = Text(zh="", en=" ")
_ONE = Text(
    zh="可能是{mechanism}：{changes}后，{failed}项不符中有{satisfied}项相符。",
    en="Perhaps {mechanism}: {changes} satisfies {satisfied} of {failed} failed checks.",
)
_TIE = Text(
    zh="可能是{mechanism}，以下{answers}种改法同样可能，数字本身不能断定是哪一种：{changes}。",
    en="Perhaps {mechanism}; of {answers} equally good answers the numbers cannot tell which:"
    " {changes}.",
)
_MANY = Text(
    zh="可能是{mechanism}，有{answers}种改法同样可能，数字本身不能断定是哪一种，例如：{changes}。",
    en="Perhaps {mechanism}; of {answers} equally good answers the numbers cannot tell which,"
    " such as: {changes}.",
)
_NO_CHANGE = Text(zh="可能是{mechanism}。", en="Perhaps {mechanism}.")
_OF_RULE = Text(
    zh="{failed}个单位中有{satisfied}个同样不符，更可能是{mechanism}。",
    en="{satisfied} of {failed} units fail it in the same way: more likely {mechanism}.",
)
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


def diagnosis(finding: Finding, language: Language) -> str:
    """What it may come from, the likeliest first; empty where nothing can be said.

    Equally good answers of one mechanism stand in one sentence.
    """
    told = []
    for mechanism, group in groupby(finding.diagnoses, key=lambda each: each.mechanism):
        alike = list(group)
        answers = _ANSWERS.in_(language).join(_answers(alike, language))
        sentence = _sentence(alike[0], len(alike)).in_(language)
        told.append(
            sentence.format(
                mechanism=_mechanism(mechanism, alike).in_(language),
                changes=answers,
                satisfied=alike[0].satisfied,
                failed=alike[0].failed,
                answers=alike[0].answers,
            )
        )
    return _SENTENCES.in_(language).join(told)


def _answers(alike: Sequence[Diagnosis], language: Language) -> Iterator[str]:
    """Equally good answers; those that change the same cell alone in one breath."""
    for _, group in groupby(alike, key=_only_cell):
        answers = list(group)
        others = [each.changes[0].proposed for each in answers[1:]]
        yield _OR.in_(language).join([_changes(answers[0], language), *others])


def _only_cell(diagnosis: Diagnosis) -> tuple[object, ...]:
    """Where the one change of an answer is; of more changes they are all that tells it apart."""
    if len(diagnosis.changes) != 1:
        return diagnosis.changes
    (change,) = diagnosis.changes
    return change.cell, change.place, change.column, change.stated


def _mechanism(mechanism: Mechanism, alike: Sequence[Diagnosis]) -> Text:
    several = any(len(each.changes) > 1 for each in alike)
    return _PLACES if mechanism is Mechanism.LOCATION and several else _MECHANISMS[mechanism]


def _sentence(diagnosis: Diagnosis, shown: int) -> Text:
    if diagnosis.mechanism is Mechanism.RULE:
        return _OF_RULE
    if not diagnosis.changes:
        return _NO_CHANGE
    if diagnosis.answers == 1:
        return _ONE
    return _TIE if diagnosis.answers <= shown else _MANY


def _changes(diagnosis: Diagnosis, language: Language) -> str:
    """The changes of one answer; a place is said where it begins."""
    told, place = [], None
    count = diagnosis.cells or len(diagnosis.changes)
    shown = diagnosis.changes[: count if count <= _MOST_CHANGES else _MOST_CHANGES - 1]
    for change in shown:
        told.append(_change(change, language, change.place if change.place != place else None))
        place = change.place
    more = _AND_MORE.in_(language).format(count=count) if len(shown) < count else ""
    return _CHANGES.in_(language).join(told) + more


def _change(change: Change, language: Language, place: Text | None) -> str:
    cell = change.cell
    return _CHANGE.in_(language).format(
        place="" if place is None else _AT.in_(language).format(place=place.in_(language)),
        cell="" if cell is None else _CELL.in_(language).format(cell=cell.address),
        column=change.column.in_(language),
        stated=change.stated,
        proposed=change.proposed,
    )


_GAINED = {"unlike": ""}
"""What messages say by now that findings recorded earlier do not have."""


def _words(finding: Finding, language: Language) -> dict[str, str]:
    return _GAINED | {
        key: value.in_(language) if isinstance(value, Text) else value
        for key, value in finding.parameters.items()
    }
