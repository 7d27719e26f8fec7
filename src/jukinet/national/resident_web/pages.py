"""The pages of a signed-in resident: uses of the own information, proof file, own record, account."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.proof_file import make_proof_file
from jukinet.audit.store import Entry, append
from jukinet.audit.use_page import Use, list_uses_page
from jukinet.audit.wording import Describer
from jukinet.disclosure.store import OwnRecord
from jukinet.domain.clock import Clock
from jukinet.domain.errors import (
    ConsentMissingError,
    EnrolmentRefusedError,
    InvalidValueError,
    MalformedRequestError,
    NotSealedYetError,
    SessionExpiredError,
)
from jukinet.domain.identification import Sex
from jukinet.national.person_store import find_owner
from jukinet.national.resident_web.door import ResidentDoor, plain_account_number
from jukinet.national.usecases.open_account import close_own_account, open_account
from jukinet.national.usecases.show_own_record import show_own_record
from jukinet.operator_web.forms import Form, Problem
from jukinet.operator_web.naming import day_text
from jukinet.operator_web.screens import Answer, Download, Page, Redirect, Visit
from jukinet.postgres.database import Database, Unit
from jukinet.protocol.envelope import new_message_id
from jukinet.protocol.node_names import NodeName

#: Fewer on a page than operators see: most read them on a telephone.
PAGE_SIZE: Final = 20
_RANDOM_BYTES: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentPages:
    """The pages; whose they are, the session says."""

    name: NodeName
    database: Database
    clock: Clock
    describer: Describer
    door: ResidentDoor

    async def show_uses(self, visit: Visit) -> Answer:
        """Show the newest uses; the look is on the audit log before it is shown."""
        return await self._uses(visit, None)

    async def show_more(self, visit: Visit) -> Answer:
        """Show the uses from where the last page ended."""
        return await self._uses(visit, visit.form.get("after") or None)

    async def _uses(self, visit: Visit, after: str | None, *, is_unsealed: bool = False) -> Answer:
        async with self.database.transaction() as unit:
            code = await self._owner(unit, visit)
            try:
                page = await list_uses_page(unit, code, describer=self.describer, after=after, limit=PAGE_SIZE)
            except MalformedRequestError:
                page = await list_uses_page(unit, code, describer=self.describer, limit=PAGE_SIZE)
            await append(unit, [_entry(visit, AuditEvent.USES_VIEWED, code, uses=len(page.uses))])
        values = {
            "uses": [_shown(use) for use in page.uses],
            "total": page.total,
            "after": page.after,
            "is_first": after is None,
            "is_unsealed": is_unsealed,
        }
        return Page("national/uses.html", values)

    async def provide_proof(self, visit: Visit) -> Answer:
        """Hand out the proof file; that it was is on the audit log before it leaves."""
        async with self.database.connection() as connection:
            code = await self._owner(connection, visit)
        try:
            file = await make_proof_file(self.database, code, log=self.name.text, now=visit.now)
        except NotSealedYetError:
            return await self._uses(visit, None, is_unsealed=True)
        async with self.database.transaction() as unit:
            await append(unit, [_entry(visit, AuditEvent.USES_PROVED, code, uses=file.entries)])
        return Download(file.content, file.name, "application/json")

    async def show_verifier(self, visit: Visit) -> Answer:
        """Hand out the page that checks proof files without any server; it is nobody's secret."""
        del visit
        page = files("jukinet.audit.verifier").joinpath("verifier.html").read_bytes()
        return Download(page, "jukinet-verifier.html", "text/html; charset=utf-8")

    async def ask_record(self, visit: Visit) -> Answer:
        """Show what will be shown, and ask for the consent."""
        del visit
        return Page("national/record.html", {"items": None})

    async def show_record(self, visit: Visit) -> Answer:
        """Show the person's own identification information."""
        form = Form(visit.form)
        try:
            record = await show_own_record(
                account_number=visit.operator_id,
                consents=form.text("consents") == "on",
                message_id=new_message_id(visit.now, secrets.token_bytes(_RANDOM_BYTES)),
                database=self.database,
                now=visit.now,
            )
        except ConsentMissingError as error:
            form.refuse(error, names=("consents",))
            return Page("national/record.html", {"items": None, "form": form}, status=422)
        return Page("national/record.html", {"items": _items(record, visit)})

    async def show_account(self, visit: Visit) -> Answer:
        """Show what can be done with the account."""
        del visit
        return Page("national/account.html")

    async def close_account(self, visit: Visit) -> Answer:
        """Close the account."""
        await close_own_account(account_number=visit.operator_id, database=self.database, now=visit.now)
        return Redirect("/sign-in", "done.account_closed")

    async def show_opening(self, visit: Visit) -> Answer:
        """Ask for number and code of the letter, and a password; to whoever has the letter."""
        del visit
        return Page("national/open.html")

    async def take_opening(self, visit: Visit) -> Answer:
        """Open the account, and lead to the sign-in."""
        form = Form({name: text for name, text in visit.form.items() if not name.startswith("password")})
        password = visit.form.get("password", "")
        number = form.read("account_number", str)
        code = form.read("code", str)
        if password != visit.form.get("password_again", ""):
            form.problems.append(Problem("password_again", MalformedRequestError(), "open.password_differs"))
        if form.problems or number is None or code is None:
            return Page("national/open.html", {"form": form}, status=422)
        self.door.take_attempt(visit.now)
        try:
            await open_account(
                account_number=plain_account_number(number),
                code=code,
                password=password,
                database=self.database,
                now=visit.now,
            )
        except (EnrolmentRefusedError, InvalidValueError) as error:
            form.refuse(error, names=("code", "password"))
            return Page("national/open.html", {"form": form}, status=422)
        return Redirect("/sign-in", "done.account_opened")

    @staticmethod
    async def _owner(unit: Unit, visit: Visit) -> str:
        code = await find_owner(unit, visit.operator_id)
        if code is None:
            raise SessionExpiredError
        return code


def _entry(visit: Visit, event: AuditEvent, code: str, *, uses: int) -> Entry:
    return Entry(
        event=event,
        occurred_at=visit.now,
        actor=f"resident/{visit.operator_id}",
        resident_record_code=code,
        detail={"uses": uses},
    )


def _shown(use: Use) -> dict[str, object]:
    return {
        "use": use,
        "wording": use.wording,
        "is_by_myself": use.wording.method.startswith("本人への"),
    }


def _items(record: OwnRecord, visit: Visit) -> list[tuple[str, str]]:
    """Return the record's items, labelled as everywhere; what is not there is left out."""
    words = visit.words
    values = {
        "name": record.name,
        "kana": record.kana,
        "former_surname": record.former_surname,
        "alias": record.alias,
        "birth_date": day_text(record.birth_date, visit.language),
        "sex": words(f"sex.{Sex(record.sex).value}"),
        "address": record.address,
        "individual_number": record.individual_number,
        "resident_record_code": record.resident_record_code,
        "reason": words(f"reason.{record.change_reason}"),
        "changed_on": day_text(record.changed_on, visit.language),
    }
    return [(words(f"item.{name}"), text) for name, text in values.items() if text]
