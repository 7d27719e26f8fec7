"""What a user may ask for today (提供を受けられる事務): the law as the national node applies it, for one of them."""

from __future__ import annotations

import msgspec


class GrantsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask what the sender's organ may be given today."""


class GrantedAffair(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """An affair (事務) that is in force today for this organ."""

    #: An affair of the Appended Tables, such as `1-77-3`.
    affair: str
    #: The affair in the words of the ordinance.
    text: str
    #: The law the affair is of.
    law: str
    #: 提供の根拠: with the article in force today.
    ground: str
    #: Which items it may be given: values of `ProvisionItem`, in the order of the law.
    items: tuple[str, ...]
    #: The offices that may ask for it. Empty: the organ registered none, and any office may be stated.
    offices: tuple[str, ...] = ()
    #: Of a local government: the ground of the Act, a value of `Channel`. It decides which node answers.
    channel: str = ""
    #: Of an ordinance: 全国地方公共団体コード of the local government that made it.
    giver: str = ""


class GrantsAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The affairs of one organ on one day."""

    #: The organ as the Appended Tables name it.
    organ: str
    #: The day it holds for, YYYY-MM-DD.
    day: str
    affairs: tuple[GrantedAffair, ...]
