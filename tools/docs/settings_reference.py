"""Writes docs/reference/settings.md from the tree of settings."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from personae.app.settings import Settings
from tools.docs.page import page, run, table

INTRODUCTION = """
A setting is looked up in this order, the last found wins: its default, the settings file, the
environment (or a file `.env` in the working folder), the command line. In the file a dot in a name
is a table: `models.detector` is `detector` under `[models]`.
"""


def settings(
    model: type[BaseModel] = Settings, prefix: str = ""
) -> Iterator[tuple[str, FieldInfo]]:
    """Every setting as ``(dotted name, field)``, in the order of the tree."""
    for name, field in model.model_fields.items():
        branch = _branch(field)
        if branch is None:
            yield f"{prefix}{name}", field
        else:
            yield from settings(branch, f"{prefix}{name}.")


def _branch(field: FieldInfo) -> type[BaseModel] | None:
    kinds = (field.annotation, *get_args(field.annotation))
    return next((k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel)), None)


def environment_name(name: str) -> str:
    """The environment variable that gives this setting."""
    prefix = Settings.model_config.get("env_prefix", "")
    delimiter = Settings.model_config.get("env_nested_delimiter") or "__"
    return (prefix + name.replace(".", delimiter)).upper()


def render() -> str:
    """The page as it should be."""
    rows = [
        (f"`{name}`", f"`{environment_name(name)}`", _default(field), field.description or "")
        for name, field in settings()
    ]
    head = ("Setting", "Environment", "Default", "What it does")
    return page("Settings", INTRODUCTION, [table(head, rows)])


def _default(field: FieldInfo) -> str:
    value: Any = field.get_default(call_default_factory=True, validated_data={})
    if value is PydanticUndefined:
        return "required"
    if value is None or value == "":
        return "none"
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, Path) and value.is_absolute() and value.is_relative_to(Path.home()):
        value = Path("~") / value.relative_to(Path.home())
    return f"`{value}`"


if __name__ == "__main__":
    sys.exit(run(render, "settings.md"))
