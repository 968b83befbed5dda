"""`personae models add`: take a user's own ONNX model in, by its card."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from personae.adapters.models.cards import Card, check, load_cards, parse_cards, weights_path
from personae.core.errors import ModelError, WeightsMissing

NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")


def add_card(card_file: Path, folder: Path) -> Card:
    """Copy the one model that ``card_file`` describes, card and weights, into ``folder``.

    The card has the form of a table of cards.toml; its ``file`` lies beside it. ``sha256`` may be
    left out: it is then computed. Nothing is left behind when something fails.

    Raises:
        ModelError: the card is malformed, or its name is taken.
        WeightsMissing: the weight file is not beside the card.
        WeightsCorrupt: its SHA-256 is not the one the card gives.
    """
    card = read_card(card_file)
    table_name, table = _table(card_file)
    data = weights_path(card).read_bytes()
    if table_name in load_cards(folder):
        raise ModelError(f"a model called {table_name} is there already", "Give it a new name.")
    kept = replace(card, file=f"{table_name}.onnx", folder=folder)
    folder.mkdir(parents=True, exist_ok=True)
    _place(data, weights_path(kept))
    # the card comes last: a model without its card does not exist, a card without its model would
    text = _toml(table_name, {**table, "sha256": card.sha256, "file": kept.file})
    _place(text.encode(), folder / f"{table_name}.toml")
    return kept


def read_card(card_file: Path) -> Card:
    """The one model that ``card_file`` describes, where it lies, its weights beside it.

    Raises:
        ModelError: the card is malformed.
        WeightsMissing: the weight file is not beside the card.
        WeightsCorrupt: its SHA-256 is not the one the card gives.
    """
    name, table = _table(card_file)
    source = card_file.parent / str(table.get("file", ""))
    if not source.is_file():
        raise WeightsMissing(
            f"{card_file} names the weights {source}, which is not a file",
            "Put the ONNX file beside its card and name it in `file`.",
        )
    if "sha256" not in table:
        table = {**table, "sha256": hashlib.sha256(source.read_bytes()).hexdigest()}
    card = parse_cards(_toml(name, table), str(card_file), card_file.parent)[name]
    check(card)
    return card


def remove_card(name: str, folder: Path) -> None:
    """Take a user's model out again; ModelError if there is none of this name in ``folder``."""
    if not NAME.fullmatch(name) or not (folder / f"{name}.toml").is_file():
        raise ModelError(f"no added model is called {name}", "`personae models list` shows them.")
    (folder / f"{name}.toml").unlink()
    (folder / f"{name}.onnx").unlink(missing_ok=True)


def _table(card_file: Path) -> tuple[str, Mapping[str, object]]:
    try:
        tables = tomllib.loads(card_file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{card_file} cannot be read as a card: {error}") from error
    if len(tables) != 1:
        raise ModelError(f"{card_file} must hold exactly one table, it holds {len(tables)}")
    name, table = next(iter(tables.items()))
    if not NAME.fullmatch(name):
        raise ModelError(
            f"{name!r} is no name for a model",
            "Use up to 64 small letters, digits, dots and dashes, with a version in it.",
        )
    if not isinstance(table, dict):
        raise ModelError(f"{card_file}: {name} must be a table")
    return name, table


def _toml(name: str, table: Mapping[str, object]) -> str:
    lines = [f"{key} = {_value(value)}" for key, value in table.items()]
    return "\n".join([f"[{json.dumps(name)}]", *lines, ""])


def _value(value: object) -> str:
    if isinstance(value, dict):
        inner = ", ".join(f"{json.dumps(key)} = {_value(item)}" for key, item in value.items())
        return f"{{ {inner} }}"
    # strings, numbers, truth values and lists of them are written alike in JSON and TOML
    return json.dumps(value, ensure_ascii=True)


def _place(data: bytes, target: Path) -> None:
    # written beside it and moved there, so that no half-written file ever bears the name
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as stream:
        try:
            stream.write(data)
            stream.close()
            Path(stream.name).chmod(0o644)
            os.replace(stream.name, target)
        except OSError:
            Path(stream.name).unlink(missing_ok=True)
            raise
