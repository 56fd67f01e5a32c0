"""The night as an analyst would write it: pandas with openpyxl, GX, to_sql, groupby, to_excel.

`python -m tests.bench.by_hand INBOX LISTED OUTPUT`: everything is in here and in LISTED, the rules
and columns that a person would have typed (`tests.bench.listed`). It is written with care: a
workbook is opened once, a suite is made once per form, rules are vectorised. It asks of every form
of every county what huizong asks inside of it, of every county the rules between its forms, and of
all whether somebody stands in two counties. Left out is what would take a program of its own: cells
of findings, causes, other layouts than the template's, earlier versions, explanations.
"""

import json
import logging
import os
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ["GX_ANALYTICS_ENABLED"] = "false"

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
from great_expectations.core.batch_definition import BatchDefinition
from great_expectations.core.expectation_suite import ExpectationSuite
from great_expectations.data_context.types.base import ProgressBarsConfig
from openpyxl import load_workbook
from openpyxl.styles import PatternFill
from sqlalchemy import create_engine

PHONE = r"^(1[3-9]\d{9}|0\d{2,3}-?\d{7,8})$"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHARACTERS = "10X98765432"
YELLOW = PatternFill("solid", fgColor="FFFF00")
NO_LINES = "无"
FOOTER = "单位负责人"
TOTAL = "合计"

Frame = pd.DataFrame
Failure = dict[str, Any]


class Night:
    """The steps, each over all counties; `failures` are what is wrong."""

    def __init__(self, inbox: Path, listed: Path, output: Path) -> None:
        self.files = sorted(inbox.rglob("*.xlsx"), key=lambda path: path.stat().st_mtime_ns)
        self.listed = json.loads(listed.read_text(encoding="utf-8"))
        self.forms: list[dict[str, Any]] = self.listed["forms"]
        self.output = output
        self.lines: dict[str, dict[str, Frame]] = {form["name"]: {} for form in self.forms}
        self.together: dict[str, Frame] = {}
        self.totals: dict[tuple[str, str], pd.Series[Any]] = {}
        self.sources: dict[tuple[str, str], tuple[Path, str]] = {}
        self.failures: list[Failure] = []

    def read(self) -> None:
        """Every sheet of every workbook into a frame of its form and county."""
        by_sheet = {form["sheet"]: form for form in self.forms}
        for path in self.files:
            county = path.name.split("-")[0]
            with pd.ExcelFile(path, engine="openpyxl") as book:
                for sheet in book.sheet_names:
                    form = by_sheet.get(str(sheet))
                    if form is None:
                        continue
                    raw = pd.read_excel(book, sheet_name=sheet, header=None, dtype=object)
                    lines = self._lines(form, county, raw)
                    self.lines[form["name"]][county] = lines
                    self.sources[form["name"], county] = (path, str(sheet))
        self.together = {form["name"]: self._together(form) for form in self.forms}

    def _together(self, form: dict[str, Any]) -> Frame:
        """The lines of all counties; those of the city say themselves which one they are about."""
        lines = [
            frame if form["county_column"] else frame.assign(county=county)
            for county, frame in self.lines[form["name"]].items()
        ]
        if lines:
            return pd.concat(lines, ignore_index=True)
        columns = dict.fromkeys(["county", *filter(None, form["columns"]), "row"])
        return pd.DataFrame(columns=[*columns]).astype(dict.fromkeys(form["numbers"], float))

    def _lines(self, form: dict[str, Any], county: str, raw: Frame) -> Frame:
        names = form["columns"]
        body = raw.iloc[form["first_row"] :, : len(names)].set_axis(
            [name or "printed" for name in names], axis=1
        )
        first = body.iloc[:, 0].astype("string").str.strip()
        footer = first.str.startswith(FOOTER, na=False)
        if form["lines"] is not None:
            body = body.head(form["lines"])
        elif footer.any():
            body = body.iloc[: int(footer.to_numpy().argmax())]
        first = first.loc[body.index]
        if (first == TOTAL).any():
            self.totals[form["name"], county] = body[first == TOTAL].iloc[0]
        body = body[(first != TOTAL) & (first != NO_LINES)]
        body = body.assign(row=body.index + 1).dropna(how="all", subset=_stated(form, body))
        if form["lines"] is not None and "printed" in body:
            body = body.drop(columns="printed")
        for name in form["numbers"]:
            body[name] = pd.to_numeric(body[name], errors="coerce")
        for name in form["dates"]:
            body[name] = pd.to_datetime(body[name], errors="coerce")
        for name in body.columns.difference([*form["numbers"], *form["dates"], "row"]):
            body[name] = body[name].astype("string").str.strip()
        for name, codes in form["codes"].items():
            body[name] = body[name].map(lambda label, codes=codes: codes.get(label, label))
        return body

    def check(self) -> None:
        """A GX validation per county and form, then the written totals and other counties."""
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        source = context.data_sources.add_pandas("returns")
        for form in self.forms:
            asset = source.add_dataframe_asset(form["name"])
            batches = asset.add_batch_definition_whole_dataframe("lines")
            suite = context.suites.add(ExpectationSuite(form["name"], [*_expectations(form)]))
            rules = _compiled(form["rules"])
            for county, lines in self.lines[form["name"]].items():
                if len(lines):
                    asked = _with_rules(form, lines, rules)
                    self.failures += _failures(batches, suite, form, county, asked)
                self._check_totals(form, county, lines)
            self._check_across(form)
        self._check_between()

    def _check_totals(self, form: dict[str, Any], county: str, lines: Frame) -> None:
        written = self.totals.get((form["name"], county))
        if written is None:
            return
        for name, half in form["totals"].items():
            total = pd.to_numeric(written[name], errors="coerce")
            slack = half * (len(lines) + 1) + 1e-9
            if pd.notna(total) and abs(total - lines[name].sum()) > slack:
                self._fail(form["name"], county, f"{form['code']}.totals", [], name)

    def _check_across(self, form: dict[str, Any]) -> None:
        """What may stand in the returns of one county only."""
        for name in form["one_county"]:
            everywhere = self.together[form["name"]][["county", name, "row"]].dropna()
            counties = everywhere.groupby(name)["county"].transform("nunique")
            for county, found in everywhere[counties > 1].groupby("county"):
                rows = found["row"].tolist()
                self._fail(form["name"], str(county), f"{name} in two counties", rows, name)

    def _check_between(self) -> None:
        """Rules between forms, over a line for each county, or for each of its households."""
        for relation in self.listed["relations"]:
            by = ["county", relation["by"]] if relation["by"] else ["county"]
            figures = {
                name: self._figure(figure["form"], figure["measure"], by)
                for name, figure in relation["figures"].items()
            }
            f = pd.DataFrame(figures)
            judged = self.together[relation["form"]]
            f = f[f.index.isin(judged.set_index(by).index)]
            counts = [
                n for n, x in relation["figures"].items() if x["measure"]["function"] == "count"
            ]
            if relation["by"]:
                f[counts] = f[counts].fillna(0)
            rule = _compiled({relation["id"]: relation["rule"]})[relation["id"]]
            wrong = f[rule[0](f) & ~rule[1](f)]
            for county in wrong.index.get_level_values(0).unique():
                self._fail(relation["form"], county, relation["id"], [], None)

    def _fail(self, form: str, county: str, rule: str, rows: list[int], column: str | None) -> None:
        told = {"county": county, "form": form, "rule": rule, "column": column}
        self.failures.append({**told, "lines": len(rows), "rows": rows})

    def _figure(self, form: str, measure: dict[str, Any], by: list[str]) -> Any:
        lines = self.together[form]
        for column, value in measure["where"]:
            lines = lines[lines[column].astype("string") == value]
        groups = lines.groupby(by)
        if measure["ratio"] is not None:
            sums = groups[measure["ratio"]["columns"]].sum()
            return eval(measure["ratio"]["value"], {"f": sums})
        if measure["column"] is None:
            return groups.size()
        column = groups[measure["column"]]
        match measure["function"]:
            case "sum":
                return column.sum(min_count=1)
            case "max":
                return column.max()
            case "min":
                return column.min()
        return column.nunique()

    def load(self) -> None:
        """The lines of all counties into a table per form."""
        engine = create_engine(f"sqlite:///{self.output / 'warehouse.db'}")
        with engine.begin() as connection:
            for form in self.forms:
                lines = self.together[form["name"]]
                lines.to_sql(form["name"], connection, index=False)
        engine.dispose()

    def consolidate(self) -> dict[str, Frame]:
        """A table per form: its figures for each county, and for all of them."""
        names = self.listed["counties"]
        tables = {}
        for form in self.forms:
            if not form["measures"]:
                continue
            counties = {
                m["label"]: self._figure(form["name"], m, ["county"]) for m in form["measures"]
            }
            table = pd.DataFrame(counties).rename(index=names)
            summed = [m["label"] for m in form["measures"] if m["function"] in ("sum", "count")]
            table.loc["合计"] = table[summed].sum()
            tables[form["name"]] = table
        return tables

    def publish(self, tables: dict[str, Frame]) -> None:
        """Tables as a workbook, CSV and Parquet; the lists of what is wrong; marked workbooks."""
        with pd.ExcelWriter(self.output / "tables.xlsx", engine="openpyxl") as book:
            for form in self.forms:
                if form["name"] in tables:
                    tables[form["name"]].to_excel(book, sheet_name=form["code"])
        for name, table in tables.items():
            table.to_csv(self.output / f"{name}.csv")
            table.to_parquet(self.output / f"{name}.parquet")
        columns = ["county", "form", "rule", "column", "lines"]
        wrong = pd.DataFrame(self.failures, columns=[*columns, "rows"])
        wrong[columns].to_excel(self.output / "failures.xlsx", index=False)
        for county, of_county in wrong.groupby("county"):
            of_county[columns].to_excel(self.output / f"{county}.xlsx", index=False)
            self._mark(str(county), of_county)

    def _mark(self, county: str, wrong: Frame) -> None:
        """The workbooks of a county with the wrong cells coloured."""
        letters = {form["name"]: form["columns"] for form in self.forms}
        sources = {self.sources[form, county][0] for form in wrong["form"].unique()}
        for path in sources:
            book = load_workbook(path)
            failure: Any
            for failure in wrong.itertuples():
                source, sheet = self.sources[failure.form, county]
                if source == path and isinstance(failure.column, str):
                    column = letters[failure.form].index(failure.column) + 1
                    for row in failure.rows:
                        book[sheet].cell(row, column).fill = YELLOW
            book.save(self.output / path.name)


def _stated(form: dict[str, Any], body: Frame) -> list[str]:
    """The columns that a line has something in that was not printed for it."""
    if form["lines"] == 1:
        return [name for name in body.columns if name not in ("printed", "row")]
    return [body.columns[0]]


def _compiled(rules: dict[str, dict[str, str]]) -> dict[str, Any]:
    """What is typed as an expression, as functions of a frame."""
    return {
        name: tuple(eval(f"lambda f: {rule[part] or True}") for part in ("asked", "holds"))
        for name, rule in rules.items()
    }


def _with_rules(form: dict[str, Any], lines: Frame, rules: dict[str, Any]) -> Frame:
    """The lines with a column for each rule: whether it holds, blank where it is not asked."""
    f = lines.copy()
    for name in form["dates"]:
        f[name] = (f[name] - pd.Timestamp(1970, 1, 1)).dt.days
    found = {}
    for rule, (asked, holds) in rules.items():
        held = pd.Series(holds(f), index=f.index).astype("boolean")
        found[rule] = held.where(pd.Series(asked(f), index=f.index).fillna(False))
    for name in form["id_numbers"]:
        found[f"{name} valid"] = lines[name].map(_is_id_number, na_action="ignore")
    return pd.concat([lines, pd.DataFrame(found, index=f.index)], axis=1)


def sex(numbers: "pd.Series[str]") -> "pd.Series[str]":
    """The sex that ID numbers say."""
    return numbers.str[16].map(lambda digit: "male" if digit in "13579" else "female", "ignore")


def age(numbers: "pd.Series[str]", on: int) -> "pd.Series[float]":
    """The age that ID numbers say, so many days after the first of 1970."""
    day = int(f"{pd.Timestamp(1970, 1, 1) + pd.Timedelta(on, 'D'):%Y%m%d}")
    return (day - pd.to_numeric(numbers.str[6:14], errors="coerce")) // 10_000


def _is_id_number(number: str) -> bool:
    if not re.fullmatch(r"\d{17}[\dX](\d\d)?", number):
        return False
    total = sum(w * int(d) for w, d in zip(WEIGHTS, number[:17], strict=True))
    return CHARACTERS[total % 11] == number[17]


def _expectations(form: dict[str, Any]) -> Iterator[gxe.Expectation]:
    for name in form["required"]:
        yield gxe.ExpectColumnValuesToNotBeNull(column=name)
    for name, least in form["minimum"].items():
        yield gxe.ExpectColumnValuesToBeBetween(column=name, min_value=least)
    for name, most in form["maximum"].items():
        yield gxe.ExpectColumnValuesToBeBetween(column=name, max_value=most)
    for name, codes in form["codes"].items():
        yield gxe.ExpectColumnValuesToBeInSet(column=name, value_set=sorted(set(codes.values())))
    for name in form["phones"]:
        yield gxe.ExpectColumnValuesToMatchRegex(column=name, regex=PHONE)
    for name in [*form["rules"], *(f"{name} valid" for name in form["id_numbers"])]:
        yield gxe.ExpectColumnValuesToBeInSet(column=name, value_set=[True])
    match form["keys"]:
        case [key]:
            yield gxe.ExpectColumnValuesToBeUnique(column=key)
        case [_, *_] as keys:
            yield gxe.ExpectCompoundColumnsToBeUnique(column_list=keys)


def _failures(
    batches: BatchDefinition[Any],
    suite: ExpectationSuite,
    form: dict[str, Any],
    county: str,
    lines: Frame,
) -> Iterator[Failure]:
    lines = lines.set_index("row", drop=False)
    batch = batches.get_batch({"dataframe": lines})
    for result in batch.validate(suite, result_format="COMPLETE").results:
        if result.success:
            continue
        config: Any = result.expectation_config
        column = config.kwargs.get("column")
        rows = result.result.get("unexpected_index_list") or []
        yield {
            "county": county,
            "form": form["name"],
            "rule": column if column in form["rules"] else f"{column} {config.type}",
            "column": column if column in form["columns"] else None,
            "lines": result.result.get("unexpected_count", 0),
            "rows": list(rows),
        }


def main(inbox: Path, listed: Path, output: Path) -> None:
    """The night, and in times.json the seconds of processor of each step."""
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    output.mkdir(parents=True)
    times = {"imports": time.process_time()}

    def timed(step: str, since: float) -> None:
        times[step] = time.process_time() - since

    night = Night(inbox, listed, output)
    began = time.process_time()
    night.read()
    timed("reading", began)
    began = time.process_time()
    night.check()
    timed("checking", began)
    began = time.process_time()
    night.load()
    timed("loading", began)
    began = time.process_time()
    night.publish(night.consolidate())
    timed("publishing", began)
    (output / "times.json").write_text(json.dumps(times))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
