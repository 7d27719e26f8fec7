"""`jukinet municipal resident-system`: the connection of the municipality's own resident system (既存住基システム)."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from jukinet.cli.console import machine_clock, plain_errors, run, show
from jukinet.cli.kinds import load_config_of
from jukinet.cli.node import ConfigOption, JsonOption
from jukinet.domain.errors import MalformedRequestError, ResidentSystemNotConnectedError
from jukinet.municipal.resident_system.results import result_of
from jukinet.municipal.resident_system.settling import Linking
from jukinet.municipal.resident_system.store import StoredRecord, count_states, find_mode, list_open
from jukinet.municipal.usecases.check_prefecture import check_prefecture
from jukinet.municipal.usecases.dismiss_change import dismiss_change
from jukinet.municipal.usecases.release_changes import release_changes
from jukinet.municipal.usecases.resend_notice import Resend, resend_last_notice
from jukinet.municipal.usecases.supplement_change import supplement_change
from jukinet.municipal.usecases.switch_linkage import switch_linkage
from jukinet.node_process.config import NodeConfig
from jukinet.node_process.process import open_node, refresh_revocations
from jukinet.postgres.database import Unit, connect, open_database
from jukinet.protocol.node_names import NodeKind
from jukinet.protocol.resident_changes import RecordResult

app = typer.Typer(
    no_args_is_help=True, help="The connection of the municipality's own resident system (既存住基システム)."
)

OperatorOption = Annotated[str, typer.Option("--operator", help="Who does it: the operator id.")]
RecordsArgument = Annotated[list[str], typer.Argument(help="Ids of the records.")]
RecordArgument = Annotated[str, typer.Argument(help="Id of the record.")]
_RECORD_COLUMNS = ("record_id", "state", "update_sequence", "field", "code", "reason")
_MOST_SHOWN = 1_000
_Result = TypeVar("_Result")


class Mode(Enum):
    """Whether notices leave by themselves."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"


@app.command("status")
def status_command(config: ConfigOption, *, as_json: JsonOption = False) -> None:
    """Show the mode, and how many records are in each state."""
    with plain_errors():
        row = run(_read(_connected(config), _status))
    show([row], columns=("mode", "last_order_number", "applied", "kept", "waiting", "refused"), as_json=as_json)


@app.command("records")
def records_command(config: ConfigOption, *, as_json: JsonOption = False) -> None:
    """List the records that are kept, waiting or refused, with the reason."""
    with plain_errors():
        rows = run(_read(_connected(config), _records))
    show(rows, columns=_RECORD_COLUMNS, as_json=as_json)


@app.command("mode")
def mode_command(
    mode: Annotated[Mode, typer.Argument(help="automatic, or manual: records are kept until they are released.")],
    operator: OperatorOption,
    config: ConfigOption,
    *,
    as_json: JsonOption = False,
) -> None:
    """Switch to manual linkage (手動連携) and back. Back in automatic, what was kept goes up in order."""
    with plain_errors():
        released = run(_act(config, operator, lambda unit, by: switch_linkage(unit, mode=mode.value, linking=by)))
    show([{"mode": mode.value, "released": released}], columns=("mode", "released"), as_json=as_json)


@app.command("release")
def release_command(
    record_ids: RecordsArgument, operator: OperatorOption, config: ConfigOption, *, as_json: JsonOption = False
) -> None:
    """Release kept records, and with each every earlier one of the same resident."""
    with plain_errors():
        found = run(_act(config, operator, lambda unit, by: release_changes(unit, record_ids=record_ids, linking=by)))
        rows = [_row(result_of(one)) for one in found]
    show(rows, columns=_RECORD_COLUMNS, as_json=as_json)


@app.command("supplement")
def supplement_command(
    record_id: RecordArgument,
    items: Annotated[list[str], typer.Argument(help="item=value; an empty value takes the item away.")],
    operator: OperatorOption,
    config: ConfigOption,
    *,
    as_json: JsonOption = False,
) -> None:
    """Supplement items of a refused record (補記), and go on with what waited for it."""
    with plain_errors():
        given = dict(_item(text) for text in items)

        def supplement(unit: Unit, by: Linking) -> Awaitable[StoredRecord]:
            return supplement_change(unit, record_id=record_id, items=given, linking=by)

        one = run(_act(config, operator, supplement))
    show([_row(result_of(one))], columns=_RECORD_COLUMNS, as_json=as_json)


@app.command("dismiss")
def dismiss_command(record_id: RecordArgument, operator: OperatorOption, config: ConfigOption) -> None:
    """Dismiss a refused record (取下げ): it counts for nothing, and what waited for it goes on."""
    with plain_errors():
        run(_act(config, operator, lambda unit, by: dismiss_change(unit, record_id=record_id, linking=by)))


@app.command("resend")
def resend_command(
    resident_number: Annotated[str, typer.Argument(help="宛名番号 of the resident system.")],
    operator: OperatorOption,
    config: ConfigOption,
    reason: Annotated[str | None, typer.Option(help="異動事由; as it was notified if left out.")] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Send the last notice of a resident again (再送), perhaps with another reason."""
    with plain_errors():
        resend = Resend(request_id=secrets.token_hex(16), resident_number=resident_number, reason=reason)
        answer = run(_act(config, operator, lambda unit, by: resend_last_notice(unit, resend=resend, linking=by)))
    row = {"update_sequence": answer.update_sequence, "is_new": answer.is_new}
    show([row], columns=tuple(row), as_json=as_json)


@app.command("check")
def check_command(operator: OperatorOption, config: ConfigOption, *, as_json: JsonOption = False) -> None:
    """Compare with the prefecture (整合性確認), and say again what it lacks. Also for a register kept here."""
    with plain_errors():
        row = run(_check(load_config_of(config, NodeKind.MUNICIPAL), operator))
    show([row], columns=tuple(row), as_json=as_json)


async def _check(settings: NodeConfig, operator: str) -> dict[str, Any]:
    async with open_node(settings, clock=machine_clock) as node:
        await refresh_revocations(node)
        linking = Linking(node=node.name, now=node.clock(), actor=operator)
        found = await check_prefecture(client=node.client, database=node.database, linking=linking)
    return {
        "residents": found.residents,
        "blocks": found.blocks,
        "differing_blocks": found.differing_blocks,
        "differences": found.differences,
        "repaired": found.repaired,
        "unrepaired": len(found.unrepaired),
    }


async def _status(unit: Unit) -> dict[str, Any]:
    counts, last = await count_states(unit)
    return {"mode": await find_mode(unit), "last_order_number": last, **counts}


async def _records(unit: Unit) -> list[dict[str, Any]]:
    return [_row(result_of(one)) for one in await list_open(unit, limit=_MOST_SHOWN)]


def _row(result: RecordResult) -> dict[str, Any]:
    return {name: getattr(result, name) for name in _RECORD_COLUMNS}


def _item(text: str) -> tuple[str, str | None]:
    name, sign, value = text.partition("=")
    if not sign:
        raise MalformedRequestError("Give each item as item=value.", field="items")
    return name, value or None


def _connected(config: Path) -> NodeConfig:
    settings = load_config_of(config, NodeKind.MUNICIPAL)
    if settings.resident_system is None:
        raise ResidentSystemNotConnectedError(field="resident_system")
    return settings


async def _read(settings: NodeConfig, ask: Callable[[Unit], Awaitable[_Result]]) -> _Result:
    async with connect(settings.database) as unit:
        return await ask(unit)


async def _act(config: Path, operator: str, act: Callable[[Unit, Linking], Awaitable[_Result]]) -> _Result:
    settings = _connected(config)
    database = await open_database(settings.database)
    try:
        linking = Linking(node=settings.node_name, now=settings.clock(machine_clock)(), actor=operator)
        async with database.transaction() as unit:
            return await act(unit, linking)
    finally:
        await database.close()
