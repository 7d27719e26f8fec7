"""The instruction on appeal (教示文) that stands under a written disposition of the mayor, by the law of its day.

Source: Administrative Complaint Review Act (Act No. 68 of 2014, in force 2016-04-01) art. 4, 18(1)(2), 82; before it
the Act No. 160 of 1962 art. 14(1)(3), 45, 57; Act (–2015) art. 31-4, 32; Administrative Case Litigation Act art. 11,
14, 46.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.local_governments import find_local_government, municipality_of

#: The Administrative Complaint Review Act of 2014; from then on a complaint goes to the mayor, not to the governor, and
#: a suit needs no ruling first: what the Act said of both (art. 31-4, 32) went with the law that prepared it.
COMPLAINT_REVIEW_ACT_OF_2014: Final = date(2016, 4, 1)
#: The duty to tell how to sue (Administrative Case Litigation Act art. 46), and six months to do it in.
SUITS_ARE_TOLD_OF: Final = date(2005, 4, 1)

_TO_THE_MAYOR: Final = (
    "１　この処分について不服がある場合は、この処分があったことを知った日の翌日から起算して３か月以内に、"
    "{mayor}に対して審査請求をすることができます（この処分があったことを知った日の翌日から起算して３か月以内であっても、"
    "この処分の日の翌日から起算して１年を経過すると、正当な理由がある場合を除き、"
    "審査請求をすることができなくなります。）。\n"
    "２　この処分の取消しの訴えは、この処分があったことを知った日の翌日から起算して６か月以内に、{city}を被告として"
    "（訴訟において{city}を代表する者は{mayor}となります。）、提起することができます"
    "（この処分があったことを知った日の翌日から起算して６か月以内であっても、この処分の日の翌日から起算して１年を経過すると、"
    "正当な理由がある場合を除き、提起することができなくなります。）。"
    "１の審査請求をした場合には、その裁決があったことを知った日の翌日から起算して６か月以内に提起することができます。"
)
_TO_THE_GOVERNOR: Final = (
    "１　この処分に不服がある場合は、この処分があったことを知った日の翌日から起算して６０日以内に、"
    "{governor}に対して審査請求をすること、又は{mayor}に対して異議申立てをすることができます"
    "（この処分があったことを知った日の翌日から起算して６０日以内であっても、"
    "この処分の日の翌日から起算して１年を経過すると、正当な理由がある場合を除き、することができなくなります。）。"
)
_TO_THE_AUTHORITY_ITSELF: Final = (
    "１　この処分に不服がある場合は、この処分があったことを知った日の翌日から起算して６０日以内に、"
    "{authority}に対して異議申立てをすることができます"
    "（この処分があったことを知った日の翌日から起算して６０日以内であっても、"
    "この処分の日の翌日から起算して１年を経過すると、正当な理由がある場合を除き、することができなくなります。）。"
)
_SUIT_AT_ONCE: Final = (
    "\n２　この処分の取消しの訴えは、この処分があったことを知った日の翌日から起算して６か月以内に、"
    "{defendant}を被告として"
    "（訴訟において{defendant}を代表する者は{authority}となります。）、提起することができます"
    "（この処分の日の翌日から起算して１年を経過したときを除きます。）。"
)
_SUIT_AFTER_THE_RULING: Final = (
    "\n２　この処分の取消しの訴えは、１の審査請求に対する裁決を経た後に、"
    "その裁決があったことを知った日の翌日から起算して６か月以内に、{city}を被告として（訴訟において{city}を代表する者は{mayor}となります。）、提起することができます"
    "（その裁決の日の翌日から起算して１年を経過したときを除きます。）。"
)


def appeal_instruction(municipality: str, *, issued_on: date) -> str:
    """Return what a disposition issued on this day says of complaint and suit.

    Of a ward of a designated city (行政区) the mayor of the city rules, and the city is sued.

    Raises:
        UnknownLocalGovernmentError: this is the code of no municipality.
    """
    city = municipality_of(LocalGovernmentCode.parse(municipality))
    office = find_local_government(LocalGovernmentCode.parse(municipality))
    if issued_on >= COMPLAINT_REVIEW_ACT_OF_2014:
        return _TO_THE_MAYOR.format(mayor=f"{city.name}長", city=city.name)
    words = _TO_THE_GOVERNOR.format(governor=f"{city.prefecture_name}知事", mayor=f"{office.name}長")
    if issued_on < SUITS_ARE_TOLD_OF:
        return words
    return words + _SUIT_AFTER_THE_RULING.format(mayor=f"{city.name}長", city=city.name)


def appeal_instruction_of(authority: str, *, defendant: str, issued_on: date) -> str:
    """Return the same for a disposition of a governor, or of the national body: nobody is above them to complain to."""
    if issued_on >= COMPLAINT_REVIEW_ACT_OF_2014:
        return _TO_THE_MAYOR.format(mayor=authority, city=defendant)
    words = _TO_THE_AUTHORITY_ITSELF.format(authority=authority)
    if issued_on < SUITS_ARE_TOLD_OF:
        return words
    return words + _SUIT_AT_ONCE.format(authority=authority, defendant=defendant)
