"""The bundled affairs: the Appended Tables with their dates and items, and the affairs of the Act itself.

Dates come from `provision_dates.csv`, permissions of the Individual Number from `individual_number_grounds.csv`; both
name a row (`1-19`) or one affair (`1-77-3`), and the affair's own line counts before its row's. What neither names has
the first day of the network, marked as assumed, and no Individual Number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

from jukinet.domain import bundled
from jukinet.domain.appended_tables import TableRow, list_rows
from jukinet.domain.eras import LegalEra
from jukinet.domain.provision_affairs import Confidence, ItemTerm, ListedAffair, SourcedDate
from jukinet.domain.provision_channels import TABLE_CHANNELS, Channel, Kind
from jukinet.domain.provision_items import ProvisionItem
from jukinet.domain.provision_users import GOVERNOR, MAYOR, UserKind

_NETWORK: Final = LegalEra.FIRST_PHASE.begins_on
_RENUMBERED: Final = LegalEra.INDIVIDUAL_NUMBER.begins_on
_LAST_DAY_OF_CODE: Final = _RENUMBERED - timedelta(days=1)
_ASSUMED: Final = "住基ネットの第一次稼働日。この事務の実際の開始日は確認できていない"
_ITEMS_OF_THE_ACT: Final = "住民基本台帳法第30条の5第1項（2015年10月5日から第30条の6第1項）"
_CODE_UNTIL: Final = "住民基本台帳法第30条の5第1項（2015年10月5日から除かれることは、一般に知られた内容による）"
_REGISTER_KEEPS: Final = "住民基本台帳に関する事務（住民票コード及び個人番号を含む）"
_GIVEN_ALWAYS: Final = (
    ProvisionItem.NAME,
    ProvisionItem.BIRTH_DATE,
    ProvisionItem.SEX,
    ProvisionItem.ADDRESS,
    ProvisionItem.CHANGE,
)
_AFFAIRS_OF_THE_ACT: Final = {
    Channel.REGISTER: "住民基本台帳に関する事務（同一都道府県の住民）",
    Channel.REGISTER_OF_PREFECTURES: "住民基本台帳の正確な記録のための協力に関する事務（他の都道府県の住民）",
    Channel.REGISTER_ELSEWHERE: "住民基本台帳に関する事務（他の都道府県の住民）",
    Channel.CONSENT: "本人確認情報の利用につき本人が同意した事務",
    Channel.STATISTICS: "統計資料の作成",
}


@dataclass(frozen=True, slots=True)
class _Dates:
    begins_on: SourcedDate
    ends_on: SourcedDate | None


@cache
def _dates() -> dict[str, _Dates]:
    found: dict[str, _Dates] = {}
    for place, begins_on, ends_on, confidence_text, source in bundled.provision_date_rows():
        confidence = Confidence(confidence_text)
        found[place] = _Dates(
            SourcedDate(date.fromisoformat(begins_on), confidence, source),
            SourcedDate(date.fromisoformat(ends_on), confidence, source) if ends_on else None,
        )
    return found


@cache
def _number_grounds() -> dict[str, ItemTerm]:
    return {
        place: ItemTerm(
            ProvisionItem.INDIVIDUAL_NUMBER, date.fromisoformat(begins_on), None, source, Confidence(confidence)
        )
        for place, begins_on, confidence, source in bundled.individual_number_ground_rows()
    }


def item_terms_of(channel: Channel, number_ground: ItemTerm | None) -> tuple[ItemTerm, ...]:
    """Return which items a channel gives from when to when; the Individual Number only with a ground of its own."""
    terms = [ItemTerm(item, _NETWORK, None, _ITEMS_OF_THE_ACT, Confidence.SOURCED) for item in _GIVEN_ALWAYS]
    code = ProvisionItem.RESIDENT_RECORD_CODE
    if channel.keeps_code:
        terms.append(ItemTerm(code, _NETWORK, None, _REGISTER_KEEPS, Confidence.UNVERIFIED))
        number = ProvisionItem.INDIVIDUAL_NUMBER
        terms.append(ItemTerm(number, _RENUMBERED, None, _REGISTER_KEEPS, Confidence.UNVERIFIED))
        return tuple(terms)
    terms.append(ItemTerm(code, _NETWORK, _LAST_DAY_OF_CODE, _CODE_UNTIL, Confidence.UNVERIFIED))
    if number_ground is not None:
        terms.append(number_ground)
    return tuple(terms)


@cache
def list_bundled_affairs() -> tuple[ListedAffair, ...]:
    """Return the 796 affairs of the tables in the order of the law, then those of the Act itself."""
    return (*(affair for row in list_rows() for affair in _affairs_of(row)), *_affairs_of_the_act())


def _affairs_of(row: TableRow) -> Iterator[ListedAffair]:
    row_id = f"{row.table}-{row.number}"
    channel = TABLE_CHANNELS[row.table]
    for item, text in enumerate(row.sub_affairs, start=1):
        affair_id = f"{row_id}-{item}"
        dates = _dates().get(affair_id) or _dates().get(row_id) or _assumed_dates()
        ground = _number_grounds().get(affair_id) or _number_grounds().get(row_id)
        yield ListedAffair(
            id=affair_id,
            channel=channel,
            organs=row.organs,
            law=row.law,
            text=text,
            begins_on=dates.begins_on,
            item_terms=item_terms_of(channel, ground),
            ends_on=dates.ends_on,
            row=row,
        )


@cache
def _assumed_dates() -> _Dates:
    return _Dates(SourcedDate(_NETWORK, Confidence.ASSUMED, _ASSUMED), None)


def _affairs_of_the_act() -> Iterator[ListedAffair]:
    for channel in Channel:
        if channel.kind is Kind.ACT:
            yield ListedAffair(
                id=channel.value,
                channel=channel,
                organs=(MAYOR if channel.user is UserKind.MUNICIPALITY else GOVERNOR,),
                law="",
                text=_AFFAIRS_OF_THE_ACT[channel],
                begins_on=SourcedDate(_NETWORK, Confidence.SOURCED, channel.article_on(_NETWORK)),
                item_terms=item_terms_of(channel, None),
            )
