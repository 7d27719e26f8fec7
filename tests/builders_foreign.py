"""Foreign residents, and what is notified of nationality, status and names."""

from __future__ import annotations

from typing import Any

from jukinet.domain.acts.entry import ForeignItems
from jukinet.domain.acts.nationality import Naturalisation
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.names import PersonName
from jukinet.domain.notifications import Notification, SeenDocument
from jukinet.domain.resident_record import ResidentRecord
from tests.builders import TODAY, notification, resident

CARD = "ZZ00000001ZZ"
DAY = CivilDate.of(TODAY)
DOMICILE = "東京都世田谷区太子堂一丁目1番"


def foreign_items(**items: Any) -> ForeignItems:  # noqa: ANN401 - any item of it
    """Return the items of an engineer who may stay until next year."""
    defaults: dict[str, Any] = {
        "nationality": "ベトナム",
        "became_foreign_resident_on": "2020-04-01",
        "residence_kind": "中長期在留者",
        "residence_status": "技術・人文知識・国際業務",
        "residence_period": "3年",
        "residence_until": "2027-03-31",
        "residence_card_number": CARD,
    }
    return ForeignItems(**{**defaults, **items})


def foreign_resident(number: int = 1, **columns: Any) -> ResidentRecord:  # noqa: ANN401 - any column of it
    """Return a foreign resident of Setagaya with a household of his or her own."""
    defaults: dict[str, Any] = {
        "name": "NGUYEN VAN AN",
        "kana": "ぐえん　ばん　あん",
        "nationality": "ベトナム",
        "became_foreign_resident_on": "2020-04-01",
        "residence_kind": "中長期在留者",
        "residence_status": "技術・人文知識・国際業務",
        "residence_period": "3年",
        "residence_until": "2027-03-31",
        "residence_card_number": CARD,
    }
    return resident(number, **{**defaults, **columns})


def naturalisation(**items: Any) -> Naturalisation:  # noqa: ANN401 - any item of it
    """Return a naturalisation of resident 1 today."""
    defaults: dict[str, Any] = {
        "resident_number": 1,
        "name": PersonName(name="試験\u3000安", kana="しけん\u3000あん"),
        "registered_domicile": DOMICILE,
        "first_listed_person": "試験\u3000安",
        "changed_on": DAY,
    }
    return Naturalisation(**{**defaults, **items})


def shown(*documents: SeenDocument, **items: Any) -> Notification:  # noqa: ANN401 - any item of it
    """Return a notification of today with these documents."""
    return notification(documents=frozenset(documents), **items)
