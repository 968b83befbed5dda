"""Writes docs/reference/settings.md from the tree of settings."""

from __future__ import annotations

import dataclasses
import inspect
import re
import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_type_hints

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from personae.app.settings import Settings
from tools.docs.page import page, run, table

INTRODUCTION = """
A setting is looked up in this order, the last found wins: its default, the file `personae.toml` in
the working folder, a file `.env` there, the environment, the command line. In the TOML file a dot
in a name is a table: `observe.fps` is `fps` under `[observe]`.
"""
REQUIRED = object()
ATTRIBUTE = re.compile(r"^    (\w+)(?: \([^)]*\))?: (.*(?:\n {8,}.*)*)", re.MULTILINE)


@dataclasses.dataclass(frozen=True, slots=True)
class Setting:
    """One leaf of the tree: dotted name, default, and what is said of it."""

    name: str
    default: object
    said: str


def settings(tree: type = Settings, prefix: str = "") -> Iterator[Setting]:
    """Every setting, in the order of the tree; a branch is a Pydantic model or a dataclass."""
    read = _of_model if issubclass(tree, BaseModel) else _of_dataclass
    hints = get_type_hints(tree)
    for leaf in read(tree):
        branch = _branch(hints[leaf.name])
        if branch is None:
            yield dataclasses.replace(leaf, name=prefix + leaf.name)
        else:
            yield from settings(branch, f"{prefix}{leaf.name}.")


def _of_model(tree: type[BaseModel]) -> Iterator[Setting]:
    said = _attributes(tree)
    for name, field in tree.model_fields.items():
        default = field.get_default(call_default_factory=True, validated_data={})
        missing = default is PydanticUndefined
        text = field.description or said.get(name, "")
        yield Setting(name, REQUIRED if missing else default, text)


def _of_dataclass(tree: Any) -> Iterator[Setting]:  # noqa: ANN401 - any dataclass
    said = _attributes(tree)
    for field in dataclasses.fields(tree):
        default: object = field.default
        if field.default_factory is not dataclasses.MISSING:
            default = field.default_factory()
        missing = default is dataclasses.MISSING
        yield Setting(field.name, REQUIRED if missing else default, said.get(field.name, ""))


def _attributes(tree: type) -> dict[str, str]:
    """What the section Attributes of the docstring says of each."""
    section = (inspect.getdoc(tree) or "").partition("Attributes:\n")[2]
    return {name: " ".join(text.split()) for name, text in ATTRIBUTE.findall(section)}


def _branch(annotation: object) -> type | None:
    kinds = (annotation, *get_args(annotation))
    trees = (k for k in kinds if isinstance(k, type))
    return next((k for k in trees if issubclass(k, BaseModel) or dataclasses.is_dataclass(k)), None)


def environment_name(name: str) -> str:
    """The environment variable that gives this setting."""
    prefix = Settings.model_config.get("env_prefix", "")
    delimiter = Settings.model_config.get("env_nested_delimiter") or "__"
    return (prefix + name.replace(".", delimiter)).upper()


def render() -> str:
    """The page as it should be."""
    rows = [
        (
            f"`{leaf.name}`",
            f"`{environment_name(leaf.name)}`",
            _shown(leaf.default),
            leaf.said[:1].upper() + leaf.said[1:],
        )
        for leaf in settings()
    ]
    head = ("Setting", "Environment", "Default", "What it does")
    return page("Settings", INTRODUCTION, [table(head, rows)])


def _shown(value: object) -> str:
    if value is REQUIRED:
        return "required"
    if value is None or value in ("", ()):
        return "none"
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, Path) and value.is_relative_to(Path.home()):
        value = Path("~") / value.relative_to(Path.home())
    return f"`{value}`"


if __name__ == "__main__":
    sys.exit(run(render, "settings.md"))
