"""What a night did, as a file for Prometheus (the textfile collector of node_exporter)."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

from flows.telling.report import NightReport

FILE_NAME = "metrics.prom"


def write(folder: Path, report: NightReport, missing: Mapping[str, int], at: datetime) -> Path:
    """Write the figures of a night into the site folder, in place of those of the last one.

    `missing` are the returns that are owed and not there, by period; a period stays among them
    while it is open, whether or not the night published it.
    """
    known = CollectorRegistry()

    def gauge(name: str, sentence: str, value: float) -> None:
        Gauge(f"huizong_{name}", sentence, registry=known).set(value)

    gauge("night_ended_timestamp_seconds", "When the last night ended.", at.timestamp())
    gauge("night_seconds", "How long it took.", report.seconds)
    gauge("night_failures", "Faults of the program or its surroundings.", len(report.failures))
    gauge("files_received", "Files that stood in the channels.", report.received)
    gauge("files_new", "Files that had not come before.", report.new)
    gauge("files_read", "Files that were read and checked.", report.read)
    gauge("files_left", "Files that were left in a channel.", len(report.left))
    filings = Gauge(
        "huizong_filings", "Filings by what became of them.", ["status"], registry=known
    )
    for status in ("accepted", "refused", "unchanged"):
        filings.labels(status).set(report.statuses[status])
    findings = Gauge(
        "huizong_findings", "Findings of a publication.", ["period", "severity"], registry=known
    )
    owed = Gauge(
        "huizong_returns_missing", "Returns owed and not there.", ["period"], registry=known
    )
    for period, count in missing.items():
        owed.labels(period).set(count)
    for published in report.published:
        for severity, count in published.findings.items():
            findings.labels(published.period, severity.value).set(count)
    write_to_textfile(str(folder / FILE_NAME), known)
    return folder / FILE_NAME
