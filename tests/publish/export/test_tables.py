"""Tables: CSV, Parquet, JSON Lines and the data package come back as they were; every column is described."""

import csv
import hashlib
import json
import tomllib
from pathlib import Path

import jsonschema
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from textmine.publish.export import column_meanings
from textmine.publish.export.column_meanings import describe_columns, describe_table
from textmine.publish.export.data_package import export_data_package
from textmine.publish.export.table_files import export_csv, export_jsonl, export_parquet
from textmine.publish.features import load_features
from textmine.publish.study import Study
from textmine.schema import TABLES

# The schema of the tabular data package 1.0 as datapackage-py 1.15.4 (MIT) ships it, descriptions taken out.
SCHEMA = json.loads((Path(__file__).parent / "tabular-data-package.schema.json").read_text(encoding="utf-8"))
BOTH = pytest.mark.parametrize("name", ["toy_study", "odd_study"])


@BOTH
def test_parquet_and_json_lines_come_back(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    study: Study = request.getfixturevalue(name)
    export_parquet(study, tmp_path)
    export_jsonl(study, tmp_path)
    for table, frame in study.tables.items():
        assert_frame_equal(pl.read_parquet(tmp_path / f"{table}.parquet"), frame)
        read = pl.read_ndjson(tmp_path / f"{table}.jsonl", schema=dict(frame.schema))
        assert_frame_equal(read, frame)
        lines = (tmp_path / f"{table}.jsonl").read_bytes().decode("utf-8").split("\n")[:-1]
        assert [json.loads(line) for line in lines] == frame.rows(named=True)


def test_csv_opens_in_a_spreadsheet(toy_study: Study, tmp_path: Path) -> None:
    for path in export_csv(toy_study, tmp_path).files:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            assert len(list(csv.DictReader(stream))) == toy_study.tables[path.stem].height


@BOTH
def test_the_data_package_comes_back_by_its_own_description(
    name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    study: Study = request.getfixturevalue(name)
    *_, descriptor = export_data_package(study, tmp_path).files
    package = json.loads(descriptor.read_text(encoding="utf-8"))
    assert {resource["name"] for resource in package["resources"]} == set(study.tables)
    convert = {"integer": int, "number": float, "string": str, "boolean": {"true": True, "false": False}.get}
    for resource in package["resources"]:
        data = (tmp_path / resource["path"]).read_bytes()
        assert len(data) == resource["bytes"]
        assert f"sha256:{hashlib.sha256(data).hexdigest()}" == resource["hash"]
        types = {field["name"]: field["type"] for field in resource["schema"]["fields"]}
        with (tmp_path / resource["path"]).open(encoding=resource["encoding"], newline="") as stream:
            rows = [
                {
                    key: None
                    if cell in resource["schema"]["missingValues"]
                    else {**convert, "array": json.loads}[types[key]](cell)
                    for key, cell in row.items()
                }
                for row in csv.DictReader(stream)
            ]
        assert rows == study.tables[resource["name"]].rows(named=True)


def test_a_text_that_looks_like_null_comes_back(toy_study: Study, tmp_path: Path) -> None:
    tokens = toy_study.tables["tokens"].with_columns(text=pl.lit("NA"))
    study = Study({**toy_study.tables, "tokens": tokens}, toy_study.taxonomy, name="na")
    package = json.loads(export_data_package(study, tmp_path).files[-1].read_text(encoding="utf-8"))
    marks = {resource["name"]: resource["schema"]["missingValues"] for resource in package["resources"]}
    assert (marks["tokens"], marks["tags"]) == (["NA_"], ["NA"])


def test_the_descriptor_keeps_to_the_standard(toy_study: Study, tmp_path: Path) -> None:
    for study in (toy_study, Study(load_features(), toy_study.taxonomy, name="features/2011.zh")):
        package = json.loads(export_data_package(study, tmp_path).files[-1].read_text(encoding="utf-8"))
        jsonschema.Draft4Validator.check_schema(SCHEMA)
        validator = jsonschema.Draft4Validator(SCHEMA)
        validator.validate(package)
        package["resources"][0]["schema"]["fields"][0]["type"] = "whole"
        assert list(validator.iter_errors(package))


def test_keys_of_the_descriptor_hold(toy_study: Study, tmp_path: Path) -> None:
    package = json.loads(export_data_package(toy_study, tmp_path).files[-1].read_text(encoding="utf-8"))
    schemas = {resource["name"]: resource["schema"] for resource in package["resources"]}
    assert [name for name in schemas if "foreignKeys" in schemas[name]] == ["quantities", "tags", "tokens"]
    for name, schema in schemas.items():
        frame = toy_study.tables[name]
        if "primaryKey" in schema:
            assert frame.select(schema["primaryKey"]).is_unique().all()
        for key in schema.get("foreignKeys", []):
            target = toy_study.tables[key["reference"]["resource"]].select(key["reference"]["fields"])
            assert set(frame.select(key["fields"]).iter_rows()) <= set(target.iter_rows())


def test_every_column_of_every_table_is_described_and_no_other() -> None:
    for name, columns in TABLES.items():
        assert describe_table(name)
        meanings = describe_columns(name)
        assert list(meanings) == list(columns)
        assert [column for column, meaning in meanings.items() if not meaning] == [], name
    read = tomllib.loads((Path(column_meanings.__file__).parent / "columns.toml").read_text(encoding="utf-8"))
    assert set(read["tables"]) == set(TABLES)
    for name, own in read["tables"].items():
        assert set(own) - {"about"} <= set(TABLES[name]), name
    used = {column for columns in TABLES.values() for column in columns}
    assert set(read["common"]) <= used
