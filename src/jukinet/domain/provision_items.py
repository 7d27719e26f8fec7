"""The items of identification information that may be provided (提供する本人確認情報の項目), and their names."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from jukinet.domain.errors import UnknownCodeListValueError


class ProvisionItem(Enum):
    """An item of identification information, in the order in which the use log names it."""

    #: 氏名, with its kana, former surname (旧氏) and alias (通称).
    NAME = "name"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    ADDRESS = "address"
    INDIVIDUAL_NUMBER = "individual_number"
    RESIDENT_RECORD_CODE = "resident_record_code"
    #: 変更情報: the reason and the date of the last change, and whether the record is removed.
    CHANGE = "change"


def items_text(items: Iterable[ProvisionItem]) -> str:
    """Return the items as the use log keeps them: comma-joined, in the order of the law."""
    given = frozenset(items)
    return ",".join(item.value for item in ProvisionItem if item in given)


def parse_items(names: Iterable[str]) -> frozenset[ProvisionItem]:
    """Return the items with these names.

    Raises:
        UnknownCodeListValueError: a name is not of an item.
    """
    try:
        return frozenset(ProvisionItem(name) for name in names)
    except ValueError:
        known = ", ".join(item.value for item in ProvisionItem)
        raise UnknownCodeListValueError(f"An item is one of {known}.", field="items") from None
