"""Ten organs that read their change feed as agency nodes do, and the prefecture whose changes they hear of."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from jukinet.bench.notices import ITEMS
from jukinet.bench.setup import AGENCY, Bench
from jukinet.devnet.acts import new_address
from jukinet.devnet.plan import ORGANS
from jukinet.domain.changes import ChangeReason
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.protocol.feed import FeedPage, FeedRead
from jukinet.protocol.identification import IdentificationAnswer, IdentificationNotice
from jukinet.protocol.node_names import NATIONAL, NodeName
from jukinet.transport.directory import load_directory
from jukinet.transport.enrolment import enrol_node
from jukinet.transport.identity import NodeIdentity
from jukinet.transport.message_client import MessageClient
from jukinet.transport.pki import load_network_authority
from jukinet.transport.revocation import load_revocation_list

#: As often as an agency node looks.
POLL_SECONDS: Final = 0.5
_DEADLINE: Final = 60.0
#: Addresses of a municipality that people move to.
_HOUSES: Final = 97


@dataclass(slots=True)
class People:
    """The people who move house again and again, each with the next update sequence."""

    rows: list[dict[str, Any]] = field(repr=False)
    today: str
    #: By municipality.
    addresses: Mapping[str, Sequence[str]] = field(repr=False)
    #: When each was due to move, in the order of the moves, by the reference the organs have.
    due: dict[str, list[float]] = field(default_factory=dict[str, list[float]], repr=False)
    _next: int = 0

    @classmethod
    def of(cls, rows: Sequence[tuple[Any, ...]], today: str) -> People:
        """Return them as the nation has them."""
        people: list[dict[str, Any]] = [dict(zip((*ITEMS, "municipality"), row, strict=True)) for row in rows]
        codes = {one["municipality"] for one in people}
        addresses = {code: [new_address(code, house) for house in range(_HOUSES)] for code in codes}
        return cls(people, today, addresses)

    def move(self, due: Sequence[float]) -> list[IdentificationNotice]:
        """Let as many people move as there are instants, and note when each was due."""
        notices: list[IdentificationNotice] = []
        for at in due:
            place = self._next % len(self.rows)
            self._next += 1
            row = self.rows[place]
            row["update_sequence"] += 1
            self.due.setdefault(str(place + 1), []).append(at)
            notices.append(
                IdentificationNotice(
                    **row,
                    address=self.addresses[row["municipality"]][self._next % _HOUSES],
                    reason=ChangeReason.RELOCATION.value,
                    changed_on=self.today,
                )
            )
        return notices


@dataclass(slots=True)
class Organ:
    """One organ, and what it heard: when each change was due and when it came."""

    agency: str
    client: MessageClient = field(repr=False)
    after: int = 0
    #: Seconds from when a change was due until it came.
    delays: list[float] = field(default_factory=list[float])
    heard: dict[str, int] = field(default_factory=dict[str, int], repr=False)

    async def read(self, people: People) -> bool:
        """Read a page; return whether there is more."""
        page: FeedPage = await self.client.send(NATIONAL, "feed_read", FeedRead(after=self.after), deadline=_DEADLINE)
        now = time.perf_counter()
        for event in page.events:
            heard = self.heard.get(event.reference, 0)
            self.heard[event.reference] = heard + 1
            self.delays.append(now - people.due[event.reference][heard])
        self.after = page.scanned
        return page.scanned < page.newest

    async def keep_reading(self, people: People) -> None:
        """Read for ever, as an agency node does."""
        while True:
            if not await self.read(people):
                await asyncio.sleep(POLL_SECONDS)


@asynccontextmanager
async def open_clients(bench: Bench, names: Sequence[NodeName]) -> AsyncGenerator[list[MessageClient]]:
    """Give a line to the nation for each of these nodes, with a certificate of its own."""
    plan = bench.federation.plan
    settings = bench.federation.config(AGENCY)
    clock = settings.clock(bench.settings.clock)
    authority = load_network_authority(plan.authority / "network", clock=bench.settings.clock)
    async with AsyncExitStack() as stack:
        clients: list[MessageClient] = []
        for name in names:
            directory = plan.directory / "organs" / name.text.replace("/", "-")
            identity = NodeIdentity.load(enrol_node(authority, name, directory), now=clock())
            client = MessageClient(
                identity=identity,
                directory=load_directory(settings.line.directory),
                revocations=load_revocation_list(authority.revocation_list_path, identity.authority, clock=clock),
                clock=clock,
                random_bytes=secrets.token_bytes,
            )
            clients.append(await stack.enter_async_context(client))
        yield clients


def names_of(count: int) -> list[NodeName]:
    """Return the names of the organs."""
    return [NodeName.parse(f"agency/bench{number:02d}") for number in range(count)]


def list_organs(bench: Bench, count: int) -> None:
    """Let the national configuration know them."""
    path = bench.federation.plan.find_node(NATIONAL.text).config
    content = path.read_text(encoding="utf-8")
    organ = ORGANS[AGENCY]
    missing = [f'{name.code} = "{organ}"' for name in names_of(count) if f"{name.code} = " not in content]
    if missing:
        path.write_text(content.replace("[organs]\n", "[organs]\n" + "\n".join(missing) + "\n"), encoding="utf-8")


class Prefecture:
    """Hands changes on to the nation, one message after another, as a prefecture's outbox does."""

    def __init__(self, client: MessageClient) -> None:
        self._client: Final = client
        self._encode: Final = msgspec.json.Encoder().encode

    async def hand_on(self, notices: Sequence[IdentificationNotice]) -> int:
        """Send one message; return how many changes were applied."""
        answer: IdentificationAnswer = await self._client.send(
            NATIONAL, "identification_forwarding", self._encode(notices), deadline=_DEADLINE
        )
        return answer.applied


def prefecture_of_people(people: People) -> NodeName:
    """Return who hands on the changes of these people."""
    code = LocalGovernmentCode(people.rows[0]["municipality"]).prefecture_code.value
    return NodeName.parse(f"prefectural/{code}")
