"""Deliberate faults put into copies of the scheme of 临汾, each told with its file and line."""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import pytest

from schemas.errors import SchemeError
from schemas.models import Scheme
from schemas.scheme import load_scheme, load_scheme_thoroughly
from tests.flows.given import scheme_with

FORMS = frozenset(
    {"relocation_survey", "biogas", "training", "hh_register", "hh_member", "reduction", "pv"}
    | {"fund_arrival", "fund_allotment"}
)


class Fault(NamedTuple):
    """What is changed in which file, and what is said of it; `at` is the line it is said of."""

    name: str
    file: str
    old: str
    new: str
    said: str
    at: str | None = None


def in_form(form: str, name: str, old: str, new: str, said: str, at: str | None = None) -> Fault:
    return Fault(name, f"forms/{form}.yaml", old, new, said, at)


BIOGAS = [
    in_form(
        "biogas",
        "unknown column",
        "built_ytd <= 1.5 * plan_year",
        "built_ytd <= 1.5 * plan_yaer",
        "rule R04-plan: 'plan_yaer' is not a column of biogas",
    ),
    in_form(
        "biogas",
        "unknown column number",
        "check: 3 ≤ 4",
        "check: 3 ≤ 40",
        "rule R04-period: no column has the number 40; they are 1 to 9: 3 ≤ 40",
    ),
    in_form(
        "biogas",
        "no arithmetic",
        "residue_households <= 1 * stock_now",
        "residue_households <= 1 *",
        "rule R04-residue: cannot be read as arithmetic",
    ),
    in_form(
        "biogas",
        "a check and parts",
        "whole: built_ytd, parts: [sealed]",
        "whole: built_ytd, check: sealed <= built_ytd",
        "a rule has either a check, or a whole and the list of its parts",
    ),
    in_form(
        "biogas",
        "contradiction",
        "built_ytd <= 1.5 * plan_year",
        "built_ytd < sealed",
        "rule R04-sealed: contradicts R04-plan: sealed ≤ built_ytd",
        at="id: R04-sealed",
    ),
    in_form(
        "biogas",
        "can never fail",
        "residue_households <= 1 * stock_now",
        "stock_now >= built_ytd",
        "rule R04-residue: can never fail: stock_now >= built_ytd",
    ),
    in_form(
        "biogas",
        "can never hold",
        "residue_households <= 1 * stock_now",
        "stock_now < built_ytd",
        "rule R04-residue: can never hold: stock_now < built_ytd",
    ),
]
TRAINING = [
    in_form(
        "training",
        "unknown unit",
        "unit: person_time, ",
        "unit: persontime, ",
        "person_times: unit 'persontime' is not in units.yaml",
    ),
    in_form(
        "training",
        "sum of 人 and 人次",
        "computed: completed / quota * 100",
        "computed: (completed + person_times) / quota * 100",
        "done_pct: adds person and person_time: completed + person_times",
    ),
    in_form(
        "training",
        "人次 compared with 人",
        "check: person_times >= 1 * classes",
        "check: person_times >= completed",
        "rule R10-classes: compares person_time with person: person_times >= completed",
    ),
    in_form(
        "training",
        "unknown code",
        "when: kind = 'employment'",
        "when: kind = 'employmnt'",
        "rule R10-employment-grant: there is no such code: 'employmnt'",
    ),
    in_form(
        "training",
        "word compared with a number",
        "when: kind = 'farmer'",
        "when: kind = 3",
        "rule R10-farmer-grant: compares a word with a number: kind = 3",
    ),
    in_form(
        "training",
        "rule of another form",
        "id: R10-quota",
        "id: R11-quota",
        "rule R11-quota must begin with R10-",
    ),
    in_form(
        "training",
        "rule twice",
        "id: R10-completed",
        "id: R10-classes",
        "rule R10-classes: another rule has this id",
        at="check: completed <= 1 * person_times",
    ),
    in_form(
        "training",
        "unknown group",
        "group: all",
        "group: everyone",
        "no county is in the group 'everyone'",
    ),
    in_form("training", "no period", "since: 2003H1", "since: 2003H9", "not a period: '2003H9'"),
    in_form(
        "training",
        "fixed lines without a list",
        "fixed_by: kind\n",
        "",
        "a fixed body names the coded column of its lines in fixed_by",
        at="body: fixed",
    ),
    in_form(
        "training",
        "block by a number",
        "by: kind,",
        "by: quota,",
        "'quota' has no code list to repeat the block by",
    ),
    in_form(
        "training",
        "measure without aggregation",
        "measures: [quota, completed, done_pct, subsidy]",
        "measures: [quota, kind, done_pct, subsidy]",
        "'kind' has no aggregation",
    ),
    in_form(
        "training",
        "ratio that is none",
        "computed: completed / quota * 100",
        "computed: completed - quota",
        "a recomputed ratio is written a / b or a / b * 100",
    ),
]
PV = [
    in_form(
        "pv",
        "rank by another block's column",
        "by: status, measures: [stations]",
        "measures: [stations], ranks: [{name: rank, label: {zh: 名次, en: Rank}, of: kind}]",
        "'rank' ranks by 'kind', which is no column of the same block",
    ),
    in_form(
        "pv",
        "heading of another column as a synonym",
        "unit: household, minimum: 0",
        "unit: household, minimum: 0, synonyms: [收 益]",
        "households has the heading of income",
    ),
    Fault(
        "code spelled as another",
        "codelists.yaml",
        "synonyms: [正在建设]",
        "synonyms: [建成 并网]",
        "building is spelled as grid is",
    ),
    Fault(
        "unit written as another",
        "units.yaml",
        "person_time: {label: {zh: 人次,",
        "person_time: {label: {zh: 人,",
        "person_time is spelled as person is",
    ),
    in_form(
        "pv",
        "unknown code list",
        "code_list: pv_kind}",
        "code_list: pv_kinds}",
        "code list 'pv_kinds' is not in codelists.yaml",
    ),
    in_form(
        "pv",
        "can never fail by more than its decimals",
        "check: gen_cum >= gen_period",
        "check: gen_cum > 0",
        "rule R22-cumulative: can never fail: gen_cum > 0",
    ),
    in_form(
        "pv",
        "condition never met",
        "when: kind = 'village'",
        "when: capacity_kw < 1",
        "rule R22-village-size: its condition is never met: capacity_kw < 1",
    ),
    in_form(
        "pv",
        "column twice",
        "{name: income,",
        "{name: gen_cum,",
        "gen_cum: another column has this name",
        at="label: {zh: 收益",
    ),
]
BETWEEN = [
    Fault(
        "unknown form",
        "rules/registers.yaml",
        "hh_member.members = hh_register.persons",
        "hh_member.members = hh_registr.persons",
        "rule R15-members: there is no form 'hh_registr'",
    ),
    Fault(
        "unknown figure",
        "rules/registers.yaml",
        "hh_member.members = hh_register.persons",
        "hh_member.members = hh_register.person",
        "rule R15-members: hh_register has no figure 'person'; it has",
    ),
    Fault(
        "never in one period",
        "rules/registers.yaml",
        "hh_member.members = hh_register.persons",
        "hh_member.members = relocation_survey.persons",
        "rule R15-members: relocation_survey.persons is never reported for a period of hh_member",
    ),
    Fault(
        "户主人数 compared with 户",
        "rules/registers.yaml",
        "= 1 * hh_register.households",
        "= hh_register.households",
        "rule R15-heads: compares person with household",
    ),
    Fault(
        "lines by an unknown code",
        "rules/registers.yaml",
        "relation = 'head') = 1 *",
        "relation = 'haed') = 1 *",
        "rule R15-heads: there is no such code: 'haed' in relation",
    ),
    Fault(
        "unknown period",
        "rules/continuity.yaml",
        "last_year_end(reduction.end_persons)",
        "lastyear(reduction.end_persons)",
        "rule R18-carried-over: no function 'lastyear'; the functions are: previous, ",
    ),
    Fault(
        "judges another form",
        "rules/continuity.yaml",
        "biogas.stock_prev = last_year_end(biogas.stock_now)",
        "reduction.task = previous(reduction.task)",
        "rule R04-carried-over: it judges biogas and says nothing of it",
    ),
    Fault(
        "no figure of a code",
        "rules/city.yaml",
        "≤ fund_allotment.{code}_issued",
        "≤ fund_allotment.{code}_isued",
        "rule R07-allotted-part: fund_allotment has no figure 'central_isued'; it has",
    ),
    Fault(
        "by no column",
        "rules/registers.yaml",
        "count(hh_member) = hh_register.persons",
        "count(hh_member) = reduction.task",
        "rule R15-size: 'hh_no' is no column of codes or texts of reduction",
    ),
    Fault(
        "lines of another period",
        "rules/registers.yaml",
        "count(hh_member) = hh_register.persons",
        "count(hh_member) = previous(hh_register.persons)",
        "rule R15-size: previous(hh_register.persons): lines are compared with those of the same",
    ),
    Fault(
        "each of no code list",
        "rules/registers.yaml",
        "hh_member.members = hh_register.persons",
        "hh_member.members = hh_register.persons\n  each: sizes",
        "rule R15-members: code list 'sizes' is not in codelists.yaml",
        at="each: sizes",
    ),
    Fault(
        "each that speaks of no code",
        "rules/city.yaml",
        "sum(fund_arrival.issued where source_level = '{code}') ≤ fund_allotment.{code}_issued",
        "fund_arrival.issued ≤ fund_allotment.issued",
        "rule R07-allotted-part: it is a rule for each of source_level, and says nothing of {code}",
    ),
    Fault(
        "contradiction between periods",
        "rules/growth.yaml",
        "reduction.rural_pop ≥ 0.9 * last_year(reduction.rural_pop)",
        "reduction.rural_pop > 1.2 * last_year(reduction.rural_pop)",
        "rule R18-rural-growth: contradicts R18-rural-fall",
        at="id: R18-rural-growth",
    ),
    Fault(
        "can never hold between periods",
        "rules/growth.yaml",
        "training.person_times ≤ 3 * last_year(training.person_times)",
        "training.person_times < -1 * last_year(training.person_times)",
        "rule R10-growth: can never hold",
        at="id: R10-growth",
    ),
]
MEMBERS = [
    in_form(
        "hh_member",
        "sex in no ID number",
        "in_id: {column: id_no",
        "in_id: {column: person_no",
        "sex: 'person_no' is no column of ID numbers of hh_member",
    ),
    in_form(
        "hh_member",
        "age of a coded column",
        "in_id: {column: id_no, says: sex}",
        "in_id: {column: id_no, says: age}",
        "sex: an ID number says the age to a column of kind integer",
    ),
    in_form(
        "hh_member",
        "sex in a list without sexes",
        "code_list: sex,",
        "code_list: health,",
        "sex: its list 'health' lacks the code female and male",
    ),
    in_form(
        "hh_member",
        "age of no ID number",
        "age(id_no, end(period)) < 16",
        "age(person_no, end(period)) < 16",
        "rule R15-children: 'person_no' is no column of ID numbers",
    ),
    in_form(
        "hh_member",
        "age of no day",
        "age(id_no, end(period)) < 16",
        "age(id_no) < 16",
        "rule R15-children: write sex(id_no), birth_date(id_no) or age(id_no, end(period))",
    ),
]
FAULTS = [*BIOGAS, *TRAINING, *PV, *MEMBERS, *BETWEEN]

SOLVED = {
    "can never fail by more than its decimals",
    "contradiction",
    "can never fail",
    "can never hold",
    "condition never met",
    "contradiction between periods",
    "can never hold between periods",
}
"""The faults that are only seen when the rules are solved."""


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scheme_with(FORMS, tmp_path_factory.mktemp("clean") / "linfen")


def put(fault: Fault, folder: Path) -> None:
    path = folder / fault.file
    text = path.read_text(encoding="utf-8")
    assert text.count(fault.old) == 1, f"{fault.old!r} stands {text.count(fault.old)} times"
    path.write_text(text.replace(fault.old, fault.new), encoding="utf-8")


def place(fault: Fault, folder: Path) -> str:
    lines = (folder / fault.file).read_text(encoding="utf-8").splitlines()
    spot = fault.at or fault.new
    return f"{fault.file}:{next(n for n, line in enumerate(lines, start=1) if spot in line)}: "


def with_faults(clean: Path, folder: Path, faults: Iterable[Fault]) -> Path:
    shutil.copytree(clean, folder)
    for fault in faults:
        put(fault, folder)
    return folder


def problems(load: Callable[[Path], Scheme], folder: Path) -> tuple[str, ...]:
    with pytest.raises(SchemeError) as raised:
        load(folder)
    return raised.value.problems


def test_without_a_fault_the_copy_holds_together(clean: Path) -> None:
    scheme = load_scheme_thoroughly(clean)
    assert {relation.form for relation in scheme.relations} <= FORMS
    assert len(FAULTS) >= 25


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_a_fault_is_told_with_its_file_and_line(fault: Fault, clean: Path, tmp_path: Path) -> None:
    folder = with_faults(clean, tmp_path / "linfen", [fault])
    found = problems(load_scheme_thoroughly if fault.name in SOLVED else load_scheme, folder)
    wanted = place(fault, folder)
    assert any(line.startswith(wanted) and fault.said in line for line in found), (wanted, found)


def test_a_form_is_not_called_as_another_published_table(clean: Path, tmp_path: Path) -> None:
    folder = tmp_path / "linfen"
    shutil.copytree(clean, folder)
    form = (folder / "forms" / "pv.yaml").rename(folder / "forms" / "findings.yaml")
    text = form.read_text(encoding="utf-8").replace("name: pv\n", "name: findings\n")
    form.write_text(text, encoding="utf-8")
    line = text.splitlines().index("name: findings") + 1
    said = f"forms/findings.yaml:{line}: the name 'findings' is that of another published table"
    assert said in problems(load_scheme, folder)


def test_twenty_five_faults_are_told_at_once(clean: Path, tmp_path: Path) -> None:
    names = {
        "contradiction",
        "can never fail",
        "sum of 人 and 人次",
        "unknown code",
        "word compared with a number",
        "rule of another form",
        "unknown group",
        "block by a number",
        "measure without aggregation",
        "condition never met",
        "unknown figure",
        "lines by an unknown code",
        "unknown period",
        "judges another form",
        "contradiction between periods",
        "人次 compared with 人",
        "rule twice",
        "no period",
        "fixed lines without a list",
        "heading of another column as a synonym",
        "code spelled as another",
        "unit written as another",
        "can never fail by more than its decimals",
        "no figure of a code",
        "by no column",
    }
    together = [fault for fault in FAULTS if fault.name in names]
    folder = with_faults(clean, tmp_path / "linfen", together)
    found = problems(load_scheme_thoroughly, folder)
    for fault in together:
        wanted = place(fault, folder)
        assert any(line.startswith(wanted) and fault.said in line for line in found), fault.name
    assert len(found) == len(together) == 25
