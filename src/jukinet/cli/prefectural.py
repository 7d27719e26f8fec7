"""`jukinet prefectural`: what the operators of a prefectural node do by hand."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated, Final

import typer

from jukinet.cli.console import machine_clock, plain_errors, run, show
from jukinet.cli.kinds import load_config_of
from jukinet.cli.node import ConfigOption, JsonOption, configure_log
from jukinet.domain.clock import civil_day
from jukinet.domain.local_governments import find_local_government
from jukinet.domain.provision_law import bundled_law
from jukinet.identification.publication_report import texts_of, write_publication
from jukinet.identification.publish_provisions import publish_provisions
from jukinet.node_process.config import NodeConfig
from jukinet.node_process.process import open_node
from jukinet.prefectural.app import MIGRATIONS
from jukinet.protocol.node_names import NodeKind

app = typer.Typer(help="Operate a prefectural node.")
#: Who acts from the command line, as the audit log has it.
_OPERATOR: Final = "command"


@app.callback()
def _operate() -> None:
    """Operate a prefectural node."""


@app.command("publication")
def publication_command(
    config: ConfigOption,
    year: Annotated[int, typer.Argument(help="The fiscal year (年度): 2026 is April 2026 to March 2027.")],
    to: Annotated[Path, typer.Option(help="The directory for report, table and charts.")] = Path(),
    *,
    as_json: JsonOption = False,
) -> None:
    """Write the yearly publication of what this prefecture gave (提供状況の公表): report, CSV and charts."""
    configure_log(logging.ERROR)
    with plain_errors():
        files = run(_publish(load_config_of(config, NodeKind.PREFECTURAL), year, to))
    rows = [{"file": str(path), "bytes": path.stat().st_size} for path in files]
    show(rows, columns=("file", "bytes"), as_json=as_json)


async def _publish(config: NodeConfig, year: int, directory: Path) -> list[Path]:
    async with open_node(config, clock=machine_clock, migrations=MIGRATIONS) as node:
        now = node.clock()
        publication = await publish_provisions(
            year=year, organs={}, operator_id=_OPERATOR, database=node.database, now=now
        )
    giver = f"{find_local_government(config.node_name.code).full_name}サーバ"
    return write_publication(publication, directory, texts_of(bundled_law()), giver=giver, made_on=civil_day(now))
