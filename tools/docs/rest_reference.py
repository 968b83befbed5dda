"""Writes docs/reference/openapi.json and docs/reference/rest-api.md from the routes themselves."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastapi import FastAPI

import personae
from personae.web.openapi import ABOUT, METHODS, description
from personae.web.server import api_routers
from personae.web.site import Site, WebSettings
from tools.docs.page import REFERENCE, page, run, table

SNAPSHOT = "openapi.json"
INTRODUCTION = f"""
{ABOUT.strip()}

`personae serve` answers at `http://127.0.0.1:8017`; the machine-readable description is
[openapi.json](openapi.json), and `/api/v1/openapi.json` of a running server.
"""


def document() -> dict[str, Any]:
    """The OpenAPI document of this version."""
    with tempfile.TemporaryDirectory() as folder:
        settings = personae.Settings(library=Path(folder))
        site = Site(settings, WebSettings(), personae.Library(settings))
        app = FastAPI()
        for one in api_routers(site):
            app.include_router(one)
        made = description(list(app.routes))
        site.close()
    return made


def snapshot() -> str:
    """The document as it lies in the repository."""
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


def render() -> str:
    """The page as it should be."""
    found = document()
    subjects: dict[str, list[str]] = {}
    for address, methods in found["paths"].items():
        for method in METHODS:
            if method in methods:
                entry = list(_entry(address, method, methods[method], found))
                subjects.setdefault(methods[method]["tags"][0], []).extend(entry)
    parts = [part for name in sorted(subjects) for part in (f"## {name}", *subjects[name])]
    return page("REST API", INTRODUCTION, parts)


def _entry(address: str, method: str, told: dict[str, Any], whole: dict[str, Any]) -> Iterator[str]:
    yield f"### `{method.upper()} {address}`"
    yield told.get("description") or f"{told['summary']}."
    rows = [
        (
            f"`{one['name']}`",
            one["in"],
            _kind(one["schema"]),
            "yes" if one.get("required") else "",
            one.get("description") or one["schema"].get("description", ""),
        )
        for one in told.get("parameters", [])
    ]
    if rows:
        yield table(("Parameter", "In", "Kind", "Required", ""), rows)
    body = told.get("requestBody", {}).get("content", {})
    for kind, content in body.items():
        yield f"Body (`{kind}`):"
        yield table(("Field", "Kind", "Required", ""), _fields(content["schema"], whole))
    answers = [(status, one) for status, one in told["responses"].items() if status != "default"]
    yield "Answers: " + "; ".join(f"**{status}** {_answer(one)}" for status, one in answers) + "."


def _fields(schema: dict[str, Any], whole: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    name = schema.get("$ref", "").rpartition("/")[2]
    shape = whole["components"]["schemas"][name] if name else schema
    needed = shape.get("required", [])
    return [
        (f"`{key}`", _kind(one), "yes" if key in needed else "", one.get("description", ""))
        for key, one in shape.get("properties", {}).items()
    ]


def _answer(told: dict[str, Any]) -> str:
    kinds = [
        f"`{kind}`" + (f" {_kind(content['schema'])}" if content.get("schema") else "")
        for kind, content in told.get("content", {}).items()
    ]
    said = told.get("description", "").rstrip(".")
    shown = said if said != "Successful Response" else ""
    return " ".join(part for part in (shown, " or ".join(kinds)) if part) or "nothing"


def _kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"] if one.get("type") != "null")
    if "enum" in schema:
        return ", ".join(str(one) for one in schema["enum"])
    if schema.get("type") == "array":
        inner = _kind(schema["items"]) if schema.get("items") else "values"
        return f"list of {inner}"
    return str(schema.get("format") or schema.get("type", "anything"))


def main() -> int:
    """Writes or checks both files."""
    if "--check" not in sys.argv:
        (REFERENCE / SNAPSHOT).write_text(snapshot(), encoding="utf-8")
    elif (REFERENCE / SNAPSHOT).read_text("utf-8") != snapshot():
        sys.stdout.write(f"{SNAPSHOT} is out of date\n")
        return 1
    return run(render, "rest-api.md")


if __name__ == "__main__":
    sys.exit(main())
