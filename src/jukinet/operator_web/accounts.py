"""Operators (操作者): enrolment, and the proof of who signs in.

For now an operator signs in with an id and a password; the operator card comes with its own issue.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.errors import (
    AlreadyExistsError,
    MalformedOperatorError,
    MalformedPasswordError,
    SignInRefusedError,
)
from jukinet.operator_web.passwords import hash_password, is_right_password, require_possible_password
from jukinet.operator_web.sessions import open_session
from jukinet.operator_web.store import OperatorLock, add_operator, lock_operator, record_failures
from jukinet.postgres.database import Database, Unit

#: The fifth wrong password in a row locks the operator.
MOST_FAILURES: Final = 5
_DISPLAY_NAME_MAX_LENGTH: Final = 100
_OPERATOR_ID: Final = re.compile(r"[a-z][a-z0-9-]{2,31}")
#: Who is said to have tried when the id is nobody's: what was typed there may be a password.
_NOBODY: Final = "unknown"


async def enrol_operator(
    unit: Unit, operator_id: str, display_name: str, password: str, *, now: datetime, by: str
) -> None:
    """Enrol an operator (操作者の登録) in the transaction of `unit`, with its audit event.

    Raises:
        MalformedOperatorError: naming the item that cannot be.
        AlreadyExistsError: the id is taken; the transaction goes on unharmed.
    """
    if _OPERATOR_ID.fullmatch(operator_id) is None:
        raise MalformedOperatorError(field="operator_id")
    if not display_name.strip() or len(display_name) > _DISPLAY_NAME_MAX_LENGTH:
        raise MalformedOperatorError(field="display_name")
    try:
        require_possible_password(password)
    except MalformedPasswordError:
        raise MalformedOperatorError(field="password") from None
    password_hash = await hash_password(password)
    is_added = await add_operator(
        unit, operator_id=operator_id, display_name=display_name, password_hash=password_hash, now=now, by=by
    )
    if not is_added:
        raise AlreadyExistsError("An operator with this id is enrolled already.", field="operator_id")
    event = Entry(event=AuditEvent.OPERATOR_ENROLLED, occurred_at=now, actor=by, detail={"operator": operator_id})
    await append(unit, [event])


async def sign_in(*, operator_id: str, password: str, database: Database, now: datetime) -> str:
    """Open a session for the operator and return its token. The outcome is on the audit log before it is known.

    Raises:
        SignInRefusedError: the id or the password is wrong, or the operator is locked: never says which.
    """
    async with database.connection() as connection:
        known = await lock_operator(connection, operator_id)
    password_hash = None if known is None else known.password_hash
    # Between transactions: a flood of attempts keeps no connection from the rest of the node.
    is_right = await is_right_password(password_hash, password)
    async with database.transaction() as unit:
        operator = await lock_operator(unit, operator_id)
        is_same = operator is not None and operator.password_hash == password_hash
        if operator is not None and operator.locked_at is None and is_right and is_same:
            await record_failures(unit, operator.operator_id, failed_count=0, locked_at=None)
            token = await open_session(unit, operator.operator_id, now=now)
            await append(unit, [Entry(event=AuditEvent.SIGNED_IN, occurred_at=now, actor=operator.operator_id)])
            return token
        await _record_refusal(unit, operator, now)
    raise SignInRefusedError


async def _record_refusal(unit: Unit, operator: OperatorLock | None, now: datetime) -> None:
    if operator is not None and operator.locked_at is None:
        failed_count = operator.failed_count + 1
        locked_at = now if failed_count >= MOST_FAILURES else None
        await record_failures(unit, operator.operator_id, failed_count=failed_count, locked_at=locked_at)
    event = Entry(
        event=AuditEvent.SIGN_IN_REFUSED,
        occurred_at=now,
        actor=_NOBODY if operator is None else operator.operator_id,
        outcome="refused",
        detail={"error_code": SignInRefusedError.code},
    )
    await append(unit, [event])
