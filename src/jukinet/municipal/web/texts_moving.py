"""The texts of moves: move-out, its withdrawal, move-in, and typing a municipality."""

from __future__ import annotations

from typing import Final

from jukinet.operator_web.language import Catalogue

_JAPANESE: Final = {
    "municipality.unknown": (
        "市区町村を一つに決められません。都道府県から入力するか、候補から選んでください。同じ名前の市町村があります。"
    ),
    "people.proposed": "いまの続柄：{relationship}。新しい世帯主から見ると「{proposal}」と考えられます。",
    "people.proposed_certain": "いまの続柄：{relationship}。新しい世帯主から見ると「{proposal}」です。",
    "people.proposed_or": "「{others}」のこともあります。届出人に確かめてください。",
    "move_out.title": "転出",
    "move_out.lead": (
        "転出予定日が来るまで、住民票はそのまま残ります。届出が転出の日から14日を過ぎているときは、職権で消除します。"
    ),
    "move_out.movers": "転出する人",
    "move_out.movers.all": "世帯の全員",
    "move_out.movers.some": "一部の人だけ",
    "move_out.planned_on": "転出する日（転出予定年月日）",
    "move_out.planned_on.hint": "例：令和8年12月1日、R8.12.1、081201。もう転出したときは、その日。",
    "move_out.destination": "転出先",
    "move_out.to": "転出先の区別",
    "move_out.to.japan": "国内",
    "move_out.to.abroad": "国外",
    "move_out.municipality": "転出先の市区町村",
    "move_out.municipality.hint": "名前、読み、コードのどれでも入力できます。例：武蔵野市、むさしのし、132039",
    "move_out.rest": "町名・番地・方書",
    "move_out.rest.hint": "分かるところまで。例：緑町二丁目2番28号",
    "move_out.country": "国・地域",
    "move_out.found": "残る人の続柄を、新しい世帯主から見た形で入れました。届出人に確かめてから進んでください。",
    "move_out.next.planned": "{names} さんは転出予定者になります。住民票は消除されず、写しには転出予定と記載されます。",
    "move_out.next.removal": "{day}に住民票が自動で消除され、転出の通知が都道府県サーバへ送られます。",
    "move_out.next.soon": "転出の日（{day}）が来ているので、まもなく自動で消除され、通知が都道府県サーバへ送られます。",
    "move_out.next.withdrawal": "それまでに取りやめるときは、この人の住民票の画面で「転出の取消し」をしてください。",
    "move_out.next.move_in": "転出先の市区町村から転入通知が届くと、転出の記録が確定します。",
    "move_out.next.abroad": "国外への転出では転出証明書を交付しません。",
    "move_out.next.late": (
        "届出の期間（14日）を過ぎているので、{names} さんの住民票は、登録と同時に{day}付けで職権により消除されます。"
    ),
    "move_out.paper.certificate": "転出証明書",
    "move_out.paper.substitute": "転出証明書に準ずる証明書",
    "move_out_withdrawal.title": "転出の取消し",
    "move_out_withdrawal.lead": "転出の届出を取り消します。{name} さんは引き続きこの市区町村の住民です。",
    "move_out_withdrawal.companions": "一緒に取り消す人",
    "move_out_withdrawal.next": "{day}になっても住民票は消除されません。",
    "move_out_withdrawal.certificate": "交付した転出証明書を返してもらってください。",
    "search.move_in": "転入の手続をする",
    "search.move_in.lead": "はじめて転入する人は、ここから登録します。",
}

_ENGLISH: Final = {
    "municipality.unknown": "No municipality, or several. Begin with the prefecture, or choose from the list.",
    "people.proposed": "Now: {relationship}. To the new householder probably 「{proposal}」.",
    "people.proposed_certain": "Now: {relationship}. To the new householder 「{proposal}」.",
    "people.proposed_or": " It may be 「{others}」: ask.",
    "move_out.title": "Move-out",
    "move_out.lead": (
        "The record stays until the planned day. Notified more than 14 days after the move, it is removed ex officio."
    ),
    "move_out.movers": "Who moves",
    "move_out.movers.all": "The whole household",
    "move_out.movers.some": "Some of them",
    "move_out.planned_on": "Planned day of the move",
    "move_out.planned_on.hint": "For example 2026-12-01 or R8.12.1. If they have moved already, that day.",
    "move_out.destination": "Where to",
    "move_out.to": "In Japan or abroad",
    "move_out.to.japan": "In Japan",
    "move_out.to.abroad": "Abroad",
    "move_out.municipality": "Municipality",
    "move_out.municipality.hint": "Its name, reading or code: 武蔵野市, むさしのし, 132039",
    "move_out.rest": "Town, number, building",
    "move_out.rest.hint": "As far as known: 緑町二丁目2番28号",
    "move_out.country": "Country or region",
    "move_out.found": "The relationships to the new householder are proposed below. Confirm them with who notifies.",
    "move_out.next.planned": "{names}: about to move. The record is not removed; copies say so.",
    "move_out.next.removal": "On {day} the record is removed by itself and the prefecture is told.",
    "move_out.next.soon": "The day ({day}) has come: the record is soon removed by itself and the prefecture is told.",
    "move_out.next.withdrawal": "Until then it can be withdrawn from this person's page.",
    "move_out.next.move_in": "The notice of move-in from the new municipality confirms the move.",
    "move_out.next.abroad": "No certificate is issued to who goes abroad.",
    "move_out.next.late": "The period of 14 days is over: {names} will be removed ex officio at once, as of {day}.",
    "move_out.paper.certificate": "Move-out certificate",
    "move_out.paper.substitute": "Substitute for a move-out certificate",
    "move_out_withdrawal.title": "Withdraw the move-out",
    "move_out_withdrawal.lead": "The move-out is withdrawn. {name} remains a resident here.",
    "move_out_withdrawal.companions": "Who else stays",
    "move_out_withdrawal.next": "Nothing will be removed on {day}.",
    "move_out_withdrawal.certificate": "Take back the move-out certificate that was issued.",
    "search.move_in": "Record a move-in",
    "search.move_in.lead": "Who moves here for the first time is recorded here.",
}

TEXTS: Final = Catalogue(_JAPANESE, _ENGLISH)
