"""The refusals around households (世帯) as Japanese sentences: what is the matter, and what to do next."""

from __future__ import annotations

from typing import Final

HOUSEHOLD_MESSAGES: Final = {
    "value.householder": (
        "世帯主がいなくなります。",
        "残る世帯員のうち、だれが世帯主になるかと、それぞれの続柄を入力してください。",
    ),
    "value.household.elsewhere": (
        "入る世帯の住所が、届け出た住所と違います。",
        "転入・転居では、新しい住所と、入る世帯を確かめてください。世帯の変更では、先に「転居」の手続をしてください。",
    ),
    "value.household.not_found": (
        "その世帯が見つかりません。",
        "世帯主の氏名・ふりがな・住所の一部か、世帯番号でさがしてください。支援措置の世帯は、住所では見つかりません。",
    ),
    "value.household.planned_succession": (
        "転出予定の人が転出した後の世帯主や続柄が、この変更と合わなくなります。",
        "先に転出を取り消し、世帯を変更してから、残る人の世帯主と続柄を確かめて転出届を登録し直してください。",
    ),
    "value.household": ("世帯の形が整いません。", "世帯主が一人で、全員の住所が同じになるように直してください。"),
}
