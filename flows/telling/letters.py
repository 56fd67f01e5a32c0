"""What people are told, in their language: from what is known to a subject and a text."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from flows.telling.owing import Owed
from flows.telling.report import NightReport
from schemas import messages
from schemas.findings import Severity
from schemas.models import OrgUnit, Scheme
from schemas.text import Language, Text
from warehouse.stewards.news import NewFile, Overtaken

_RETURNS = Text(zh="{}报表审核结果：接收{}份，未接收{}份", en="{}: {} forms accepted, {} refused")
_OVERTAKEN = Text(
    zh="{}：已接收报表中有{}份与其他报表不再一致",
    en="{}: {} accepted returns no longer agree with others",
)
_REMINDER = Text(zh="{}：{}份报表未报", en="{}: {} returns have not come")
_OVERDUE = Text(zh="{}：{}个单位逾期未报齐", en="{}: {} still owe returns")
_NIGHT = Text(
    zh="汇总晨报：新文件{}个，未接收{}份，故障{}项",
    en="Morning report: {} new files, {} filings refused, {} failures",
)
_ALARM = Text(zh="汇总：{}没有完成", en="huizong: {} failed")
_RUNS = {
    "nightly": Text(zh="{}的夜间处理", en="the night of {}"),
    "remind": Text(zh="{}的报送提醒", en="the reminding of {}"),
    "publish": Text(zh="{}的发布", en="the publishing of {}"),
    "backfill": Text(zh="{}的多期重新发布", en="the back-fill of {}"),
}
"""What fails, by the name of its flow."""

_MOST_REASONS = 3


def of_returns(
    scheme: Scheme,
    county: OrgUnit,
    files: Sequence[NewFile],
    overtaken: Sequence[Overtaken],
    links: Sequence[str],
    language: Language,
) -> tuple[str, str]:
    """Subject and text of what a county is told of its returns: new ones, and accepted ones that
    no longer agree with others.
    """
    statuses = [form.status for file in files for form in file.forms]
    refused = statuses.count("refused") + sum(not file.forms for file in files)
    name = county.name.in_(language)
    subject = _RETURNS.in_(language).format(
        name, len(statuses) - statuses.count("refused"), refused
    )
    if not files:
        subject = _OVERTAKEN.in_(language).format(name, len(overtaken))
    titles = {form.name: f"{form.code} {form.title.in_(language)}" for form in scheme.forms}
    return subject, _drawn(
        "returns",
        language,
        county=name,
        files=files,
        why={file.name: _why(file, language) for file in files},
        overtaken=overtaken,
        titles=titles,
        codes={form.name: form.code for form in scheme.forms},
        to_be_done=refused or any(file.findings.get(Severity.WARNING) for file in files),
        links=links,
    )


def of_reminder(county: OrgUnit, owed: Sequence[Owed], language: Language) -> tuple[str, str]:
    """Subject and text of a reminder of what has not come."""
    name = county.name.in_(language)
    forms = [
        {
            "period": each.period,
            "title": each.title(language),
            "due": each.due.isoformat(),
            "late": each.late,
        }
        for each in owed
    ]
    subject = _REMINDER.in_(language).format(name, len(owed))
    return subject, _drawn("reminder", language, county=name, forms=forms)


def of_escalation(
    period: str, due: date, late: int, owing: Mapping[str, Sequence[str]], language: Language
) -> tuple[str, str]:
    """Subject and text of what stewards are told of a deadline that is long over."""
    subject = _OVERDUE.in_(language).format(period, len(owing))
    told = {"period": period, "due": due.isoformat(), "late": late, "owing": owing}
    return subject, _drawn("escalation", language, **told)


def of_night(
    scheme: Scheme,
    report: NightReport,
    files: Sequence[NewFile],
    uncertain: Sequence[str],
    missing: Mapping[str, Sequence[str]],
    links: Mapping[str, str],
    language: Language,
) -> tuple[str, str]:
    """Subject and text of the morning report.

    `files` are those of nobody known, and those of counties for periods that are not open;
    `missing` is what is missing of periods that the night did not publish; `links` lead to what it
    did, by period.
    """
    refused = [
        f"{scheme.county(each.county).name.in_(language)} {each.period} "
        f"{scheme.form(each.form).code} {scheme.form(each.form).title.in_(language)}"
        for each in report.outcomes
        if each.status == "refused"
    ]
    subject = _NIGHT.in_(language).format(report.new, len(refused), len(report.failures))
    return subject, _drawn(
        "night",
        language,
        report=report,
        refused=refused,
        strangers=[file.name for file in files if file.county is None],
        turned_away=[
            f"{scheme.county(file.county).name.in_(language)} {file.name}: "
            + " ".join(_why(file, language))
            for file in files
            if file.county is not None
        ],
        uncertain=uncertain,
        missing=_missing(report),
        still_missing=missing,
        links=links,
        took=str(timedelta(seconds=round(report.seconds))),
    )


def of_alarm(
    site: str, run: str, ended: str, lacking: Sequence[str], language: Language
) -> tuple[str, str]:
    """Subject and text of what stewards are told when a run of a site failed as a whole.

    `run` is the name of its flow; `lacking` is what a run wants and has not, a line each with what
    to do.
    """
    failed = _RUNS[run].in_(language).format(site)
    subject = _ALARM.in_(language).format(failed)
    return subject, _drawn("alarm", language, failed=failed, ended=ended, lacking=lacking)


def _why(file: NewFile, language: Language) -> list[str]:
    """Why no form of a file was recorded, as far as a letter has room for it."""
    return [messages.fact(finding, language) for finding in file.refused[:_MOST_REASONS]]


def _missing(report: NightReport) -> Mapping[str, list[str]]:
    return {
        published.period: [
            f"{form.form}: {', '.join(form.missing)}"
            for form in published.completeness
            if form.missing
        ]
        for published in report.published
    }


def _drawn(template: str, language: Language, **told: object) -> str:
    text = _environment().get_template(f"{template}.j2").render(zh=language == "zh", **told)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


@cache
def _environment() -> Environment:
    # Plain text, not HTML: nothing is to be escaped.
    return Environment(  # noqa: S701
        loader=PackageLoader("flows"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
