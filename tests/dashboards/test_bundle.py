"""What the dashboard asks is in the contract, and its files speak of each other.

`make dashboards` shows it in a real Superset besides.
"""

import csv
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import make_url

from tests.dashboards.server import SERVE, SETUP

DASHBOARDS = Path(__file__).parents[2] / "deploy" / "dashboards"
BUNDLE = DASHBOARDS / "bundle"


def files(kind: str) -> dict[str, dict[str, Any]]:
    """The files of one kind, such as charts, by their names."""
    paths = sorted((BUNDLE / kind).glob("*.yaml"))
    return {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths}


(DATABASE,) = files("databases").values()
DATASETS, CHARTS = files("datasets"), files("charts")
(DASHBOARD,) = files("dashboards").values()
BY_UUID = {dataset["uuid"]: dataset for dataset in DATASETS.values()}
FILTERS = DASHBOARD["metadata"]["native_filter_configuration"]
PLACED = {
    node["meta"]["chartId"]: node["meta"]["uuid"]
    for node in DASHBOARD["position"].values()
    if isinstance(node, dict) and node["type"] == "CHART"
}


@pytest.fixture(scope="module")
def contract() -> Iterator[sqlite3.Connection]:
    """Empty tables with the views and columns that were agreed."""
    views: dict[str, list[str]] = {}
    with (DASHBOARDS / "contract-v1.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            views.setdefault(row["view"], []).extend([row["name"]] if row["name"] else [])
    connection = sqlite3.connect(":memory:")
    connection.execute("ATTACH ':memory:' AS mart")
    for view, columns in views.items():
        connection.execute(f'CREATE TABLE mart."{view}" ({", ".join(columns)})')
    yield connection
    connection.close()


def columns_of(connection: sqlite3.Connection, query: str) -> list[str]:
    return [column[0] for column in connection.execute(query).description]


def metrics_of(dataset: dict[str, Any]) -> dict[str, str]:
    return {metric["metric_name"]: metric["expression"] for metric in dataset["metrics"]}


def asked(params: dict[str, Any]) -> tuple[list[str], list[str], list[str]]:
    """The columns and metrics that a chart names, and its conditions."""
    ordered = [json.loads(order)[0] for order in params.get("order_by_cols", [])]
    groups = params.get("groupby", [])
    columns = [
        *params.get("all_columns", []),
        *ordered,
        *([groups] if isinstance(groups, str) else groups),
        *([params["x_axis"]] if "x_axis" in params else []),
        *params.get("column_config", {}),
        *(each["column"] for each in params.get("conditional_formatting", [])),
    ]
    metrics = [*params.get("metrics", []), *params.get("metrics_b", [])]
    metrics += [params["metric"]] if "metric" in params else []
    filters = [*params.get("adhoc_filters", []), *params.get("adhoc_filters_b", [])]
    return columns, metrics, [each["sqlExpression"] for each in filters]


@pytest.mark.parametrize("name", DATASETS)
def test_a_dataset_has_the_columns_that_it_declares(
    name: str, contract: sqlite3.Connection
) -> None:
    dataset = DATASETS[name]
    declared = [column["column_name"] for column in dataset["columns"]]
    assert columns_of(contract, dataset["sql"]) == declared
    for expression in metrics_of(dataset).values():
        contract.execute(f"SELECT {expression} FROM ({dataset['sql']})")
    assert dataset["schema"] == "mart"
    assert dataset["database_uuid"] == DATABASE["uuid"]


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_asks_for_what_its_dataset_has(name: str, contract: sqlite3.Connection) -> None:
    chart = CHARTS[name]
    dataset = BY_UUID[chart["dataset_uuid"]]
    columns, metrics, conditions = asked(chart["params"])
    assert set(columns) <= {column["column_name"] for column in dataset["columns"]}
    assert set(metrics) <= set(metrics_of(dataset))
    for condition in conditions:
        contract.execute(f"SELECT 1 FROM ({dataset['sql']}) WHERE {condition}")


def test_every_chart_has_a_place_on_the_dashboard() -> None:
    assert sorted(PLACED.values()) == sorted(chart["uuid"] for chart in CHARTS.values())


def test_places_are_in_each_other() -> None:
    places = {name: node for name, node in DASHBOARD["position"].items() if isinstance(node, dict)}
    for name, place in places.items():
        assert place["id"] == name
        for child in place.get("children", []):
            assert places[child]["parents"] == [*place.get("parents", []), name]
    rows = [place for place in places.values() if place["type"] == "ROW"]
    assert all(sum(places[c]["meta"]["width"] for c in row["children"]) == 12 for row in rows)


@pytest.mark.parametrize("chosen", FILTERS, ids=lambda chosen: chosen["name"])
def test_what_is_chosen_is_a_column_of_every_dataset_that_it_narrows(
    chosen: dict[str, Any],
) -> None:
    (target,) = chosen["targets"]
    column = target["column"]["name"]
    offered = BY_UUID[target["datasetUuid"]]
    assert chosen["sortMetric"] in metrics_of(offered)
    excluded = {PLACED[chart] for chart in chosen["scope"]["excluded"]}
    narrowed = {chart["dataset_uuid"] for chart in CHARTS.values() if chart["uuid"] not in excluded}
    for dataset in (offered, *(BY_UUID[uuid] for uuid in narrowed)):
        assert column in {each["column_name"] for each in dataset["columns"]}


def test_nothing_has_the_mark_of_another() -> None:
    marks = [each["uuid"] for each in (DATABASE, DASHBOARD, *DATASETS.values(), *CHARTS.values())]
    assert len(set(marks)) == len(marks)


def test_no_password_is_kept() -> None:
    assert make_url(DATABASE["sqlalchemy_uri"]).password is None


@pytest.mark.parametrize("runbook", ["runbook.md", "runbook.zh-CN.md"])
def test_the_runbook_prepares_a_superset_as_make_dashboards_does(runbook: str) -> None:
    text = (DASHBOARDS.parent / runbook).read_text(encoding="utf-8")
    places = []
    for program, *words in SETUP:
        said = " ".join(words).replace(str(DASHBOARDS), "/opt/huizong/deploy/dashboards")
        places.append(text.index(f"as_superset /opt/superset/bin/{program} {said}\n"))
    assert places == sorted(places)


def test_the_unit_serves_as_make_dashboards_does() -> None:
    unit = (DASHBOARDS / "huizong-dashboard.service").read_text(encoding="utf-8")
    (served,) = (line for line in unit.splitlines() if line.startswith("ExecStart="))
    assert "/opt/superset/bin/gunicorn" in served
    assert {*SERVE} <= {*served.split()}
