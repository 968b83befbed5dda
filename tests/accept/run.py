"""The acceptance run: every promise of the product proven on real and made media, in one table.

python tests/accept/run.py [--only NAME …] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
import traceback
from pathlib import Path

from rich.console import Console
from rich.table import Table

REPOSITORY = Path(__file__).resolve().parents[2]
# The tests are no installed package
sys.path.insert(0, str(REPOSITORY))

from tests.accept import (  # noqa: E402
    asl,
    blink,
    boundaries,
    cameras,
    chaos,
    crowd,
    gender,
    hamilton,
    kill9,
    lfw,
    malformed,
    memory,
    prints,
    profiles,
    programme,
    search_scale,
    speed,
    supercut,
    tracking,
)
from tests.accept.proof import NotRun, Proof, Room, Row  # noqa: E402

PROOFS: dict[str, Proof] = {
    "boundaries": boundaries.proof,
    "asl": asl.proof,
    "gender": gender.proof,
    "programme": programme.proof,
    "hamilton": hamilton.proof,
    "supercut": supercut.proof,
    "lfw": lfw.proof,
    "tracking": tracking.proof,
    "crowd": crowd.proof,
    "blink": blink.proof,
    "malformed": malformed.proof,
    "kill9": kill9.proof,
    "speed": speed.proof,
    "search": search_scale.proof,
    "cameras": cameras.proof,
    "chaos": chaos.proof,
    "prints": prints.proof,
    "profiles": profiles.proof,
    "memory": memory.proof,
}


def prove(name: str) -> tuple[list[Row], float, str]:
    """Rows, seconds, and why it was not run (empty if it was)."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix=f"personae-{name}-") as folder:
        try:
            rows, reason = PROOFS[name](Room(Path(folder))), ""
        except NotRun as absent:
            rows, reason = [], str(absent)
        except Exception as failure:  # noqa: BLE001 - one broken proof must not hide the others
            traceback.print_exc()
            rows, reason = [Row("runs at all", repr(failure)[:200], "", False)], ""
    return rows, time.monotonic() - began, reason


def shown(figure: float | int | str) -> str:
    """A figure as people read it."""
    return f"{figure:.4g}" if isinstance(figure, float) else str(figure)


def main() -> int:
    """Runs the chosen proofs; 1 when a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=sorted(PROOFS), metavar="NAME")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure here")
    options = parser.parse_args()
    table = Table("", "promise", "figure", "bound", "", title="Acceptance", title_justify="left")
    told: dict[str, object] = {}
    broken = 0
    for name in options.only or PROOFS:
        sys.stderr.write(f"{name} …\n")
        rows, seconds, reason = prove(name)
        broken += sum(not row.ok for row in rows)
        told[name] = {
            "seconds": round(seconds, 1),
            "not_run": reason or None,
            "rows": [row.as_json() for row in rows],
        }
        if reason:
            table.add_row(name, f"not run: {reason}", "", "", "–")
        for at, row in enumerate(rows):
            label = f"{name} ({seconds:.0f} s)" if at == 0 else ""
            sign = ("ok" if row.ok else "BROKEN") if row.bound or not row.ok else ""
            table.add_row(label, row.name, shown(row.figure), row.bound, sign)
        table.add_section()
    Console(width=max(Console().width, 120)).print(table)
    if options.json is not None:
        report = {"ok": not broken, "broken": broken, "proofs": told}
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
