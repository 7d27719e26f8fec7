"""Printing all notices that wait in one go (まとめ印刷): which are printed, which are left out, and sending them."""

from __future__ import annotations

from typing import Final

from jukinet.domain.code_notices import NoticeDelivery
from jukinet.domain.errors import MalformedRequestError, MissingItemError
from jukinet.municipal.notice_batches import BATCH_MOST, NoticeBatch
from jukinet.municipal.usecases.print_code_notices import (
    look_over_code_notices,
    print_code_notices,
    send_code_notices,
)
from jukinet.municipal.usecases.print_person_notices import (
    look_over_person_notices,
    print_person_notices,
    send_person_notices,
)
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.web.desk import Desk
from jukinet.operator_web.screens import Answer, Page, Pdf, Redirect, Visit

_CODES: Final = "/code-notices"
_LETTERS: Final = "/person-notices"


async def show_code_batch(desk: Desk, visit: Visit) -> Answer:
    """Show which sheets of codes would be printed now."""
    office = desk.require_office()
    batch = await look_over_code_notices(act=_act(desk, visit), office=office, database=desk.database)
    return _page(batch, _CODES, "code_notice", deliveries=tuple(NoticeDelivery))


async def take_code_batch(desk: Desk, visit: Visit) -> Answer:
    """Print the sheets of the page, or record that they were sent."""
    numbers, act = _numbers(visit), _act(desk, visit)
    if visit.form.get("step") == "print":
        content = await print_code_notices(
            notice_numbers=numbers, act=act, office=desk.require_office(), database=desk.database
        )
        return Pdf(content, f"code-notices-{numbers[0]}-{numbers[-1]}")
    delivery = next((one for one in NoticeDelivery if one.tag == visit.form.get("delivery")), None)
    if delivery is None:
        raise MissingItemError("Say how they are sent.", field="delivery")
    await send_code_notices(notice_numbers=numbers, delivery=delivery, act=act, database=desk.database)
    return Redirect(_CODES, "done.notice_batch.sent")


async def show_letter_batch(desk: Desk, visit: Visit) -> Answer:
    """Show which letters would be printed now."""
    office = desk.require_office()
    batch = await look_over_person_notices(act=_act(desk, visit), office=office, database=desk.database)
    return _page(batch, _LETTERS, "person_notice", deliveries=())


async def take_letter_batch(desk: Desk, visit: Visit) -> Answer:
    """Print the letters of the page, or record that they were sent."""
    numbers, act = _numbers(visit), _act(desk, visit)
    if visit.form.get("step") == "print":
        content = await print_person_notices(
            notice_numbers=numbers, act=act, office=desk.require_office(), database=desk.database
        )
        return Pdf(content, f"person-notices-{numbers[0]}-{numbers[-1]}")
    await send_person_notices(notice_numbers=numbers, act=act, database=desk.database)
    return Redirect(_LETTERS, "done.notice_batch.sent")


def _page(batch: NoticeBatch, path: str, subject: str, *, deliveries: tuple[NoticeDelivery, ...]) -> Page:
    values = {
        "batch": batch,
        "numbers": ",".join(map(str, batch.notice_numbers)),
        "path": path,
        "subject": subject,
        "deliveries": deliveries,
        "limit": BATCH_MOST,
    }
    return Page("municipal/notice_batch.html", values)


def _numbers(visit: Visit) -> list[int]:
    texts = visit.form.get("numbers", "").split(",")
    if not all(text.isascii() and text.isdigit() for text in texts):
        raise MalformedRequestError(field="notice_numbers")
    return sorted({int(text) for text in texts})


def _act(desk: Desk, visit: Visit) -> Act:
    return Act(operator_id=visit.operator_id, node=desk.name, now=visit.now)
