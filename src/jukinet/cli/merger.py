"""`jukinet municipal merger` and `jukinet merger`: what operators do in a merger of municipalities (廃置分合)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from jukinet.cli.console import machine_clock, plain_errors, run, show
from jukinet.cli.kinds import load_config_of
from jukinet.cli.node import ConfigOption, JsonOption
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import RegisterElsewhereError
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.local_governments import find_local_government
from jukinet.domain.mergers import Merger
from jukinet.identification.merger_store import list_mergers as list_registered_mergers
from jukinet.identification.mergers import approve_registered_merger, register_merger
from jukinet.municipal.address_table import read_address_table
from jukinet.municipal.merger_store import KnownMerger, list_mergers, list_refusals
from jukinet.municipal.usecases.check_hand_over import HandOverProblem, check_hand_over
from jukinet.municipal.usecases.prepare_merger import (
    approve_prepared_merger,
    discard_prepared_merger,
    prepare_merger,
    rename_merged_towns,
)
from jukinet.municipal.usecases.recording import Act
from jukinet.node_process.config import NodeConfig
from jukinet.operator_web.language import Language
from jukinet.operator_web.messages import message_of_code
from jukinet.postgres.database import Database, connect, open_database
from jukinet.protocol.node_names import NodeKind

municipal_app = typer.Typer(no_args_is_help=True, help="廃置分合: hand a register over, or take one over.")
app = typer.Typer(no_args_is_help=True, help="廃置分合: say at a prefectural or national node who continues whom.")

OutgoingArgument = Annotated[str, typer.Argument(help="廃止される市町村の全国地方公共団体コード")]
OutgoingOption = Annotated[str, typer.Option("--outgoing", help="廃止される市町村の全国地方公共団体コード")]
SuccessorOption = Annotated[str, typer.Option("--successor", help="承継する市町村の全国地方公共団体コード")]
NoticeOption = Annotated[str, typer.Option("--public-notice", help="告示番号")]
NoticedOption = Annotated[str, typer.Option("--noticed-on", help="告示の年月日: 2026-01-15 or 令和8年1月15日")]
EffectiveOption = Annotated[str, typer.Option("--effective-on", help="効力が生ずる年月日")]
OperatorOption = Annotated[str, typer.Option("--operator", help="Who does it: the operator id.")]

_TIERS: Final = (NodeKind.PREFECTURAL, NodeKind.NATIONAL)
_MOST: Final = 200
_STATES: Final = {
    "made": ("承認待ち", "作成した人とは別の操作者が承認する（jukinet municipal merger approve）。"),
    "approved": ("承認済み", "効力発生日に、引渡しと引継ぎが自動で始まる。"),
    "handed_over": ("引渡し済み", "送信が終わるまで運転を続ける。遅れて届く通知は承継市町村へ回される。"),
    "taking_over": ("引継ぎの受信中", "すべて届くまで待つ。"),
    "taken_over": ("引継ぎ済み・住所を修正中", "終わるまで待つ。修正できない世帯があれば下に示す。"),
    "finished": ("完了", "することはない。"),
}


@municipal_app.command("prepare")
def prepare_command(
    outgoing: OutgoingOption,
    successor: SuccessorOption,
    public_notice: NoticeOption,
    noticed_on: NoticedOption,
    effective_on: EffectiveOption,
    operator: OperatorOption,
    config: ConfigOption,
) -> None:
    """Make a merger of this municipality, to be approved by another operator."""
    with plain_errors():
        settings = _municipal(config)
        merger = _merger(outgoing, successor, public_notice, noticed_on, effective_on)
        run(_with(settings, lambda it: prepare_merger(merger=merger, act=_act(settings, operator), database=it)))
    typer.echo(f"廃置分合を作成しました。{_STATES['made'][1]}")


@municipal_app.command("approve")
def approve_command(outgoing: OutgoingArgument, operator: OperatorOption, config: ConfigOption) -> None:
    """Approve it: from its day on the register is handed over, or taken over."""
    with plain_errors():
        settings = _municipal(config)
        act = _act(settings, operator)
        run(_with(settings, lambda it: approve_prepared_merger(outgoing=outgoing, act=act, database=it)))
    typer.echo(f"廃置分合を承認しました。{_STATES['approved'][1]}")


@municipal_app.command("discard")
def discard_command(outgoing: OutgoingArgument, operator: OperatorOption, config: ConfigOption) -> None:
    """Give up a merger of which nothing has been handed over."""
    with plain_errors():
        settings = _municipal(config)
        act = _act(settings, operator)
        run(_with(settings, lambda it: discard_prepared_merger(outgoing=outgoing, act=act, database=it)))
    typer.echo("廃置分合を取り下げました。")


@municipal_app.command("towns")
def towns_command(
    outgoing: OutgoingArgument,
    table: Annotated[Path, typer.Argument(help="旧町名,新町名[,郵便番号] (CSV)", exists=True, dir_okay=False)],
    operator: OperatorOption,
    config: ConfigOption,
) -> None:
    """Say at the successor which towns are called otherwise from the merger on; what was refused is tried again."""
    with plain_errors():
        settings = _municipal(config)
        read, act = read_address_table(table.read_bytes()), _act(settings, operator)
        if read.refused:
            raise read.refused[0].error
        rows = read.rows
        count = run(_with(settings, lambda it: rename_merged_towns(outgoing=outgoing, rows=rows, act=act, database=it)))
    typer.echo(f"町・字の名称の変更を{count}件登録しました。")


@municipal_app.command("show")
def show_command(config: ConfigOption, operator: OperatorOption, *, as_json: JsonOption = False) -> None:
    """Show how far each merger has come, and what stands in its way with what to do about it."""
    with plain_errors():
        settings = _municipal(config)
        mergers, problems = run(_look(settings, _act(settings, operator)))
    if as_json:
        show([asdict(one) for one in mergers], columns=(), as_json=True)
        show([asdict(one) for one in problems], columns=(), as_json=True)
        return
    for one in mergers:
        show(_lines(one), columns=("項目", "内容"), as_json=False)
    if problems:
        rows = [_problem_line(one) for one in problems]
        show(rows, columns=("残っているもの", "件数", "世帯番号", "理由", "すること"), as_json=False)
    if not mergers:
        typer.echo("廃置分合は登録されていません。")


@app.command("register")
def register_command(
    outgoing: OutgoingOption,
    successor: SuccessorOption,
    public_notice: NoticeOption,
    noticed_on: NoticedOption,
    effective_on: EffectiveOption,
    operator: OperatorOption,
    config: ConfigOption,
) -> None:
    """Register a merger from its public notice, to be approved by another operator."""
    with plain_errors():
        settings = load_config_of(config, *_TIERS)
        merger = _merger(outgoing, successor, public_notice, noticed_on, effective_on)
        now = settings.clock(machine_clock)()
        run(
            _with(
                settings,
                lambda it: register_merger(
                    merger=merger, node=settings.node_name, operator_id=operator, database=it, now=now
                ),
            )
        )
    typer.echo("廃置分合を登録しました。登録した人とは別の操作者が承認してください（jukinet merger approve）。")


@app.command("approve")
def approve_registered_command(outgoing: OutgoingArgument, operator: OperatorOption, config: ConfigOption) -> None:
    """Approve it: from its day on the successor continues the residents."""
    with plain_errors():
        settings = load_config_of(config, *_TIERS)
        now = settings.clock(machine_clock)()
        run(
            _with(
                settings,
                lambda it: approve_registered_merger(outgoing=outgoing, operator_id=operator, database=it, now=now),
            )
        )
    typer.echo("廃置分合を承認しました。効力発生日から、承継する市町村の通知を受け付けます。")


@app.command("list")
def list_command(config: ConfigOption, *, as_json: JsonOption = False) -> None:
    """Show the mergers this node knows."""
    with plain_errors():
        found = run(_list_registered(load_config_of(config, *_TIERS)))
    columns = ("outgoing", "successor", "public_notice", "noticed_on", "effective_on", "registered_by", "approved_by")
    show(found, columns=columns, as_json=as_json)


def _municipal(config: Path) -> NodeConfig:
    settings = load_config_of(config, NodeKind.MUNICIPAL)
    if settings.resident_system is not None:
        raise RegisterElsewhereError
    return settings


def _act(settings: NodeConfig, operator: str) -> Act:
    return Act(operator_id=operator, node=settings.node_name, now=settings.clock(machine_clock)())


def _merger(outgoing: str, successor: str, public_notice: str, noticed_on: str, effective_on: str) -> Merger:
    return Merger(
        outgoing=LocalGovernmentCode.parse(outgoing),
        successor=LocalGovernmentCode.parse(successor),
        public_notice=public_notice,
        noticed_on=CivilDate.parse(noticed_on).require_exact(),
        effective_on=CivilDate.parse(effective_on).require_exact(),
    )


async def _with(settings: NodeConfig, work: Callable[[Database], Awaitable[Any]]) -> Any:  # noqa: ANN401 - whatever it returns
    database = await open_database(settings.database)
    try:
        return await work(database)
    finally:
        await database.close()


async def _look(settings: NodeConfig, act: Act) -> tuple[list[KnownMerger], list[HandOverProblem]]:
    async with connect(settings.database) as unit:
        mergers = await list_mergers(unit)
        problems = await check_hand_over(unit, act=act)
        for merger in mergers:
            problems += [
                HandOverProblem(
                    kind="refused_household",
                    count=1,
                    advice="新しい町名を直して登録し直す（jukinet municipal merger towns）。",
                    household_number=refusal.household_number,
                    error_code=refusal.error_code,
                )
                for refusal in await list_refusals(unit, merger.outgoing, limit=_MOST)
            ]
    return mergers, problems


async def _list_registered(settings: NodeConfig) -> list[dict[str, Any]]:
    async with connect(settings.database) as unit:
        return [asdict(one) for one in await list_registered_mergers(unit)]


def _lines(one: KnownMerger) -> list[dict[str, str]]:
    state, next_step = _STATES[one.state]
    items = {
        "廃止される市町村": _named(one.outgoing),
        "承継する市町村": _named(one.successor),
        "告示": f"{one.public_notice}（{one.noticed_on}）",
        "効力発生日": f"{one.effective_on}",
        "作成／承認": f"{one.made_by}／{one.approved_by or '－'}",
        "段階": state,
        **_progress(one),
        "次にすること": next_step,
    }
    return [{"項目": name, "内容": value} for name, value in items.items()]


def _progress(one: KnownMerger) -> dict[str, str]:
    if one.state in {"made", "approved"}:
        return {}
    if one.state == "handed_over":
        return {"引き渡した部数・行数": f"{one.parts_expected}部・{one.rows_expected}行"}
    parts, rows = one.parts_expected or "－", one.rows_expected or "－"
    return {
        "届いた部数／全部": f"{one.parts_received}／{parts}",
        "届いた行数／全部": f"{one.rows_received}／{rows}",
        "住所を改めた人数": f"{one.residents}人",
    }


def _problem_line(one: HandOverProblem) -> dict[str, Any]:
    return {
        "残っているもの": one.label,
        "件数": one.count,
        "世帯番号": one.household_number,
        "理由": None if one.error_code is None else message_of_code(one.error_code, Language.JAPANESE).says,
        "すること": one.advice,
    }


def _named(code: str) -> str:
    return f"{find_local_government(code).full_name}（{code}）"
