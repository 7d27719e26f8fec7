"""The uses of one person's information (提供状況の照会): who asked, for what, and the file that proves it is all."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.proof_file import make_proof_file
from jukinet.audit.store import Entry, append
from jukinet.audit.use_page import PAGE_SIZE, UsePage, list_uses_page
from jukinet.audit.wording import Describer
from jukinet.domain.errors import MalformedRequestError, NotSealedYetError
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.identification.web.desk import ServerDesk
from jukinet.operator_web.forms import Form
from jukinet.operator_web.screens import Answer, Download, Page, Visit

_TEMPLATE: Final = "identification/uses.html"
_CODE: Final = "resident_record_code"


@dataclass(frozen=True, slots=True)
class UsesScreens:
    """The screens, with what they work with."""

    desk: ServerDesk
    describer: Describer
    #: Whether the node seals its log: then it can hand out the file that proves that all is shown.
    has_proof: bool = True

    async def show_form(self, visit: Visit) -> Answer:
        """Show the form."""
        del visit
        return self._page(Form({}))

    async def show_uses(self, visit: Visit) -> Answer:
        """Show a page of the uses of one person; the look is on the audit log before they are shown."""
        form = Form({_CODE: visit.form.get(_CODE, "")})
        code = form.read(_CODE, ResidentRecordCode.parse)
        if code is None:
            return self._page(form, status=422)
        async with self.desk.database.transaction() as unit:
            try:
                uses = await list_uses_page(
                    unit, code.value, describer=self.describer, after=visit.form.get("after") or None
                )
            except MalformedRequestError:
                uses = await list_uses_page(unit, code.value, describer=self.describer)
            event = self._entry(visit, AuditEvent.USES_VIEWED, code, uses=len(uses.uses))
            await append(unit, [event])
        return self._page(form, uses)

    async def provide_proof(self, visit: Visit) -> Answer:
        """Hand out the proof file of one person; that it was is on the audit log before it leaves."""
        form = Form({_CODE: visit.form.get(_CODE, "")})
        code = form.read(_CODE, ResidentRecordCode.parse)
        if code is None:
            return self._page(form, status=422)
        try:
            file = await make_proof_file(self.desk.database, code.value, log=self.desk.name.text, now=visit.now)
        except NotSealedYetError:
            return self._page(form, is_unsealed=True, status=409)
        async with self.desk.database.transaction() as unit:
            await append(unit, [self._entry(visit, AuditEvent.USES_PROVED, code, uses=file.entries)])
        return Download(file.content, file.name, "application/json")

    async def show_verifier(self, visit: Visit) -> Answer:
        """Hand out the web page that checks proof files: it is kept and opened without any server."""
        del visit
        page = files("jukinet.audit.verifier").joinpath("verifier.html").read_bytes()
        return Download(page, "jukinet-verifier.html", "text/html; charset=utf-8")

    @staticmethod
    def _entry(visit: Visit, event: AuditEvent, code: ResidentRecordCode, *, uses: int) -> Entry:
        return Entry(
            event=event,
            occurred_at=visit.now,
            actor=visit.operator_id,
            resident_record_code=code.value,
            detail={"uses": uses},
        )

    def _page(self, form: Form, uses: UsePage | None = None, *, is_unsealed: bool = False, status: int = 200) -> Page:
        values = {
            "form": form,
            "page": uses,
            "limit": PAGE_SIZE,
            "is_unsealed": is_unsealed,
            "has_proof": self.has_proof,
        }
        return Page(_TEMPLATE, values, status=status)
