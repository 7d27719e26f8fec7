"""`jukinet devnet`: a federation on this machine, its story, its screens."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from jukinet.cli.console import REFUSED, machine_clock, plain_errors, run
from jukinet.cli.kinds import KINDS
from jukinet.cli.node import configure_log
from jukinet.devnet.federation import Federation, run_federation
from jukinet.devnet.plan import FIRST_PORT, FederationPlan
from jukinet.devnet.steps_addresses import STEPS as ADDRESSES
from jukinet.devnet.steps_batch import STEPS as BATCH
from jukinet.devnet.steps_changes import STEPS as CHANGES
from jukinet.devnet.steps_documents import STEPS as DOCUMENTS
from jukinet.devnet.steps_doubt import STEPS as DOUBT
from jukinet.devnet.steps_feed import STEPS as FEED
from jukinet.devnet.steps_law import STEPS as LAW
from jukinet.devnet.steps_local import STEPS as LOCAL
from jukinet.devnet.steps_person import STEPS as PERSON
from jukinet.devnet.steps_protection import STEPS as PROTECTION
from jukinet.devnet.steps_register import STEPS as REGISTER
from jukinet.devnet.steps_requests import STEPS as REQUESTS
from jukinet.devnet.steps_search import STEPS as SEARCH
from jukinet.devnet.story import Outcome, Step, tell_story
from jukinet.protocol.node_names import NodeKind

app = typer.Typer(no_args_is_help=True, help="A whole federation on this machine, with synthetic residents.")

ResidentsOption = Annotated[int, typer.Option(help="How many residents the federation begins with.", min=2000)]
DirectoryOption = Annotated[Path, typer.Option(help="Where its files are kept.")]
PortOption = Annotated[int, typer.Option(help="The first of the ports it uses.", min=1024, max=65_000)]
_DIRECTORY: Final = Path("var/devnet")


@app.command("demo")
def demo_command(
    residents: ResidentsOption = 20_000,
    directory: DirectoryOption = _DIRECTORY,
    first_port: PortOption = FIRST_PORT,
    *,
    once: Annotated[bool, typer.Option(help="End after the story instead of keeping the screens open.")] = False,
) -> None:
    """Bring the federation up, tell its story, then keep the screens open until Ctrl-C."""

    async def show(federation: Federation) -> bool:
        outcome = await _tell(federation)
        sys.stdout.write(f"\nstory: {outcome.passed} of {outcome.total} steps passed\n")
        if not outcome.is_success:
            sys.stderr.write(
                f"jukinet: what an interrupted story left may be in {federation.plan.directory}:"
                " remove that directory to begin with new residents.\n"
            )
        if not once:
            _show_sign_ins(federation.plan)
            await _wait_for_interrupt(federation)
        return outcome.is_success

    _run(FederationPlan(directory, residents, first_port), show)


@app.command("up")
def up_command(
    residents: ResidentsOption = 20_000, directory: DirectoryOption = _DIRECTORY, first_port: PortOption = FIRST_PORT
) -> None:
    """Bring the federation up without the story, and keep it up until Ctrl-C."""

    async def show(federation: Federation) -> bool:
        _show_sign_ins(federation.plan)
        await _wait_for_interrupt(federation)
        return True

    _run(FederationPlan(directory, residents, first_port), show)


def _run(plan: FederationPlan, work: Callable[[Federation], Awaitable[bool]]) -> None:
    # The story tells what matters in it; what a line grumbles about meanwhile is in the log of its node.
    configure_log(logging.ERROR)
    with plain_errors():
        try:
            succeeded = run(_with_federation(plan, work))
        except (KeyboardInterrupt, asyncio.CancelledError):
            succeeded = True
    if not succeeded:
        raise typer.Exit(REFUSED)


async def _with_federation(plan: FederationPlan, work: Callable[[Federation], Awaitable[bool]]) -> bool:
    _end_as_by_interrupt()
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    )
    task = bar.add_task("準備", total=None)

    def progress(what: str, done: int, total: int) -> None:
        bar.update(task, description=what, completed=done, total=total)

    bar.start()
    try:
        async with run_federation(plan, migrations=_migrations, clock=machine_clock, progress=progress) as federation:
            bar.stop()
            return await work(federation)
    finally:
        bar.stop()


def _end_as_by_interrupt() -> None:
    # A closed terminal and a plain `kill` end it as Ctrl-C does: no database server is left behind.
    task = asyncio.current_task()
    for ending in (signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(ending, lambda: task and task.cancel())


def _migrations(kind: NodeKind) -> tuple[str, ...]:
    return tuple(KINDS[kind].migrations)


async def _tell(federation: Federation) -> Outcome:
    console = Console(highlight=False, soft_wrap=True)
    steps = (
        *(*CHANGES, *SEARCH, *BATCH, *FEED, *REGISTER, *DOCUMENTS),
        *(*ADDRESSES, *LAW, *LOCAL, *DOUBT, *PERSON, *REQUESTS, *PROTECTION),
    )

    def announce(number: int, step: Step, result: str | None) -> None:
        if result == "":
            console.print(f"\n[bold]{number}/{len(steps)} {step.title}[/bold]")
        elif result is None:
            console.print("    [green]✓[/green]")
        else:
            console.print(f"    [red]✗ {result}[/red]", markup=True)

    def tell(node: str, text: str) -> None:
        console.print(f"    [cyan]{node:<20}[/cyan] {text}")

    return await tell_story(federation, steps, tell=tell, announce=announce)


def _show_sign_ins(plan: FederationPlan) -> None:
    table = Table("ノード", "画面", "操作者", "パスワード")
    for row in json.loads(plan.sign_ins.read_text(encoding="utf-8")):
        table.add_row(row["node"], row["address"], row["operator"], row["password"])
    console = Console()
    console.print(table)
    console.print(f"本人用ページ（利用登録通知書は市区町村の窓口で印刷する）: {plan.resident_address}")
    console.print(
        "ブラウザーはこの試験網の認証局を知らないので、最初に警告を出します。"
        f"消すには {plan.authority / 'network' / 'certificate.pem'} を取り込んでください。Ctrl-C で終わります。"
    )


async def _wait_for_interrupt(federation: Federation) -> None:
    while True:
        await asyncio.sleep(1)
        ended = federation.processes.list_ended()
        if ended:
            sys.stderr.write(f"jukinet: {', '.join(ended)} ended by itself; see its log\n")
            return
