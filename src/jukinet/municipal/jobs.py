"""What the municipal node does by itself."""

from __future__ import annotations

import asyncio
import random
from typing import Final

import structlog

from jukinet.delivery.courier import Courier
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import JukinetError, PeerRefusedError
from jukinet.municipal.mass_change_store import list_open_mass_changes
from jukinet.municipal.merger_store import find_closing, list_taken_over
from jukinet.municipal.search_filling import fill_missing
from jukinet.municipal.usecases.apply_move_in_notices import apply_move_in_notices
from jukinet.municipal.usecases.change_addresses import change_addresses
from jukinet.municipal.usecases.complete_move_outs import complete_move_outs
from jukinet.municipal.usecases.fill_code_pool import PoolLevel, fill_code_pool
from jukinet.municipal.usecases.hand_over_register import hand_over_register
from jukinet.municipal.usecases.merge_municipality import merge_municipality
from jukinet.municipal.usecases.receive_individual_numbers import receive_individual_numbers
from jukinet.municipal.usecases.recording import Act
from jukinet.node_process.process import Node

_log: Final = structlog.get_logger()
_POOL_POLL_SECONDS: Final = 5.0
#: After a refusal, such as of the quota, asking again at once would only be refused again.
_POOL_REFUSED_SECONDS: Final = 300.0
_NUMBERS_POLL_SECONDS: Final = 0.5
_NUMBERS_LONGEST_SECONDS: Final = 10.0
_MOVE_IN_NOTICES_POLL_SECONDS: Final = 1.0
_SEARCH_POLL_SECONDS: Final = 3_600.0
_MOVE_OUT_POLL_SECONDS: Final = 10.0
_MASS_CHANGE_POLL_SECONDS: Final = 2.0
_HAND_OVER_POLL_SECONDS: Final = 10.0
_MERGER_POLL_SECONDS: Final = 2.0


def make_courier(node: Node) -> Courier:
    """Return the courier that carries this node's notices to its prefecture."""
    return Courier(node.database, node.client, node.clock, random.SystemRandom().random)


async def keep_code_pool_filled(node: Node) -> None:
    """Ask for codes whenever the pool is low."""
    while True:
        pause = _POOL_POLL_SECONDS
        try:
            if not await _is_closed(node):
                await fill_code_pool(
                    client=node.client,
                    database=node.database,
                    clock=node.clock,
                    node=node.name,
                    level=PoolLevel(),
                )
        except JukinetError as error:
            _log.warning("code pool not filled", node=node.name.text, error_code=error.code)
            if isinstance(error, PeerRefusedError) and not error.is_temporary:
                pause = _POOL_REFUSED_SECONDS
        await asyncio.sleep(pause)


async def keep_individual_numbers_received(node: Node) -> None:
    """Ask for the numbers of residents who have none, and record them; wait longer while nobody answers."""
    pause = _NUMBERS_POLL_SECONDS
    while True:
        try:
            if not await _is_closed(node):
                await receive_individual_numbers(
                    client=node.client, database=node.database, clock=node.clock, node=node.name
                )
            pause = _NUMBERS_POLL_SECONDS
        except JukinetError as error:
            _log.warning("individual numbers not received", node=node.name.text, error_code=error.code)
            pause = min(pause * 2, _NUMBERS_LONGEST_SECONDS)
        await asyncio.sleep(pause)


async def keep_move_outs_completed(node: Node) -> None:
    """Let the move-outs of the day take effect."""
    while True:
        try:
            act = Act(operator_id=node.name.text, node=node.name, now=node.clock())
            if not await _is_closed(node):
                await complete_move_outs(act=act, database=node.database)
        except JukinetError as error:
            _log.warning("move-outs not completed", node=node.name.text, error_code=error.code)
        await asyncio.sleep(_MOVE_OUT_POLL_SECONDS)


async def keep_move_in_notices_applied(node: Node) -> None:
    """Let what other municipalities tell of move-ins take effect; where the register is elsewhere, it is only kept."""
    if node.config.resident_system is not None:
        await asyncio.Event().wait()
    while True:
        try:
            if not await _is_closed(node):
                await apply_move_in_notices(node=node.name, database=node.database, now=node.clock())
        except JukinetError as error:
            _log.warning("move-in notices not applied", node=node.name.text, error_code=error.code)
        await asyncio.sleep(_MOVE_IN_NOTICES_POLL_SECONDS)


async def keep_search_complete(node: Node) -> None:
    """Make residents findable who have no search key: those of an earlier version, or of a bulk load."""
    while True:
        try:
            count = await fill_missing(node.database)
        except JukinetError as error:
            _log.warning("search keys not filled", node=node.name.text, error_code=error.code)
        else:
            _log.info("search keys filled", node=node.name.text, residents=count)
        await asyncio.sleep(_SEARCH_POLL_SECONDS)


async def keep_addresses_changed(node: Node) -> None:
    """Carry out the approved mass changes of addresses whose day has come, and go on with one that was interrupted."""
    while True:
        try:
            async with node.database.connection() as connection:
                numbers = await list_open_mass_changes(connection, today=civil_day(node.clock()))
            for number in numbers:
                await _change_addresses(node, number)
        except JukinetError as error:
            _log.warning("mass changes not listed", node=node.name.text, error_code=error.code)
        await asyncio.sleep(_MASS_CHANGE_POLL_SECONDS)


async def _change_addresses(node: Node, number: int) -> None:
    """Carry out one change; what keeps one from going on does not keep the others."""
    try:
        done = await change_addresses(
            mass_change_number=number, node=node.name, database=node.database, clock=node.clock
        )
    except JukinetError as error:
        _log.warning("addresses not changed", node=node.name.text, mass_change=number, error_code=error.code)
    else:
        if done.residents or not done.waiting:
            _log.info("addresses changed", node=node.name.text, mass_change=number, residents=done.residents)


async def keep_register_handed_over(node: Node) -> None:
    """Hand the register over once the day of an approved merger has come and nothing is under way any more."""
    while True:
        try:
            async with node.database.connection() as connection:
                closing = await find_closing(connection, node.name.code, today=civil_day(node.clock()))
            if closing is not None and not closing.is_handed_over:
                rows = await hand_over_register(node=node.name, database=node.database, clock=node.clock)
                _log.info("register handed over", node=node.name.text, successor=closing.successor, rows=rows)
        except JukinetError as error:
            _log.warning("register not handed over", node=node.name.text, error_code=error.code)
        await asyncio.sleep(_HAND_OVER_POLL_SECONDS)


async def keep_municipalities_merged(node: Node) -> None:
    """Give those who were taken over the code of this municipality, and go on with what was interrupted."""
    while True:
        try:
            async with node.database.connection() as connection:
                codes = await list_taken_over(connection, node.name.code)
            for code in codes:
                done = await merge_municipality(outgoing=code, node=node.name, database=node.database, clock=node.clock)
                _log.info("municipality merged", node=node.name.text, outgoing=code, residents=done.residents)
        except JukinetError as error:
            _log.warning("municipality not merged", node=node.name.text, error_code=error.code)
        await asyncio.sleep(_MERGER_POLL_SECONDS)


async def _is_closed(node: Node) -> bool:
    """Return whether this municipality has merged into another: then it does nothing by itself any more."""
    async with node.database.connection() as connection:
        return await find_closing(connection, node.name.code, today=civil_day(node.clock())) is not None
