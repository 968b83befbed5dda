"""What holds for every test: whoever logs an error unannounced has failed."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest


class _ErrorRecords(logging.Handler):
    """Keeps every record of level ERROR and above that reaches the root logger."""

    def __init__(self) -> None:
        super().__init__(level=logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def no_error_is_logged(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test during which an error was logged, unless marked ``logs_errors``."""
    kept = _ErrorRecords()
    loggers = [logging.getLogger(), logging.getLogger("personae")]
    for logger in loggers:
        logger.addHandler(kept)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(kept)
    if kept.records and request.node.get_closest_marker("logs_errors") is None:
        said = "\n".join(
            dict.fromkeys(f"  {record.name}: {record.getMessage()}" for record in kept.records)
        )
        pytest.fail(f"the test logged errors (mark it logs_errors if it must):\n{said}")
