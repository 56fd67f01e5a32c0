"""What a fault probably comes from, in words: one cause, or several that fit equally well."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from schemas.findings import Change, Diagnosis, Finding, Mechanism
from schemas.text import Language, Text

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

_MOST_PLACES = 4
"""Of more cells in which lies what decides, the first are told."""

_PLACES = Text(zh="一处或几处填错", en="one wrong place or several")
_CHANGE = Text(
    zh="{place}{cell}“{column}”由{stated}改为{proposed}",
    en="{cell}{column}{place} from {stated} to {proposed}",
)
_AT = Text(zh="{place}", en=" ({place})")
_CELL = Text(zh="{cell}", en="{cell} ")
_WHERE = Text(zh="{place}{at}", en="{at} ({place})")
_CHANGES = Text(zh="，同时", en=" and ")
_AND_MORE = Text(zh="，等共{count}格", en=" and others, {count} cells in all")
_ANSWERS = Text(zh="，或", en=", or ")
_OR = Text(zh="或", en=" or ")
_SENTENCES = Text(zh="", en=" ")
_LISTED = Text(zh="、", en=", ")
_ONE = Text(
    zh="可能是{mechanism}：{changes}后，{failed}项不符中有{satisfied}项相符。",
    en="Perhaps {mechanism}: {changes} satisfies {satisfied} of {failed} failed checks.",
)
_NO_CHANGE = Text(zh="可能是{mechanism}。", en="Perhaps {mechanism}.")
_TIE = Text(
    zh="有{answers}种解释同样说得通，每一种都能使{failed}项不符中的{satisfied}项相符，"
    "单凭数字不能断定是哪一种：{explanations}。",
    en="{answers} explanations fit equally well, each satisfying {satisfied} of {failed} failed"
    " checks; the numbers alone cannot tell which: {explanations}.",
)
_EXPLANATION = Text(zh="({number}){mechanism}：{changes}", en="({number}) {mechanism}: {changes}")
_NO_ANSWER = Text(zh="({number}){mechanism}", en="({number}) {mechanism}")
_MANY = Text(
    zh="({number}){mechanism}，有{answers}种改法，例如：{changes}",
    en="({number}) {mechanism}, in {answers} ways, such as: {changes}",
)
_EXPLANATIONS = Text(zh="；", en="; ")
_DECIDE = Text(
    zh="请查对{cells}的原始凭证，再定是哪一种。",
    en="To decide, look at the source documents of {cells}.",
)
_MORE_CELLS = Text(zh="等处", en=" and others")
_FIGURE = Text(zh="“{column}”", en="{column}")
_OF_RULE = Text(
    zh="{failed}个单位中有{satisfied}个同样不符，更可能是{mechanism}。",
    en="{satisfied} of {failed} units fail it in the same way: more likely {mechanism}.",
)


def diagnosis(finding: Finding, language: Language) -> str:
    """What it may come from, the likeliest first; empty where nothing can be said.

    Of several that fit equally well it says so, and in which cells lies what decides.
    """
    told = [_said(each, _OF_RULE, language) for each in finding.diagnoses if _is_rule(each)]
    own = [each for each in finding.diagnoses if not _is_rule(each)]
    groups = [list(group) for _, group in groupby(own, key=lambda each: each.mechanism)]
    answers = sum(map(_count, groups))
    if answers > 1:
        told.append(_tie(groups, answers, language))
    elif own:
        told.append(_said(own[0], _ONE if own[0].changes else _NO_CHANGE, language))
    return _SENTENCES.in_(language).join(told)


def _is_rule(diagnosis: Diagnosis) -> bool:
    return diagnosis.mechanism is Mechanism.RULE


def _said(diagnosis: Diagnosis, sentence: Text, language: Language) -> str:
    return sentence.in_(language).format(
        mechanism=_mechanism([diagnosis]).in_(language),
        changes=_changes(diagnosis, language),
        satisfied=diagnosis.satisfied,
        failed=diagnosis.failed,
    )


def _count(alike: Sequence[Diagnosis]) -> int:
    """How many equally good answers a mechanism has, shown or not."""
    return max(alike[0].answers, len(alike))


def _tie(groups: Sequence[Sequence[Diagnosis]], answers: int, language: Language) -> str:
    """That several explanations fit equally well, which they are, and what would decide."""
    explanations = (_explanation(n, each, language) for n, each in enumerate(groups, start=1))
    first = groups[0][0]
    told = _TIE.in_(language).format(
        answers=answers,
        satisfied=first.satisfied,
        failed=first.failed,
        explanations=_EXPLANATIONS.in_(language).join(explanations),
    )
    cells = _places(groups, language)
    return _SENTENCES.in_(language).join([told, cells] if cells else [told])


def _explanation(number: int, alike: Sequence[Diagnosis], language: Language) -> str:
    """One mechanism with its answers, or the first of too many."""
    form = _MANY if alike[0].answers > len(alike) else _EXPLANATION
    told = (form if alike[0].changes else _NO_ANSWER).in_(language)
    return told.format(
        number=number,
        mechanism=_mechanism(alike).in_(language),
        answers=alike[0].answers,
        changes=_ANSWERS.in_(language).join(_answers(alike, language)),
    )


def _places(groups: Sequence[Sequence[Diagnosis]], language: Language) -> str:
    """In which cells lies what decides; of many the first."""
    changes = (change for alike in groups for each in alike for change in each.changes)
    places = list(dict.fromkeys(_place(change, language) for change in changes))
    listed = _LISTED.in_(language).join(places[:_MOST_PLACES])
    if len(places) > _MOST_PLACES:
        listed += _MORE_CELLS.in_(language)
    return _DECIDE.in_(language).format(cells=listed) if places else ""


def _place(change: Change, language: Language) -> str:
    """Where a value stands; a figure without a cell has the words of its column."""
    figure = _FIGURE.in_(language).format(column=change.column.in_(language))
    at = figure if change.cell is None else change.cell.address
    place = "" if change.place is None else change.place.in_(language)
    return _WHERE.in_(language).format(at=at, place=place) if place else at


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


def _mechanism(alike: Sequence[Diagnosis]) -> Text:
    several = any(len(each.changes) > 1 for each in alike)
    located = alike[0].mechanism is Mechanism.LOCATION
    return _PLACES if located and several else _MECHANISMS[alike[0].mechanism]


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
