"""`jukinet agency`: an official's query from the command line."""

from __future__ import annotations

import logging
from typing import Annotated

import msgspec
import typer

from jukinet.agency.app import MIGRATIONS
from jukinet.agency.usecases.ask_confirmation import ask_confirmation
from jukinet.cli import agency_batch
from jukinet.cli.console import machine_clock, plain_errors, run, show
from jukinet.cli.kinds import load_config_of
from jukinet.cli.node import ConfigOption, JsonOption, configure_log
from jukinet.node_process.config import NodeConfig
from jukinet.node_process.process import open_node, refresh_revocations
from jukinet.protocol.confirmation import ConfirmationAnswer, ConfirmationQuery
from jukinet.protocol.node_names import NodeKind

app = typer.Typer(no_args_is_help=True, help="Ask the national node in the name of an administrative organ.")
app.add_typer(agency_batch.app, name="batch")


@app.command("confirm")
def confirm_command(
    config: ConfigOption,
    affair: Annotated[str, typer.Option(help="事務: its id in the Appended Tables")],
    purpose: Annotated[str, typer.Option(help="利用事由")],
    matter: Annotated[str, typer.Option(help="依頼管理番号")],
    official: Annotated[str, typer.Option(help="Who asks")],
    code: Annotated[str | None, typer.Option(help="住民票コード")] = None,
    number: Annotated[str | None, typer.Option(help="個人番号")] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Confirm one person by resident record code or Individual Number."""
    query = ConfirmationQuery(
        resident_record_code=code,
        individual_number=number,
        affair=affair,
        purpose=purpose,
        matter_number=matter,
        official=official,
    )
    # What the line grumbles about stays out of the answer: standard output is for the answer alone.
    configure_log(logging.ERROR)
    with plain_errors():
        answer = run(_confirm(load_config_of(config, NodeKind.AGENCY), query))
    person = {} if answer.person is None else msgspec.structs.asdict(answer.person)
    row = {"result": answer.result, "use_log_id": answer.use_log_id, **person}
    show([row], columns=tuple(row), as_json=as_json)


async def _confirm(config: NodeConfig, query: ConfirmationQuery) -> ConfirmationAnswer:
    async with open_node(config, clock=machine_clock, migrations=MIGRATIONS) as node:
        await refresh_revocations(node)
        return await ask_confirmation(query=query, client=node.client, database=node.database, now=node.clock())
