"""What this installation consists of, and whether it works."""

from __future__ import annotations

import platform
import shutil
import sqlite3
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from personae.adapters.models.cards import check, load_cards, weights_path
from personae.adapters.models.onnx import Session, available
from personae.adapters.stores.sqlite import FILE, SCHEMA
from personae.app.build import choose, has_vnni
from personae.app.settings import Settings
from personae.app.web_media import support
from personae.core.errors import ModelError

PACKAGES = ("av", "onnxruntime", "opencv-python-headless", "numpy", "pillow", "sqlalchemy",
            "faiss-cpu")  # fmt: skip
LEAST_FREE = 1 << 30


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    message: str


def models() -> list[dict[str, object]]:
    """Every model card as a row."""
    rows: list[dict[str, object]] = []
    for card in load_cards().values():
        path = weights_path(card)
        size = path.stat().st_size if path.exists() else 0
        rows.append(
            {
                "name": card.name,
                "task": card.task,
                "licence": card.licence,
                "origin": card.origin,
                "default": card.default,
                "sha256": card.sha256,
                "megabytes": round(size / 1e6, 1),
                "path": str(path),
            }
        )
    return rows


def check_models(provider: str = "cpu") -> list[dict[str, object]]:
    """Proves and loads every model; ``ok`` and ``message`` say how that went."""
    rows: list[dict[str, object]] = []
    for card in load_cards().values():
        row: dict[str, object] = {"name": card.name, "sha256": card.sha256}
        try:
            check(card)
            made = Session(weights_path(card), provider=provider)
            rows.append({**row, "ok": True, "message": f"runs on {made.provider}"})
        except ModelError as error:
            rows.append({**row, "ok": False, "message": f"{error.code} {error.message}"})
    return rows


def diagnose(library: Path | None) -> list[Check]:
    """Everything that could be wrong on this machine."""
    folder = (library or Settings().library).expanduser()
    return [
        Check("python", True, f"{platform.python_version()} on {platform.platform()}"),
        _packages(),
        *_models(),
        Check("providers", True, f"available: {', '.join(available())}; in use: cpu"),
        Check("processor", True, "multiplies bytes (VNNI)" if has_vnni() else "no VNNI: fp32 nets"),
        Check("films from the web", True, support()),
        _disk(folder),
        _database(folder),
    ]


def _packages() -> Check:
    found, missing = [], []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    text = ", ".join(found) + (f"; missing: {', '.join(missing)}" if missing else "")
    return Check("packages", not missing, text)


def _models() -> list[Check]:
    chosen = choose(Settings().face_model)
    bad = {str(row["name"]): str(row["message"]) for row in check_models() if not row["ok"]}
    checks = [
        Check(f"model {card.name}", card.name not in bad, bad.get(card.name, card.licence))
        for card in (chosen.faces, chosen.bodies, chosen.embedder)
    ]
    others = {name: why for name, why in bad.items() if f"model {name}" not in
              {c.name for c in checks}}  # fmt: skip
    return [*checks, *(Check(f"model {name}", False, why) for name, why in others.items())]


def _disk(folder: Path) -> Check:
    there = next(p for p in (folder, *folder.absolute().parents) if p.exists())
    free = shutil.disk_usage(there).free
    return Check("disk", free > LEAST_FREE, f"{free / 1e9:.1f} GB free at {there}")


def _database(folder: Path) -> Check:
    path = folder / FILE
    if not path.exists():
        return Check("library", True, f"none at {folder} yet; `personae index PATH` makes it")
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        with connection:
            sound = connection.execute("PRAGMA integrity_check").fetchone()[0]
            schema = connection.execute("SELECT value FROM meta WHERE key='schema'").fetchone()
        connection.close()
    except sqlite3.Error as error:
        return Check("library", False, f"{path}: {error}")
    known = schema[0] if schema else "unknown"
    return Check("library", sound == "ok" and known <= SCHEMA, f"{path}: {sound}, schema {known}")
