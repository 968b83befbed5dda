"""``python -m personae.worker``: one worker process, started by the library or by hand."""

from __future__ import annotations

import sys

from personae.worker.loop import main

if __name__ == "__main__":
    sys.exit(main())
