"""`jukinet node`: run a node, and see how it does."""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import structlog
import typer

from jukinet.cli.console import machine_clock, plain_errors, run, show
from jukinet.cli.kinds import KINDS
from jukinet.delivery.lines import list_lines
from jukinet.delivery.outbox import count_queued
from jukinet.node_process.config import NodeConfig, load_config
from jukinet.postgres.database import connect

app = typer.Typer(no_args_is_help=True, help="Run a node, and see how it does.")

ConfigOption = Annotated[Path, typer.Option("--config", help="The node's configuration file (TOML).")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object per line instead of a table.")]


@app.command("run")
def run_command(
    config: ConfigOption,
    *,
    until_input_ends: Annotated[bool, typer.Option(help="Stop also when standard input ends.")] = False,
) -> None:
    """Run the node that the configuration describes, until Ctrl-C or SIGTERM."""
    configure_log()
    with plain_errors():
        settings = load_config(config)
        run(KINDS[settings.kind].run(settings, clock=machine_clock, until_input_ends=until_input_ends))


@app.command("lines")
def lines_command(config: ConfigOption, *, as_json: JsonOption = False) -> None:
    """Show each line: what waits, since when it fails, and why."""
    with plain_errors():
        rows = run(_lines(load_config(config)))
    show(rows, columns=("receiver", "waiting", "waiting_since", "failing_since", "attempts", "error"), as_json=as_json)


async def _lines(config: NodeConfig) -> list[dict[str, object]]:
    async with connect(config.database) as unit:
        queued = {receiver: (count, since) for receiver, count, since in await count_queued(unit)}
        lines = {line.receiver: line for line in await list_lines(unit)}
    rows: list[dict[str, object]] = []
    for receiver in sorted(queued.keys() | lines.keys()):
        count, since = queued.get(receiver, (0, None))
        line = lines.get(receiver)
        rows.append(
            {
                "receiver": receiver,
                "waiting": count,
                "waiting_since": since,
                "failing_since": line and line.failing_since,
                "attempts": line and line.attempts,
                "error": line and line.last_error_code,
            }
        )
    return rows


class _StandardError:
    """Writes to standard error as it is at the moment. A line that cannot be written ends nothing.

    Whoever reads the log may be gone; a job that dies of that would leave a node that silently does half its work.
    """

    def write(self, message: str) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.write(f"{message}\n")
            sys.stderr.flush()

    debug = info = warning = error = critical = write


def configure_log(level: int = logging.INFO) -> None:
    """Write the log from `level` on as one JSON object per line to standard error."""
    logging.basicConfig(stream=sys.stderr, level=max(level, logging.WARNING), format="%(message)s")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: _StandardError(),
    )
