"""`jukinet agency`: an official's query from the command line, in the name of the agency node."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Annotated, Any, Final

import msgspec
import typer

from jukinet.agency.usecases.ask_confirmation import ask_confirmation
from jukinet.agency.usecases.list_affairs import list_affairs
from jukinet.agency.usecases.search_person import search_person
from jukinet.cli import agency_batch, agency_doubt, agency_feed
from jukinet.cli.agency_node import with_agency_node
from jukinet.cli.console import plain_errors, show
from jukinet.cli.node import ConfigOption, JsonOption
from jukinet.domain.errors import MissingItemError
from jukinet.node_process.process import Node
from jukinet.protocol.confirmation import ConfirmationAnswer, ConfirmationQuery, StatedItems
from jukinet.protocol.grants import GrantsAnswer
from jukinet.protocol.person_search import PersonSearchAnswer, PersonSearchQuery

app = typer.Typer(no_args_is_help=True, help="Ask the national node in the name of an administrative organ.")
app.add_typer(agency_batch.app, name="batch")
app.add_typer(agency_doubt.app, name="doubt")
app.add_typer(agency_feed.app, name="feed")

_THROUGH: Final = "command"
#: Whether somebody is alive: what most matters need, and nothing else.
_FEWEST: Final = ("change",)
_HIDDEN: Final = "***"
#: What a terminal, its scrollback and its log may show of an answer.
_SHOWN: Final = frozenset({"is_removed", "reason", "changed_on"})


class SexOption(Enum):
    """男女の別, as it is typed."""

    MALE = "male"
    FEMALE = "female"


_SEXES: Final = {SexOption.MALE: "1", SexOption.FEMALE: "2"}

AffairOption = Annotated[str, typer.Option(help="事務: its id, as `jukinet agency affairs` lists it.")]
PurposeOption = Annotated[str, typer.Option(help="利用事由: in words the person will read.")]
MatterOption = Annotated[str, typer.Option(help="依頼管理番号: this organ's number of the matter.")]
OfficialOption = Annotated[str, typer.Option(help="Who asks.")]
OfficeOption = Annotated[str, typer.Option(help="部署: needed where the organ registered its offices.")]
ItemOption = Annotated[
    list[str] | None, typer.Option("--item", help="An item to ask for; may be repeated. Without it: change alone.")
]
CodeOption = Annotated[str | None, typer.Option(help="住民票コード")]
NumberOption = Annotated[str | None, typer.Option(help="個人番号")]
NameOption = Annotated[str | None, typer.Option(help="氏名")]
KanaOption = Annotated[str | None, typer.Option(help="ふりがな")]
BirthDateOption = Annotated[str | None, typer.Option(help="生年月日: YYYY-MM-DD, XX where it is not known.")]
SexChoice = Annotated[SexOption | None, typer.Option(help="性別")]
AddressOption = Annotated[str | None, typer.Option(help="住所: from its prefecture or municipality.")]
ShowOption = Annotated[bool, typer.Option("--show", help="Show the person's data instead of ***.")]


@app.command("ask")
def ask_command(
    config: ConfigOption,
    affair: AffairOption,
    purpose: PurposeOption,
    matter: MatterOption,
    official: OfficialOption,
    office: OfficeOption = "",
    items: ItemOption = None,
    code: CodeOption = None,
    number: NumberOption = None,
    *,
    is_shown: ShowOption = False,
    as_json: JsonOption = False,
) -> None:
    """Confirm one person by resident record code or Individual Number."""
    query = ConfirmationQuery(
        resident_record_code=code,
        individual_number=number,
        items=tuple(items or _FEWEST),
        affair=affair,
        purpose=purpose,
        matter_number=matter,
        official=official,
        office=office,
    )
    _tell(with_agency_node(config, _confirming(query)), is_shown=is_shown, as_json=as_json)


@app.command("verify")
def verify_command(
    config: ConfigOption,
    affair: AffairOption,
    purpose: PurposeOption,
    matter: MatterOption,
    official: OfficialOption,
    office: OfficeOption = "",
    code: CodeOption = None,
    number: NumberOption = None,
    name: NameOption = None,
    kana: KanaOption = None,
    birth_date: BirthDateOption = None,
    sex: SexChoice = None,
    address: AddressOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Compare what is held of a person with the record: only what agrees is told."""
    query = ConfirmationQuery(
        resident_record_code=code,
        individual_number=number,
        stated=_stated(name, kana, birth_date, sex, address),
        affair=affair,
        purpose=purpose,
        matter_number=matter,
        official=official,
        office=office,
    )
    _tell(with_agency_node(config, _confirming(query)), is_shown=False, as_json=as_json)


@app.command("search")
def search_command(
    config: ConfigOption,
    affair: AffairOption,
    purpose: PurposeOption,
    matter: MatterOption,
    official: OfficialOption,
    office: OfficeOption = "",
    items: ItemOption = None,
    name: NameOption = None,
    kana: KanaOption = None,
    birth_date: BirthDateOption = None,
    sex: SexChoice = None,
    address: AddressOption = None,
    *,
    is_kana_prefix: Annotated[bool, typer.Option("--kana-prefix", help="ふりがな is only how it begins.")] = False,
    is_shown: ShowOption = False,
    as_json: JsonOption = False,
) -> None:
    """Find one person by at least two of name, birth date and address."""
    query = PersonSearchQuery(
        stated=_stated(name, kana, birth_date, sex, address),
        is_kana_prefix=is_kana_prefix,
        items=tuple(items or _FEWEST),
        affair=affair,
        purpose=purpose,
        matter_number=matter,
        official=official,
        office=office,
    )

    async def search(node: Node) -> PersonSearchAnswer:
        return await search_person(
            query=query, client=node.client, database=node.database, now=node.clock(), through=_THROUGH
        )

    _tell(with_agency_node(config, search), is_shown=is_shown, as_json=as_json)


@app.command("affairs")
def affairs_command(config: ConfigOption, *, as_json: JsonOption = False) -> None:
    """List the affairs this organ may ask for today, and the items of each."""

    async def ask(node: Node) -> GrantsAnswer:
        return await list_affairs(client=node.client)

    grants = with_agency_node(config, ask)
    rows = [
        {
            "affair": one.affair,
            "items": ",".join(one.items),
            "offices": ",".join(one.offices),
            "ground": one.ground,
            "text": one.text,
        }
        for one in grants.affairs
    ]
    show(rows, columns=("affair", "items", "offices", "ground", "text"), as_json=as_json)


def _confirming(query: ConfirmationQuery) -> Callable[[Node], Awaitable[ConfirmationAnswer]]:
    async def confirm(node: Node) -> ConfirmationAnswer:
        return await ask_confirmation(
            query=query, client=node.client, database=node.database, now=node.clock(), through=_THROUGH
        )

    return confirm


def _stated(
    name: str | None, kana: str | None, birth_date: str | None, sex: SexOption | None, address: str | None
) -> StatedItems:
    if not any((name, kana, birth_date, sex, address)):
        with plain_errors():
            raise MissingItemError("State what you hold of the person.", field="stated")
    return StatedItems(
        name=name or None,
        kana=kana or None,
        birth_date=birth_date or None,
        sex=None if sex is None else _SEXES[sex],
        address=address or None,
    )


def _tell(answer: ConfirmationAnswer | PersonSearchAnswer, *, is_shown: bool, as_json: bool) -> None:
    row: dict[str, Any] = {"result": answer.result, "use_log_id": answer.use_log_id}
    if answer.state is not None:
        row["state"] = answer.state
    if answer.agreements is not None:
        agreements: dict[str, str] = msgspec.to_builtins(answer.agreements)
        row |= {f"{name}_agreement": agreement for name, agreement in agreements.items()}
    if isinstance(answer, PersonSearchAnswer) and answer.refine:
        row["refine"] = ",".join(answer.refine)
    if answer.person is not None:
        given: dict[str, Any] = msgspec.to_builtins(answer.person)
        row |= {name: value if is_shown or name in _SHOWN else _HIDDEN for name, value in given.items()}
    show([row], columns=tuple(row), as_json=as_json)
