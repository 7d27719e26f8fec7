from __future__ import annotations

import io
import json
import sys

import pytest
import structlog

from jukinet.cli.node import configure_log


def test_a_log_that_cannot_be_written_ends_nothing_and_goes_on_where_it_can(monkeypatch: pytest.MonkeyPatch) -> None:
    gone, there = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stderr", gone)
    configure_log()
    log = structlog.get_logger()
    gone.close()

    log.error("job failed", node="national")
    monkeypatch.setattr(sys, "stderr", there)
    log.error("job failed", node="national")
    structlog.reset_defaults()

    (line,) = there.getvalue().splitlines()
    assert json.loads(line)["event"] == "job failed"
