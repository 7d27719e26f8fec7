"""A resident opens the account with the code of the letter, signs in, and closes the account (本人用ページの認証).

Five wrong passwords or codes in a row lock an account for a while, longer each time; nobody is told why it was refused.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import EnrolmentRefusedError, JukinetError, SignInRefusedError
from jukinet.national.person_store import (
    Account,
    add_session,
    close_account,
    find_password_hash,
    keep_failures,
    keep_password,
    lock_account,
    remove_session,
)
from jukinet.operator_web.passwords import hash_password, is_right_password, require_possible_password
from jukinet.operator_web.sessions import IDLE, LONGEST, hash_of, new_token
from jukinet.postgres.database import Database, Unit

#: The fifth wrong one in a row locks; every fifth after it locks for twice as long.
MOST_FAILURES: Final = 5
FIRST_LOCK: Final = timedelta(minutes=15)
_LONGEST_LOCK: Final = timedelta(days=1)
_NOBODY: Final = "unknown"


async def open_account(*, account_number: str, code: str, password: str, database: Database, now: datetime) -> None:
    """Give the account its password, by the code of the letter; the code is good once.

    Raises:
        MalformedPasswordError: the password is too short or too long.
        EnrolmentRefusedError: number or code is wrong, or the letter is no longer valid.
    """
    require_possible_password(password)
    password_hash = await hash_password(password)
    async with database.transaction() as unit:
        account = await lock_account(unit, account_number)
        if account is not None and _is_code_of(account, code, now):
            await keep_password(unit, account.account_number, password_hash, now=now)
            await append(unit, [_event(AuditEvent.ACCOUNT_OPENED, account, now)])
            return
        await _record_refusal(unit, account, EnrolmentRefusedError(), now)
    raise EnrolmentRefusedError(field="code")


async def sign_in_resident(*, account_number: str, password: str, database: Database, now: datetime) -> str:
    """Open a session for a resident and return its token; the outcome is on the audit log before it is known.

    Raises:
        SignInRefusedError: number or password is wrong, or the account is locked or closed: never says which.
    """
    async with database.connection() as connection:
        known = await find_password_hash(connection, account_number)
    # The password is checked between transactions: a flood of attempts keeps no connection from anybody else, and an
    # account that exists makes nobody wait for another attempt at it.
    is_right = await is_right_password(known, password)
    async with database.transaction() as unit:
        account = await lock_account(unit, account_number)
        is_same = account is not None and account.password_hash == known
        if account is not None and not _is_locked(account, now) and is_right and is_same:
            await keep_failures(unit, account.account_number, failed_count=0, locked_until=None)
            token = new_token()
            await add_session(
                unit,
                account.account_number,
                token_hash=hash_of(token),
                now=now,
                opened_after=now - LONGEST,
                seen_after=now - IDLE,
            )
            await append(unit, [_event(AuditEvent.RESIDENT_SIGNED_IN, account, now)])
            return token
        await _record_refusal(unit, account, SignInRefusedError(), now)
    raise SignInRefusedError


async def sign_out_resident(*, token: str, account_number: str, database: Database, now: datetime) -> None:
    """Close the session, on the audit log."""
    async with database.transaction() as unit:
        await remove_session(unit, hash_of(token))
        event = Entry(event=AuditEvent.RESIDENT_SIGNED_OUT, occurred_at=now, actor=_actor(account_number))
        await append(unit, [event])


async def close_own_account(*, account_number: str, database: Database, now: datetime) -> None:
    """Close the account as its owner wishes; a new letter opens another."""
    async with database.transaction() as unit:
        await close_account(unit, account_number, now=now)
        event = Entry(event=AuditEvent.ACCOUNT_CLOSED, occurred_at=now, actor=_actor(account_number))
        await append(unit, [event])


def _is_code_of(account: Account, code: str, now: datetime) -> bool:
    is_unused = account.password_hash is None
    is_in_time = civil_day(now) <= account.code_until and not _is_locked(account, now)
    plain = code.upper().replace("-", "").replace(" ", "")
    is_same = hmac.compare_digest(sha256(plain.encode()).digest(), account.code_hash)
    return is_unused and is_in_time and is_same


def _is_locked(account: Account, now: datetime) -> bool:
    return account.locked_until is not None and now < account.locked_until


async def _record_refusal(unit: Unit, account: Account | None, error: JukinetError, now: datetime) -> None:
    if account is not None and not _is_locked(account, now):
        failed_count = account.failed_count + 1
        rounds, rest = divmod(failed_count, MOST_FAILURES)
        locked_until = None if rest else now + min(FIRST_LOCK * 2 ** min(rounds - 1, 10), _LONGEST_LOCK)
        await keep_failures(unit, account.account_number, failed_count=failed_count, locked_until=locked_until)
    event = Entry(
        event=AuditEvent.RESIDENT_SIGN_IN_REFUSED,
        occurred_at=now,
        actor=_NOBODY if account is None else _actor(account.account_number),
        outcome="refused",
        detail={"error_code": error.code},
    )
    await append(unit, [event])


def _event(event: AuditEvent, account: Account, now: datetime) -> Entry:
    return Entry(
        event=event,
        occurred_at=now,
        actor=_actor(account.account_number),
        resident_record_code=account.resident_record_code,
    )


def _actor(account_number: str) -> str:
    """Return how the log names a resident who signs in."""
    return f"resident/{account_number}"
