"""Parquet is read by pandas with the values that went in; without pyarrow it says what to do."""

from __future__ import annotations

import io
import sys

import pandas
import pytest

from personae.adapters.render.parquet import COLUMNS, parquet_bytes
from personae.core.errors import ExtraMissing

LINE = {
    "person": "Ada",
    "person_id": 7,
    "gender": "Female",
    "medium": "a/b.mp4",
    "medium_id": 2**40,
    "collection": None,
    "start_s": 1001 / 30000,
    "end_s": 2002 / 30000,
    "first_pts": 1001,
    "last_pts": 2002,
    "base": "1/30000",
    "known_by": "face",
    "confidence": 0.9999,
}


def test_what_went_in_comes_out() -> None:
    read = pandas.read_parquet(io.BytesIO(parquet_bytes([LINE, {**LINE, "collection": "News"}])))
    assert list(read.columns) == list(COLUMNS)
    first, second = read.to_dict("records")
    assert {**first, "collection": None} == LINE
    assert (pandas.isna(first["collection"]), second["collection"]) == (True, "News")


def test_nothing_has_columns_all_the_same() -> None:
    read = pandas.read_parquet(io.BytesIO(parquet_bytes([])))
    assert list(read.columns) == list(COLUMNS)
    assert len(read) == 0


def test_without_pyarrow_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ExtraMissing) as caught:
        parquet_bytes([LINE])
    assert caught.value.code == "P108"
    assert "pip install 'personae[parquet]'" in caught.value.hint
