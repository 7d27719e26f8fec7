"""The texts of the forms about households."""

from __future__ import annotations

from typing import Final

from jukinet.operator_web.language import Catalogue

_JAPANESE: Final = {
    "household_split.title": "世帯分離",
    "household_split.lead": "{name} さんが、住所を変えずに、いまの世帯から分かれて新しい世帯になります。",
    "household_split.changed_on": "分かれた日",
    "household_split.going_householder": "分かれる人の世帯主",
    "household_split.going_householder.hint": "一人で分かれるときは選ばなくてかまいません。",
    "household_split.householder": "残る人の世帯主",
    "household_split.householder.hint": "世帯主が出て、二人以上が残るときだけ選んでください。",
    "household_split.next": "{name} さん：{before} → {after}",
    "household_split.new": "新しい世帯（世帯主 {name}）",
    "household_split.household": "世帯 {number}（世帯主 {name}）",
    "household_merger.title": "世帯合併",
    "household_merger.lead": "{name} さんの世帯の全員が、同じ住所の別の世帯に入ります。"
    "住所が変わるときは「転居」です。",
    "household_merger.changed_on": "変更した日",
    "household_change.title": "世帯変更",
    "household_change.lead": "{name} さん（と一緒に異動する人）が、同じ住所の別の世帯に入ります。"
    "続柄は、入る世帯の世帯主から見たものを入力してください。",
    "householder_change.title": "世帯主変更",
    "householder_change.lead": "世帯主を選んで進むと、全員の続柄の案が入ります。届出書と見比べて直してください。",
    "householder_change.changed_on": "変更した日",
    "householder_change.householder": "新しい世帯主",
}
_ENGLISH: Final = {
    "household_split.title": "Household split",
    "household_split.lead": "{name} leaves the household for a new one at the same address.",
    "household_split.changed_on": "Split on",
    "household_split.going_householder": "Householder of those who leave",
    "household_split.going_householder.hint": "Not needed for one who leaves alone.",
    "household_split.householder": "Householder of those who stay",
    "household_split.householder.hint": "Choose only where the householder leaves and two or more stay.",
    "household_split.next": "{name}: {before} → {after}",
    "household_split.new": "new household (householder {name})",
    "household_split.household": "household {number} (householder {name})",
    "household_merger.title": "Household merger",
    "household_merger.lead": "Everybody in the household of {name} joins another one at the same address. "
    "To another address it is a relocation.",
    "household_merger.changed_on": "Changed on",
    "household_change.title": "Change of household",
    "household_change.lead": "{name}, and who goes too, join another household at the same address.",
    "householder_change.title": "Change of householder",
    "householder_change.lead": "Choose the householder and go on: everybody's relationship is proposed. Check it.",
    "householder_change.changed_on": "Changed on",
    "householder_change.householder": "New householder",
}

TEXTS: Final = Catalogue(_JAPANESE, _ENGLISH)
