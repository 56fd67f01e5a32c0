"""data/: every table as CSV and Parquet, described by a Frictionless Data Package.

CSV is UTF-8 without a byte order mark, with line feeds and RFC 4180 quoting; figures have their
declared decimals, so the bytes say nothing of the database they came from.
"""

import csv
import hashlib
import json
from datetime import UTC
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
from pyarrow import parquet

from schemas.rules.formulas import rounded
from warehouse.publish.edition import Edition
from warehouse.publish.figures import plain
from warehouse.publish.resources import Field, Resource, Value, resources

_PRECISION = 28


def open_data(edition: Edition) -> dict[str, bytes]:
    """The files of the data folder by name."""
    files: dict[str, bytes] = {}
    described = []
    for resource in resources(edition):
        files[f"{resource.name}.csv"] = content = csv_bytes(resource)
        files[f"{resource.name}.parquet"] = parquet_bytes(resource)
        described.append(_described(resource, content))
    files["datapackage.json"] = _json(_package(edition, described))
    return files


def csv_bytes(resource: Resource) -> bytes:
    """A table as CSV."""
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(field.name for field in resource.fields)
    for row in resource.rows:
        writer.writerow(map(_written, resource.fields, row))
    return text.getvalue().encode()


def parquet_bytes(resource: Resource) -> bytes:
    """A table as Parquet; figures with decimals are decimal128, whole ones int64."""
    schema = pa.schema([_column(field) for field in resource.fields])
    columns = zip(*resource.rows, strict=True) if resource.rows else ([] for _ in resource.fields)
    arrays = [
        pa.array([_typed(field, value) for value in column], type=field_type.type)
        for field, field_type, column in zip(resource.fields, schema, columns, strict=True)
    ]
    buffer = BytesIO()
    parquet.write_table(pa.Table.from_arrays(arrays, schema=schema), buffer)
    return buffer.getvalue()


def _written(field: Field, value: Value) -> str:
    if isinstance(value, Decimal):
        return plain(value, field.decimals)
    return "" if value is None else str(value)


def _typed(field: Field, value: Value) -> Value:
    if not isinstance(value, Decimal):
        return value
    exact = rounded(value, field.decimals)
    return int(exact) if field.kind == "integer" else exact


def _column(field: Field) -> Any:
    kinds = {
        "string": pa.string(),
        "integer": pa.int64(),
        "number": pa.decimal128(_PRECISION, field.decimals),
    }
    about = {"title": field.title, "unit": field.unit}
    return pa.field(field.name, kinds[field.kind], nullable=not field.required, metadata=about)


def _described(resource: Resource, content: bytes) -> dict[str, object]:
    schema: dict[str, object] = {"fields": [_described_field(field) for field in resource.fields]}
    if resource.key:
        schema["primaryKey"] = list(resource.key)
    return {
        "name": resource.name,
        "type": "table",
        "title": resource.title,
        "description": resource.description,
        "path": f"{resource.name}.csv",
        "parquet": f"{resource.name}.parquet",
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": schema,
    }


def _described_field(field: Field) -> dict[str, object]:
    described: dict[str, object] = {"name": field.name, "type": field.kind, "title": field.title}
    if field.unit:
        described["unit"] = field.unit
        described["description"] = f"{field.title} ({field.unit})"
    if field.required:
        described["constraints"] = {"required": True}
    return described


def _package(edition: Edition, described: list[dict[str, object]]) -> dict[str, object]:
    contents, language = edition.contents, edition.language
    return {
        "name": f"{contents.scheme.id}-{edition.number.lower()}",
        "id": f"{contents.scheme.id}/{edition.number}",
        "title": f"{contents.scheme.title.in_(language)} {edition.period}",
        "description": edition.signature,
        "version": str(contents.serial),
        "created": f"{contents.as_of.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "contributors": [{"title": contents.scheme.issued_by.in_(language), "role": "publisher"}],
        "resources": described,
    }


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
