"""What the change feed adds to the shared texts: the details of its events on the log."""

from __future__ import annotations

from typing import Final

FEED_JAPANESE: Final = {
    "detail.subscription_id": "登録の番号",
    "detail.expires_on": "最後の日",
    "detail.people": "人数",
    "detail.is_ended": "全部の終了",
    "detail.after": "受け取った最後の番号",
    "detail.deleted": "消された最後の番号",
}
FEED_ENGLISH: Final = {
    "detail.subscription_id": "subscription",
    "detail.expires_on": "last day",
    "detail.people": "people",
    "detail.is_ended": "ended as a whole",
    "detail.after": "last number read",
    "detail.deleted": "last number deleted",
}
