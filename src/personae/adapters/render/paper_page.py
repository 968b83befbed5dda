"""A paper as one HTML file."""

from __future__ import annotations

from personae.adapters.render.document import document, head, method, safe, sheet
from personae.adapters.render.marks import axis, bar
from personae.adapters.render.paper import Bars, Cell, Markup, Matrix, Paper, Part, Sheet, shaded


def paper_html(paper: Paper) -> str:
    """The whole page."""
    parts = [head(paper.title, paper.about, paper.cards), *(_part(part) for part in paper.parts)]
    return document(paper.title, [*parts, method(paper.method, paper.date)])


def _part(part: Part) -> str:
    if isinstance(part, Markup):
        return part.html
    if isinstance(part, Bars):
        return _section(part.title, part.note, _bars(part))
    if isinstance(part, Matrix):
        return _section(part.title, part.note, f'<div class="scroll">{_matrix(part)}</div>')
    return _section(part.title, part.note, _sheet(part))


def _section(title: str, note: str, body: str) -> str:
    said = f'<p class="note">{safe(note)}</p>' if note else ""
    return f"<section><h2>{safe(title)}</h2>{said}{body}</section>"


def _sheet(part: Sheet) -> str:
    return f'<div class="scroll">{sheet(part.heads, part.lines, part.numbers)}</div>'


def _bars(part: Bars) -> str:
    found = []
    last = f"<span></span>{axis(part.full)}"
    for cluster in part.clusters:
        lines = "".join(
            f'<span class="who"><b title="{safe(one.label)}">{safe(one.label)}</b></span>'
            + bar(
                one.seconds,
                part.full,
                one.colour,
                f"{cluster.name}, {one.label}: {one.text}",
                (one.low, one.high),
                one.pale,
            )
            + f'<span class="fig">{safe(one.text)}</span>'
            for one in cluster.strokes
        )
        empty = "" if cluster.strokes else '<p class="note">Nobody appears.</p>'
        under = last if cluster is part.clusters[-1] else ""
        found.append(
            f'<div class="film"><h3>{safe(cluster.name)}</h3>{empty}'
            f'<div class="grid bars">{lines}{under}</div></div>'
        )
    return f'<div class="clusters">{"".join(found)}</div>'


def _matrix(part: Matrix) -> str:
    columns = "".join(f'<th scope="col">{safe(name)}</th>' for name in part.names)
    lines = "".join(
        f'<tr><th scope="row">{safe(name)}</th>{"".join(_cell(cell) for cell in cells)}</tr>'
        for name, cells in zip(part.names, part.cells, strict=True)
    )
    return (
        f'<table class="heat"><thead><tr><td class="none"></td>{columns}</tr></thead>'
        f"<tbody>{lines}</tbody></table>"
    )


def _cell(cell: Cell) -> str:
    small = f"<small>{safe(cell.small)}</small>" if cell.small else ""
    if cell.shade is None:
        return f'<td class="own">{safe(cell.text)}{small}</td>'
    field, ink = shaded(cell.shade)
    return f'<td style="background-color:{field};color:{ink}">{safe(cell.text)}{small}</td>'
