"""Statements for the person's view: the record, that it was disclosed, and the accounts of the resident's page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from jukinet.operator_web.store import OpenSession
from jukinet.postgres.database import Unit

_FIND_PLACE: Final = """
    SELECT municipality, is_removed FROM identification.record WHERE resident_record_code = %(resident_record_code)s
"""
_CLOSE_ACCOUNTS: Final = """
    UPDATE person.account
       SET closed_at = %(now)s
     WHERE resident_record_code = %(resident_record_code)s AND closed_at IS NULL
"""
_ADD_ACCOUNT: Final = """
    INSERT INTO person.account
           (account_number, resident_record_code, enrolled_by, enrolled_at, code_hash, code_until)
    VALUES (%(account_number)s, %(resident_record_code)s, %(enrolled_by)s, %(enrolled_at)s, %(code_hash)s,
            %(code_until)s)
        ON CONFLICT (account_number) DO NOTHING
"""
_LOCK_ACCOUNT: Final = """
    SELECT account.account_number, account.resident_record_code, account.code_hash, account.code_until,
           account.password_hash, account.failed_count, account.locked_until
      FROM person.account
     WHERE account.account_number = %(account_number)s AND account.closed_at IS NULL
       FOR UPDATE
"""
_FIND_HASH: Final = """
    SELECT password_hash FROM person.account WHERE account_number = %(account_number)s AND closed_at IS NULL
"""
_OPEN_ACCOUNT: Final = """
    UPDATE person.account
       SET password_hash = %(password_hash)s, opened_at = %(now)s, failed_count = 0, locked_until = NULL
     WHERE account_number = %(account_number)s
"""
_SET_FAILURES: Final = """
    UPDATE person.account
       SET failed_count = %(failed_count)s, locked_until = %(locked_until)s
     WHERE account_number = %(account_number)s
"""
_CLOSE_ACCOUNT: Final = """
    UPDATE person.account SET closed_at = %(now)s WHERE account_number = %(account_number)s AND closed_at IS NULL
"""
_OPEN_SESSION: Final = """
    INSERT INTO person.session (token_hash, account_number, opened_at, last_seen_at)
    VALUES (%(token_hash)s, %(account_number)s, %(now)s, %(now)s)
"""
# Looking at a session is using it. Of whoever died the account is nobody's.
_USE_SESSION: Final = """
    UPDATE person.session AS used
       SET last_seen_at = CASE WHEN %(prolongs)s THEN %(now)s ELSE used.last_seen_at END
      FROM person.account AS owner
      JOIN identification.record AS record ON record.resident_record_code = owner.resident_record_code
     WHERE used.token_hash = %(token_hash)s
       AND used.opened_at > %(opened_after)s
       AND used.last_seen_at > %(seen_after)s
       AND owner.account_number = used.account_number
       AND owner.closed_at IS NULL
       AND NOT (record.is_removed AND record.change_reason = 'death')
 RETURNING owner.account_number, record.name
"""
_CLOSE_SESSION: Final = "DELETE FROM person.session WHERE token_hash = %(token_hash)s"
_CLOSE_SESSIONS: Final = "DELETE FROM person.session WHERE account_number = %(account_number)s"
_FORGET_SESSIONS: Final = """
    DELETE FROM person.session WHERE opened_at <= %(opened_after)s OR last_seen_at <= %(seen_after)s
"""
_FIND_OWNER: Final = """
    SELECT resident_record_code
      FROM person.account
     WHERE account_number = %(account_number)s AND closed_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Account:
    """What signing in and enrolling need to know of an account."""

    account_number: str
    resident_record_code: str = field(repr=False)
    code_hash: bytes = field(repr=False)
    code_until: date
    password_hash: str | None = field(repr=False)
    failed_count: int
    locked_until: datetime | None


async def find_place(unit: Unit, resident_record_code: str) -> tuple[str, bool] | None:
    """Return the municipality of a person's record and whether it is removed; None for nobody's code."""
    row = await (await unit.execute(_FIND_PLACE, {"resident_record_code": resident_record_code})).fetchone()
    return None if row is None else (row[0], row[1])


async def add_account(
    unit: Unit,
    *,
    account_number: str,
    resident_record_code: str,
    enrolled_by: str,
    code_hash: bytes,
    code_until: date,
    now: datetime,
) -> int | None:
    """Add an account in place of the person's others; return how many were closed, None where the number is taken."""
    closed = await unit.execute(_CLOSE_ACCOUNTS, {"resident_record_code": resident_record_code, "now": now})
    parameters = {
        "account_number": account_number,
        "resident_record_code": resident_record_code,
        "enrolled_by": enrolled_by,
        "enrolled_at": now,
        "code_hash": code_hash,
        "code_until": code_until,
    }
    added = await unit.execute(_ADD_ACCOUNT, parameters)
    return closed.rowcount if added.rowcount else None


async def lock_account(unit: Unit, account_number: str) -> Account | None:
    """Return an open account and hold it until the transaction ends."""
    row = await (await unit.execute(_LOCK_ACCOUNT, {"account_number": account_number})).fetchone()
    return None if row is None else Account(*row)


async def find_password_hash(unit: Unit, account_number: str) -> str | None:
    """Return what is kept of the password of an open account; None where there is none."""
    row = await (await unit.execute(_FIND_HASH, {"account_number": account_number})).fetchone()
    return None if row is None else row[0]


async def keep_password(unit: Unit, account_number: str, password_hash: str, *, now: datetime) -> None:
    """Keep a password; the code of the letter opens nothing any more."""
    parameters = {"account_number": account_number, "password_hash": password_hash, "now": now}
    await unit.execute(_OPEN_ACCOUNT, parameters)


async def keep_failures(unit: Unit, account_number: str, *, failed_count: int, locked_until: datetime | None) -> None:
    """Keep how often in a row somebody was wrong, and until when the account is locked."""
    parameters = {"account_number": account_number, "failed_count": failed_count, "locked_until": locked_until}
    await unit.execute(_SET_FAILURES, parameters)


async def close_account(unit: Unit, account_number: str, *, now: datetime) -> None:
    """Close an account, and end its sessions."""
    await unit.execute(_CLOSE_ACCOUNT, {"account_number": account_number, "now": now})
    await unit.execute(_CLOSE_SESSIONS, {"account_number": account_number})


async def add_session(
    unit: Unit,
    account_number: str,
    *,
    token_hash: bytes,
    now: datetime,
    opened_after: datetime,
    seen_after: datetime,
) -> None:
    """Open a session; expired ones are forgotten."""
    await unit.execute(_FORGET_SESSIONS, {"opened_after": opened_after, "seen_after": seen_after})
    await unit.execute(_OPEN_SESSION, {"token_hash": token_hash, "account_number": account_number, "now": now})


async def use_session(
    unit: Unit,
    *,
    token_hash: bytes,
    now: datetime,
    opened_after: datetime,
    seen_after: datetime,
    prolongs: bool,
) -> OpenSession | None:
    """Return the open session of this token, and prolong it."""
    parameters = {
        "token_hash": token_hash,
        "now": now,
        "opened_after": opened_after,
        "seen_after": seen_after,
        "prolongs": prolongs,
    }
    row = await (await unit.execute(_USE_SESSION, parameters)).fetchone()
    return None if row is None else OpenSession(row[0], row[1], {})


async def remove_session(unit: Unit, token_hash: bytes) -> None:
    """Close a session."""
    await unit.execute(_CLOSE_SESSION, {"token_hash": token_hash})


async def find_owner(unit: Unit, account_number: str) -> str | None:
    """Return the resident record code of whose account it is."""
    row = await (await unit.execute(_FIND_OWNER, {"account_number": account_number})).fetchone()
    return None if row is None else str(row[0])
