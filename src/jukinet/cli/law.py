"""`jukinet law`: which organ may be given which items for which affair on which day, and why.

Works without any node, from the bundled tables; with `--config` of a national node, with its approved changes too.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from jukinet.cli.console import machine_clock, plain_errors, run, show
from jukinet.cli.kinds import load_config_of
from jukinet.cli.node import JsonOption
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import MissingItemError
from jukinet.domain.provision_affairs import ListedAffair, SourcedDate
from jukinet.domain.provision_changes import changed_law
from jukinet.domain.provision_explanations import (
    Explanation,
    ItemExplanation,
    explain_affair,
    explain_grant,
    list_turning_points,
    search_affairs,
)
from jukinet.domain.provision_items import items_text
from jukinet.domain.provision_law import ProvisionLaw, bundled_law
from jukinet.domain.provision_users import ProvisionUser
from jukinet.national.law_store import list_approved
from jukinet.node_process.config import NodeConfig
from jukinet.postgres.database import connect
from jukinet.protocol.node_names import NodeKind

app = typer.Typer(no_args_is_help=True, help="Look into the law of provision (別表、条例).")

ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="A national node's configuration: with its approved changes.")
]
DateOption = Annotated[str | None, typer.Option("--date", help="The day: 2026-11-01 or 令和8年11月1日; today without.")]
OrganOption = Annotated[str | None, typer.Option("--organ", help="The organ as `law organs` names it.")]
MunicipalityOption = Annotated[str | None, typer.Option("--municipality", help="Or a municipality, by its code.")]
PrefectureOption = Annotated[str | None, typer.Option("--prefecture", help="Or a prefecture, by its code.")]


@app.command("organs")
def organs_command(config: ConfigOption = None, *, as_json: JsonOption = False) -> None:
    """List every organ the law names, with the number of its affairs."""
    with plain_errors():
        law = _load(config)
    counts: dict[tuple[str, str], int] = {}
    for affair in law.affairs:
        for organ in affair.organs:
            counts[affair.channel.user.value, organ] = counts.get((affair.channel.user.value, organ), 0) + 1
    rows = [{"kind": kind, "organ": organ, "affairs": count} for (kind, organ), count in counts.items()]
    show(rows, columns=("kind", "organ", "affairs"), as_json=as_json)


@app.command("affairs")
def affairs_command(
    words: Annotated[str, typer.Argument(help="Words of an organ, a law or an affair; all without.")] = "",
    day: DateOption = None,
    config: ConfigOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """List affairs, and which items each may be given on a day."""
    with plain_errors():
        law, on = _load(config), _read_day(day)
    rows = [_affair_row(explain_affair(affair, on)) for affair in search_affairs(law, words)]
    show(rows, columns=("affair", "organs", "law", "text", "begins_on", "confidence", "items"), as_json=as_json)


@app.command("may")
def may_command(
    affair: Annotated[str, typer.Argument(help="The affair's id, such as 1-77-3.")],
    organ: OrganOption = None,
    municipality: MunicipalityOption = None,
    prefecture: PrefectureOption = None,
    day: DateOption = None,
    config: ConfigOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Say what a user may be given for an affair on a day, and why. Exit status 1 when nothing."""
    with plain_errors():
        user = _read_user(organ, municipality, prefecture)
        found = explain_grant(_load(config), user=user, affair=affair, day=_read_day(day))
    if as_json:
        show([_explanation_row(found)], columns=(), as_json=True)
    else:
        _print_explanation(found)
    if not found.is_granted:
        raise typer.Exit(1)


@app.command("days")
def days_command(
    since: Annotated[str | None, typer.Option("--from", help="The first day.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="The last day.")] = None,
    config: ConfigOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Show what changes on which day, for which affairs."""
    with plain_errors():
        law = _load(config)
        first = date.min if since is None else _read_day(since)
        last = date.max if until is None else _read_day(until)
    rows = [
        {
            "day": point.day.isoformat(),
            "turn": point.turn.value,
            "item": "" if point.item is None else point.item.value,
            "confidence": point.confidence.value,
            "source": point.source,
            "affairs": list(point.affairs) if as_json else len(point.affairs),
            "first": point.affairs[0],
        }
        for point in list_turning_points(law)
        if first <= point.day <= last
    ]
    show(rows, columns=("day", "turn", "item", "confidence", "affairs", "first", "source"), as_json=as_json)


def _load(config: Path | None) -> ProvisionLaw:
    if config is None:
        return bundled_law()
    return run(_load_changed(load_config_of(config, NodeKind.NATIONAL)))


async def _load_changed(config: NodeConfig) -> ProvisionLaw:
    async with connect(config.database) as unit:
        return changed_law(bundled_law(), await list_approved(unit))


def _read_day(text: str | None) -> date:
    return civil_day(machine_clock()) if text is None else CivilDate.parse(text).require_exact()


def _read_user(organ: str | None, municipality: str | None, prefecture: str | None) -> ProvisionUser:
    if (organ is not None) + (municipality is not None) + (prefecture is not None) != 1:
        raise MissingItemError("Name exactly one of --organ, --municipality and --prefecture.", field="organ")
    if organ is not None:
        return ProvisionUser.organ(organ)
    return ProvisionUser.municipality(municipality) if municipality else ProvisionUser.prefecture(prefecture or "")


def _affair_row(found: Explanation) -> dict[str, Any]:
    affair = found.affair
    return {
        "affair": affair.id,
        "organs": "、".join(affair.organs),
        "law": affair.law,
        "text": affair.text,
        **_date_row(affair.begins_on),
        "items": items_text(one.item for one in found.items if one.is_given),
    }


def _date_row(begins_on: SourcedDate) -> dict[str, Any]:
    return {
        "begins_on": begins_on.day.isoformat(),
        "confidence": begins_on.confidence.value,
        "source": begins_on.source,
    }


def _explanation_row(found: Explanation) -> dict[str, Any]:
    affair: ListedAffair = found.affair
    refusal = found.refusal
    return {
        **_affair_row(found),
        "day": found.day.isoformat(),
        "is_granted": found.is_granted,
        "refusal": None if refusal is None else {"code": refusal.code, "detail": refusal.detail},
        "ground": found.ground,
        "ends_on": None if affair.ends_on is None else affair.ends_on.day.isoformat(),
        "changes": list(affair.changes),
        "why": [_item_row(one) for one in found.items],
    }


def _item_row(one: ItemExplanation) -> dict[str, Any]:
    term = one.term
    return {
        "item": one.item.value,
        "is_given": one.is_given,
        "begins_on": None if term is None else term.begins_on.isoformat(),
        "ends_on": None if term is None or term.ends_on is None else term.ends_on.isoformat(),
        "confidence": "" if term is None else term.confidence.value,
        "source": "denied by default: nothing gives it" if term is None else term.source,
    }


def _print_explanation(found: Explanation) -> None:
    affair = found.affair
    typer.echo(f"{affair.id}  {affair.text}")
    typer.echo(f"listed for {'、'.join(affair.organs)}: {found.ground}")
    begins = affair.begins_on
    typer.echo(f"from {begins.day.isoformat()} ({begins.confidence.value}: {begins.source})")
    if affair.ends_on is not None:
        typer.echo(f"until {affair.ends_on.day.isoformat()} ({affair.ends_on.source})")
    if found.refusal is not None:
        typer.echo(f"on {found.day.isoformat()} nothing: {found.refusal.detail} [{found.refusal.code}]")
        for note in getattr(found.refusal, "__notes__", ()):
            typer.echo(f"  {note}")
    rows = [_item_row(one) for one in found.items]
    show(rows, columns=("item", "is_given", "begins_on", "ends_on", "confidence", "source"), as_json=False)
