"""The shell of every page: one file, offline, in light, dark and print; no script, no request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files

from personae.adapters.render.words import counted, plain

_WIDE = 8
"""Columns; a table with more is set closer."""


def document(title: str, parts: Iterable[str]) -> str:
    """A whole page of these parts, empty ones left out; the policy in it forbids every request."""
    style = (files("personae.adapters.render") / "page.css").read_text(encoding="utf-8")
    body = "\n".join(part for part in parts if part)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{safe(title)}</title>\n<style>\n{style}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def head(title: str, about: str, cards: Sequence[tuple[str, str]] = ()) -> str:
    """Title, the line below, and a few figures in large letters."""
    listed = "".join(
        f"<div><dt>{safe(name)}</dt><dd>{safe(value)}</dd></div>" for name, value in cards
    )
    key = f'<dl class="key">{listed}</dl>' if listed else ""
    return f'<header><h1>{safe(title)}</h1><p class="sub">{safe(about)}</p>{key}</header>'


def method(said: Sequence[str], date: str = "") -> str:
    """The footer: how it was counted."""
    sentences = "".join(f"<p>{safe(sentence)}</p>" for sentence in said)
    when = f"{safe(date)} · " if date else ""
    return f"<footer><h2>Method</h2>{sentences}<p>{when}made with Personae</p></footer>"


def more(left: int, one: str, many: str) -> str:
    """That so many are not drawn."""
    if left <= 0:
        return ""
    return f'<p class="note">{counted(left, one, many)} not drawn; the tables have them all.</p>'


def sheet(
    heads: Sequence[str],
    lines: Iterable[Sequence[str]],
    numbers: range,
    before: Sequence[str] = (),
) -> str:
    """A table.

    Args:
        heads: of the columns.
        lines: cells as text; the first heads its line.
        numbers: columns that are set to the right.
        before: markup before each line's first cell.
    """
    columns = "".join(
        f'<th scope="col"{_number(place, numbers)}>{safe(name)}</th>'
        for place, name in enumerate(heads)
    )
    body = []
    for number, line in enumerate(lines):
        mark = before[number] if before else ""
        cells = "".join(
            f"<td{_number(place, numbers)}>{safe(text)}</td>"
            for place, text in enumerate(line[1:], start=1)
        )
        body.append(f'<tr><th scope="row">{mark}{safe(line[0])}</th>{cells}</tr>')
    tight = ' class="tight"' if len(heads) > _WIDE else ""
    return f"<table{tight}><thead><tr>{columns}</tr></thead><tbody>{''.join(body)}</tbody></table>"


def safe(text: str) -> str:
    """Text from outside, as text."""
    return escape(plain(text))


def _number(place: int, numbers: range) -> str:
    return ' class="n"' if place in numbers else ""
