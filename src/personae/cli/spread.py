"""A command takes one dataclass; on the command line its fields are arguments and options."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import MISSING, fields
from typing import Any, TypeVar, get_type_hints

Asked = TypeVar("Asked")


def spread(command: Callable[[Asked], None]) -> Callable[..., None]:
    """The command with one parameter for each field of its only parameter's dataclass."""
    hints = get_type_hints(command, include_extras=True)
    kind: Any = next(value for name, value in hints.items() if name != "return")
    types = get_type_hints(kind, include_extras=True)

    def spread_out(**given: object) -> None:
        command(kind(**given))

    spread_out.__doc__ = command.__doc__
    spread_out.__name__ = command.__name__
    spread_out.__annotations__ = {**types, "return": None}
    parameters = [
        inspect.Parameter(
            each.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty if each.default is MISSING else each.default,
            annotation=types[each.name],
        )
        for each in fields(kind)
    ]
    spread_out.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return spread_out
