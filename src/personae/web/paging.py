"""Long lists in pages: an opaque cursor says after which entry the next page begins."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, Field

from personae.web.refusals import Malformed

Key = tuple[int | float | str, ...]
"""What a list is sorted by; the last part tells any two entries apart."""
T = TypeVar("T")
MOST = 500
"""Entries on a page."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page is asked for."""

    limit: int
    cursor: str | None


def asked(
    limit: Annotated[int, Query(ge=1, le=MOST, description="Entries on the page.")] = 100,
    cursor: Annotated[
        str | None, Query(max_length=2000, description="`next` of the page before.")
    ] = None,
) -> Asked:
    """The page that a request asks for; a dependency."""
    return Asked(limit, cursor)


class Page(BaseModel, Generic[T]):
    """Some entries of a list."""

    items: list[T]
    next: str | None = Field(None, description="Cursor of the next page; null on the last.")
    total: int = Field(description="Entries of the whole list as it is now.")


def page_of(
    found: Iterable[T], key: Callable[[T], Key], page: Asked
) -> tuple[Sequence[T], str | None, int]:
    """The entries of a page, the cursor of the next, and how many there are in all.

    Entries that come or go between two pages neither repeat others nor make them be missed.

    Raises:
        Malformed: the cursor is none of this list.
    """
    ordered = sorted(found, key=key)
    total = len(ordered)
    if page.cursor is not None:
        after = opened(page.cursor)
        try:
            ordered = [one for one in ordered if key(one) > after]
        except TypeError as error:
            raise Malformed("this cursor belongs to another list") from error
    here = ordered[: page.limit]
    more = len(ordered) > len(here)
    return here, sealed(key(here[-1])) if more and here else None, total


def sealed(key: Key) -> str:
    """A key as a cursor."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def opened(cursor: str) -> Key:
    """The key of a cursor.

    Raises:
        Malformed: it is none.
    """
    try:
        text = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        found = json.loads(text)
    except (binascii.Error, ValueError, RecursionError) as error:
        raise Malformed("this is no cursor of this server", "Begin with the first page.") from error
    fits = isinstance(found, list) and all(type(v) in (int, float, str) for v in found)
    if not found or not fits:
        raise Malformed("this is no cursor of this server", "Begin with the first page.")
    return tuple(found)
