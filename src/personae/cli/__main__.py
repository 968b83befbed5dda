"""``python -m personae.cli`` is the command ``personae``."""

from __future__ import annotations

from personae.cli.main import main

if __name__ == "__main__":
    main()
