"""Show residents their own identification information on the screen (本人確認情報の開示): logged, then shown (I4).

Source: Act (–2015) art. 30-37(2); Act (2015–) art. 30-32(2): other than in writing with the person's consent.
"""

from __future__ import annotations

from datetime import date, datetime

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.disclosure.store import Disclosure, OwnRecord, find_own_record, log_disclosure
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import SessionExpiredError
from jukinet.domain.person_rights import PersonRight, require_consent
from jukinet.domain.provision_items import ProvisionItem
from jukinet.domain.rules import Rule, enforces
from jukinet.national.person_store import find_owner
from jukinet.postgres.database import Database
from jukinet.protocol.node_names import NATIONAL

_ITEMS = ",".join(item.value for item in ProvisionItem)


@enforces(Rule.RECORD_BEFORE_ANSWER)
async def show_own_record(
    *, account_number: str, consents: bool, message_id: str, database: Database, now: datetime
) -> OwnRecord:
    """Return the record of whose account it is, after the use-log entry is durable.

    Raises:
        ConsentMissingError: the person did not consent to be told on the screen.
        SessionExpiredError: the account was closed meanwhile.
    """
    async with database.connection() as connection:
        code = await find_owner(connection, account_number)
    record = None
    if code is not None:
        record = await tell_own_record(
            resident_record_code=code,
            consents=consents,
            agency=NATIONAL.text,
            actor=f"resident/{account_number}",
            message_id=message_id,
            database=database,
            now=now,
        )
    if record is None:
        raise SessionExpiredError
    return record


@enforces(Rule.RECORD_BEFORE_ANSWER)
async def tell_own_record(
    *,
    resident_record_code: str,
    consents: bool,
    agency: str,
    actor: str,
    message_id: str,
    database: Database,
    now: datetime,
) -> OwnRecord | None:
    """Return a person's own record, after the use-log entry is durable; None where nobody is recorded.

    `agency` is where the person looks: the national node's own pages, or a listed portal.

    Raises:
        ConsentMissingError: the person did not consent to be told on the screen.
    """
    require_consent(consents=consents)
    async with database.transaction() as unit:
        record = await find_own_record(unit, resident_record_code)
        if record is None:
            return None
        await log_disclosure(unit, _disclosure(resident_record_code, agency, message_id, civil_day(now)), now=now)
        event = Entry(
            event=AuditEvent.OWN_RECORD_SHOWN,
            occurred_at=now,
            actor=actor,
            resident_record_code=resident_record_code,
            message_id=message_id,
        )
        await append(unit, [event])
    return record


def _disclosure(resident_record_code: str, agency: str, message_id: str, today: date) -> Disclosure:
    return Disclosure(
        message_id=message_id,
        agency=agency,
        resident_record_code=resident_record_code,
        method="disclosure",
        affair="本人確認情報の開示",
        purpose="本人の請求による開示（本人用ページ）",
        matter_number="",
        official="本人",
        items=_ITEMS,
        ground=PersonRight.DISCLOSURE.ground_on(today),
    )
