"""The examples of the OpenAPI document. Everybody in them is invented, and every number of the synthetic range."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_GROUND: Final = {
    "affair": "1-74-2",
    "purpose": "年金の受給者が存命か確かめるため",
    "matter_number": "2026-000123",
    "official": "a1234",
    "office": "支給課",
}
_CODE: Final = "90000000018"
_STATED: Final = {"name": "試験\u3000葵", "birth_date": "1990-05-06", "address": "東京都世田谷区太子堂1-1-1"}
_USE: Final = "01JZ8Q4T0W6V3X9Y2K5M7N8P1R"
_REPORT: Final = "0193f3a0-0000-7000-8000-000000000000"
_FOUND: Final = {
    "result": "found",
    "use_log_id": _USE,
    "person": {
        "name": "試験\u3000葵",
        "kana": "しけん\u3000あおい",
        "reason": "relocation",
        "changed_on": "2026-03-01",
        "is_removed": False,
    },
    "items": ["name", "change"],
    "state": "live",
}
_NOT_FOUND: Final = {"result": "not_found", "use_log_id": _USE}
_COMPARED: Final = {
    "result": "found",
    "use_log_id": _USE,
    "items": ["name", "birth_date", "address"],
    "agreements": {"name": "agrees", "birth_date": "agrees", "address": "agrees_folded"},
}

_SUBSCRIPTION: Final = "0193f3a0-0000-7000-8000-000000000001"
_BATCH: Final = "0193f3a0-0000-7000-8000-000000000002"
_MOVE: Final = {
    "sequence": 1234,
    "event_id": "c3a2a1e0-7d0c-4a55-9a52-0d5a3f0e9b11",
    "subscription_id": _SUBSCRIPTION,
    "reference": "受給者-42",
    "kind": "move",
    "recorded_at": "2026-04-01T00:00:01+00:00",
    "items": ["address", "change"],
    "person": {
        "address": "東京都世田谷区太子堂二丁目2番2号",
        "reason": "relocation",
        "changed_on": "2026-04-01",
        "is_removed": False,
    },
    "use_log_id": _USE,
    "place": 3,
}

#: By operation and by what they show.
BODIES: Final[Mapping[str, Mapping[str, Any]]] = {
    "confirm": {"by_code": {"ground": _GROUND, "items": ["name", "change"], "resident_record_code": _CODE}},
    "verify": {"by_code": {"ground": _GROUND, "stated": _STATED, "resident_record_code": _CODE}},
    "search": {
        "three_items": {"ground": _GROUND, "items": ["name", "change"], "stated": _STATED},
        "kana_and_date": {
            "ground": _GROUND,
            "items": ["change"],
            "stated": {"kana": "しけん", "birth_date": "1990-05-06"},
            "is_kana_prefix": True,
        },
    },
    "report_doubt": {
        "address_differs": {
            "use_log_id": _USE,
            "reason": "differs",
            "evidence": "returned_mail",
            "items": ["address"],
            "stated": {"address": "東京都世田谷区太子堂2-2-2"},
            "matter_number": "2026-000123",
            "official": "a1234",
            "office": "支給課",
            "contact": "03-0000-0000",
        },
        "deceased": {
            "use_log_id": _USE,
            "reason": "deceased",
            "evidence": "statement",
            "matter_number": "2026-000123",
            "official": "a1234",
        },
    },
    "subscribe": {
        "one_person": {
            "subscription_id": _SUBSCRIPTION,
            "ground": _GROUND,
            "people": [{"reference": "受給者-42", "individual_number": "900000000010"}],
            "items": ["name", "address", "change"],
            "expires_on": "2027-03-31",
        }
    },
    "follow_batch": {
        "deaths_only": {
            "subscription_id": _SUBSCRIPTION,
            "batch_id": _BATCH,
            "items": ["change"],
            "kinds": ["death"],
            "expires_on": "2027-03-31",
        }
    },
    "unfollow": {
        "one_person": {"subscription_id": _SUBSCRIPTION, "official": "a1234", "references": ["受給者-42"]},
        "everybody": {"subscription_id": _SUBSCRIPTION, "official": "a1234"},
    },
}
ANSWERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "confirm": {"found": _FOUND, "not_found": _NOT_FOUND},
    "verify": {"compared": _COMPARED, "not_found": _NOT_FOUND},
    "search": {
        "found": {**_FOUND, "agreements": {"name": "agrees", "birth_date": "agrees", "address": "agrees_folded"}},
        "several": {"result": "several", "use_log_id": _USE, "refine": ["birth_date", "sex"]},
        "too_many": {"result": "too_many", "use_log_id": _USE, "refine": ["address"]},
    },
    "list_affairs": {
        "one": {
            "organ": "日本年金機構",
            "day": "2026-04-01",
            "affairs": [
                {
                    "affair": "1-74-2",
                    "text": "年金である保険給付の支給に関する事務",
                    "law": "厚生年金保険法",
                    "ground": "法第30条の9、別表第1の74の項（厚生年金保険法）",
                    "items": ["name", "birth_date", "sex", "address", "individual_number", "change"],
                    "offices": ["支給課"],
                }
            ],
        }
    },
    "report_doubt": {"kept": {"report_number": _REPORT}},
    "list_doubts": {
        "one": {
            "reports": [
                {
                    "report_number": _REPORT,
                    "reported_at": "2026-04-01T09:00:00+00:00",
                    "use_log_id": _USE,
                    "reason": "differs",
                    "items": ["address"],
                    "matter_number": "2026-000123",
                    "state": "referred",
                    "due_on": "2026-04-15",
                }
            ]
        }
    },
    "subscribe": {
        "following": {
            "subscription_id": _SUBSCRIPTION,
            "items": ["name", "address", "change"],
            "expires_on": "2027-03-31",
            "newest": 1233,
            "people": [{"reference": "受給者-42", "result": "following"}],
        }
    },
    "follow_batch": {
        "under_way": {
            "subscription_id": _SUBSCRIPTION,
            "items": ["change"],
            "expires_on": "2027-03-31",
            "newest": 1233,
            "lines": 4000,
            "is_complete": False,
        }
    },
    "unfollow": {"one": {"subscription_id": _SUBSCRIPTION, "people": 1, "is_ended": False}},
    "list_subscriptions": {
        "one": {
            "subscriptions": [
                {
                    "subscription_id": _SUBSCRIPTION,
                    "affair": "1-74-2",
                    "matter_number": "2026-000123",
                    "official": "a1234",
                    "office": "支給課",
                    "items": ["name", "address", "change"],
                    "expires_on": "2027-03-31",
                    "people": 1,
                    "is_ended": False,
                    "is_complete": True,
                }
            ]
        }
    },
    "list_events": {"a_move": {"events": [_MOVE]}},
    "find_feed_state": {"read": {"newest": 1234, "behind": 0, "deleted": 0, "read_at": "2026-04-01T00:00:01+00:00"}},
    "health": {"ok": {"status": "ok", "database": "ok", "revocation_list": "ok"}},
}
