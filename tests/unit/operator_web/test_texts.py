"""Every text is there in both languages, every refusal has a sentence, templates ask only for texts that exist."""

from __future__ import annotations

import re
import string
from importlib import import_module
from pathlib import Path

import pytest

import jukinet
from jukinet.audit.events import AuditEvent
from jukinet.domain.changes import ChangeReason
from jukinet.domain.errors import PeerRefusedError, ResidentNotFoundError, error_classes
from jukinet.domain.identification import Sex
from jukinet.national.resident_web.texts import TEXTS as RESIDENTS
from jukinet.operator_web.asking.texts import TEXTS as ASKING
from jukinet.operator_web.language import Catalogue, Language
from jukinet.operator_web.messages import JAPANESE, message_of, message_of_code
from jukinet.operator_web.texts import TEXTS as SHARED
from jukinet.protocol.identification import IdentificationNotice

PACKAGE = Path(jukinet.__file__).parent


def catalogues_of(package: str) -> tuple[Catalogue, ...]:
    """Return the catalogues of a package's screens: every module of its `web` with `texts` in its name."""
    names = sorted(path.stem for path in (PACKAGE / package / "web").glob("*texts*.py"))
    return tuple(import_module(f"jukinet.{package}.web.{name}").TEXTS for name in names)


_SERVER = catalogues_of("identification")
CATALOGUES = {
    "operator_web": (SHARED, ASKING),
    "municipal": (SHARED, *catalogues_of("municipal")),
    "identification": (SHARED, *_SERVER),
    "national/web": (SHARED, *_SERVER, *catalogues_of("national")),
    "national/resident_web": (SHARED, RESIDENTS),
    "prefectural": (SHARED, *_SERVER, *catalogues_of("prefectural")),
    "agency": (SHARED, ASKING, *catalogues_of("agency")),
    "disclosure": (SHARED, *catalogues_of("disclosure")),
}
_TEXT = re.compile(r"""\bt\(["']([a-z_.]+)["']\s*[,)]""")
_JAPANESE_LETTER = re.compile("[ぁ-んァ-ヶ一-龠]")


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("catalogue", {id(each): each for every in CATALOGUES.values() for each in every}.values())
def test_every_text_is_there_in_both_languages_with_the_same_gaps(catalogue: Catalogue) -> None:
    assert catalogue.japanese.keys() == catalogue.english.keys()
    assert [key for key, text in catalogue.japanese.items() if names_in(text) != names_in(catalogue.english[key])] == []


@pytest.mark.parametrize("package", CATALOGUES)
def test_templates_ask_only_for_texts_that_exist(package: str) -> None:
    known = {key for catalogue in CATALOGUES[package] for key in catalogue.japanese}

    asked = {
        (path.name, key)
        for path in (PACKAGE / package).rglob("*.html")
        for key in _TEXT.findall(path.read_text(encoding="utf-8"))
    }

    assert asked
    assert [(name, key) for name, key in asked if key not in known] == []


def test_every_refusal_has_a_japanese_sentence_and_what_to_do_next() -> None:
    codes = {known.code for known in error_classes()}

    assert codes == JAPANESE.keys()
    assert [code for code, message in JAPANESE.items() if not message.says.endswith("。") or not message.advice] == []
    assert [code for code, message in JAPANESE.items() if not _JAPANESE_LETTER.search(message.says)] == []


def test_a_peers_refusal_is_told_by_the_peers_reason() -> None:
    error = PeerRefusedError(peer_code="permission.affair_not_listed")

    assert "別表" in message_of(error, Language.JAPANESE).says
    assert "Appended Tables" in message_of(error, Language.ENGLISH).says


def test_a_code_of_a_newer_peer_is_told_by_its_family() -> None:
    assert message_of_code("value.something.new", Language.JAPANESE) == JAPANESE["value"]
    assert message_of_code("nonsense", Language.JAPANESE) == JAPANESE["jukinet"]


def test_in_english_the_errors_own_sentence_stands() -> None:
    assert message_of(ResidentNotFoundError(), Language.ENGLISH).says == ResidentNotFoundError.__doc__


def test_every_code_list_and_every_item_has_a_word() -> None:
    keys = {
        *(f"reason.{reason.value}" for reason in ChangeReason),
        *(f"sex.{sex.value}" for sex in Sex),
        *(f"item.{name}" for name in IdentificationNotice.__struct_fields__),
        *(f"detail.{name}" for event in AuditEvent for name in event.value.details),
    }

    assert keys - SHARED.japanese.keys() == set()
