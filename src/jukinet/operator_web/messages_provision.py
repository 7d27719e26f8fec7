"""The refusals of provision (本人確認情報の提供) as Japanese sentences: what is the matter, and what to do next."""

from __future__ import annotations

from typing import Final

PROVISION_MESSAGES: Final = {
    "conflict.law_proposal": (
        "この変更の案は、もう決裁されています。",
        "さらに変えるときは、新しい変更の案を出してください。",
    ),
    "not_found.law_proposal": (
        "その番号の変更の案はありません。",
        "案の一覧から選び直してください。",
    ),
    "permission.item_not_granted": (
        "求めた項目のうち、この事務ではその日に提供できないものがあります。",
        "その項目を外して照会してください。どの項目が提供できるかは「提供の根拠」で確かめられます。",
    ),
    "permission.law_change_in_advance": (
        "別表・条例の変更は、翌日以後の日からだけ効力を持たせられます。",
        "施行の日を、あすから後の日にしてください。",
    ),
    "permission.not_in_force.affair_ended": (
        "この事務での提供は、もう終わっています。",
        "住民票の写しなど、本人の書類の提出を求めてください。",
    ),
    "permission.not_in_force.affair_not_yet": (
        "この事務での提供は、まだ始まっていません。",
        "始まる日から後に照会してください。それまでは住民票の写しなどの提出を求めてください。",
    ),
    "permission.office": (
        "この部署は、この事務を扱う部署として登録されていません。",
        "登録のある部署から照会するか、全国サーバへの部署の登録を申し出てください。",
    ),
    "permission.person_out_of_reach": (
        "この根拠では、その地域の住民の本人確認情報は求められません。",
        "その住民に及ぶ別の別表・条例を根拠にして照会してください。",
    ),
    "value.law_items": (
        "この根拠で提供できない項目が含まれています。",
        "根拠となる法令・条例を確かめ、項目を選び直してください。",
    ),
    "value.proof": (
        "証明が成り立ちません。このファイルの内容は信じられません。",
        "新しいファイルを求め、監査の担当者に知らせてください。",
    ),
}
