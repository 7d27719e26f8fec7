"""`jukinet quarantine` and `jukinet outbox`: what an operator does when a record cannot flow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

import typer

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.cli.console import machine_clock, plain_errors, run, show
from jukinet.cli.kinds import load_config_of
from jukinet.cli.node import ConfigOption, JsonOption
from jukinet.delivery.outbox import list_refused_parcels, requeue_refused_parcel
from jukinet.delivery.quarantine import list_held_notices
from jukinet.domain.errors import MalformedRequestError, QuarantinedRecordNotFoundError
from jukinet.identification.release import Settlement, dismiss_notice, release_notice
from jukinet.national.endpoints import require_competent as national_competence
from jukinet.national.search_key_store import keep_search_keys
from jukinet.node_process.config import NodeConfig, load_config
from jukinet.postgres.database import connect, open_database
from jukinet.prefectural.endpoints import FORWARDING
from jukinet.prefectural.endpoints import require_competent as prefectural_competence
from jukinet.protocol.node_names import NodeKind, NodeName

app = typer.Typer(no_args_is_help=True, help="Settle notices that could not be applied (保留).")
outbox_app = typer.Typer(no_args_is_help=True, help="Settle parcels that a receiver refuses.")

ArrivalArgument = Annotated[int, typer.Argument(help="The arrival number, as `quarantine list` shows it.")]
OperatorOption = Annotated[str, typer.Option("--operator", help="Who settles it: the operator id.")]
LIST_LIMIT = 200
_KEEP_A_QUARANTINE: Final = (NodeKind.PREFECTURAL, NodeKind.NATIONAL)


@app.command("list")
def list_command(config: ConfigOption, *, as_json: JsonOption = False) -> None:
    """Show what is in quarantine or waits behind it, without personal data."""
    columns = ("arrival", "state", "sender", "update_sequence", "error_code", "error_field", "held_at")
    with plain_errors():
        rows = run(_list(load_config_of(config, *_KEEP_A_QUARANTINE), columns))
    show(rows, columns=columns, as_json=as_json)


@app.command("release")
def release_command(arrival: ArrivalArgument, operator: OperatorOption, config: ConfigOption) -> None:
    """Apply a quarantined notice as it is: the reason it was refused for is gone."""
    with plain_errors():
        run(_release(load_config_of(config, *_KEEP_A_QUARANTINE), arrival, operator, {}))
    typer.echo("released")


@app.command("correct")
def correct_command(
    arrival: ArrivalArgument,
    operator: OperatorOption,
    config: ConfigOption,
    item: Annotated[list[str], typer.Option("--set", help="item=value, such as name=渡邉一郎; repeatable")],
) -> None:
    """Correct items of a quarantined notice and apply it."""
    with plain_errors():
        run(_release(load_config_of(config, *_KEEP_A_QUARANTINE), arrival, operator, _corrections(item)))
    typer.echo("corrected and released")


@app.command("dismiss")
def dismiss_command(arrival: ArrivalArgument, operator: OperatorOption, config: ConfigOption) -> None:
    """Take a notice out of quarantine without applying it."""
    with plain_errors():
        run(_dismiss(load_config_of(config, *_KEEP_A_QUARANTINE), arrival, operator))
    typer.echo("dismissed")


@outbox_app.command("refused")
def refused_command(config: ConfigOption, *, as_json: JsonOption = False) -> None:
    """Show parcels that their receiver refused."""
    columns = ("receiver", "position", "notice_count", "error_code", "error_field", "refused_at")
    with plain_errors():
        rows = run(_list_refused(load_config(config)))
    show(rows, columns=columns, as_json=as_json)


@outbox_app.command("requeue")
def requeue_command(
    receiver: Annotated[str, typer.Argument(help="The receiver.")],
    position: Annotated[int, typer.Argument(help="The parcel's position.")],
    operator: OperatorOption,
    config: ConfigOption,
) -> None:
    """Send a refused parcel again."""
    with plain_errors():
        run(_requeue(load_config(config), NodeName.parse(receiver), position, operator))
    typer.echo("queued again")


def _corrections(items: list[str]) -> dict[str, str | int | None]:
    corrections: dict[str, str | int | None] = {}
    for item in items:
        name, separator, value = item.partition("=")
        if not separator:
            raise MalformedRequestError("A correction is written item=value.", field="set")
        corrections[name] = int(value) if name == "update_sequence" and value.isdecimal() else value or None
    return corrections


def _settlement(config: NodeConfig, arrival: int, operator: str) -> Settlement:
    is_prefectural = config.kind is NodeKind.PREFECTURAL
    return Settlement(
        arrival=arrival,
        operator_id=operator,
        now=config.clock(machine_clock)(),
        forwarding=FORWARDING if is_prefectural else None,
        require_competent=prefectural_competence if is_prefectural else national_competence,
        follow=None if is_prefectural else keep_search_keys,
    )


async def _list(config: NodeConfig, columns: tuple[str, ...]) -> list[dict[str, object]]:
    async with connect(config.database) as unit:
        held = await list_held_notices(unit, limit=LIST_LIMIT)
    return [{column: getattr(notice, column) for column in columns} for notice in held]


async def _release(
    config: NodeConfig, arrival: int, operator: str, corrections: Mapping[str, str | int | None]
) -> None:
    database = await open_database(config.database)
    try:
        await release_notice(
            settlement=_settlement(config, arrival, operator), corrections=corrections, database=database
        )
    finally:
        await database.close()


async def _dismiss(config: NodeConfig, arrival: int, operator: str) -> None:
    database = await open_database(config.database)
    try:
        await dismiss_notice(settlement=_settlement(config, arrival, operator), database=database)
    finally:
        await database.close()


async def _list_refused(config: NodeConfig) -> list[dict[str, object]]:
    async with connect(config.database) as unit:
        return [
            {
                "receiver": one.receiver,
                "position": one.position,
                "notice_count": one.notice_count,
                "error_code": one.error_code,
                "error_field": one.error_field,
                "refused_at": one.refused_at,
            }
            for one in await list_refused_parcels(unit, limit=LIST_LIMIT)
        ]


async def _requeue(config: NodeConfig, receiver: NodeName, position: int, operator: str) -> None:
    async with connect(config.database) as unit, unit.transaction():
        if not await requeue_refused_parcel(unit, receiver=receiver, position=position):
            message = "There is no refused parcel at this position: `outbox refused` lists them."
            raise QuarantinedRecordNotFoundError(message, field="position")
        event = Entry(
            event=AuditEvent.PARCEL_REQUEUED,
            occurred_at=config.clock(machine_clock)(),
            actor=operator,
            detail={"receiver": receiver.text, "position": position},
        )
        await append(unit, [event])
