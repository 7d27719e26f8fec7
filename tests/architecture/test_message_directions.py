"""Who may say what to whom is data: every message has peers, every endpoint is a listed message."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from jukinet.protocol.catalogue import CATALOGUE
from jukinet.protocol.message_types import MessageType
from jukinet.protocol.node_names import NODE_KINDS, NodeKind
from tests.architecture.source_tree import NODE_PACKAGES, ROOT


def wrong_rows(catalogue: Mapping[str, MessageType]) -> list[str]:
    found: list[str] = []
    for name, row in catalogue.items():
        if name != row.name or not re.fullmatch(r"[a-z]+(_[a-z]+)*", name):
            found.append(f"{name}: the row is named {row.name}")
        if not row.senders:
            found.append(f"{name}: nobody may send it")
        if not row.receivers:
            found.append(f"{name}: nobody may receive it")
        if not row.japanese:
            found.append(f"{name}: no Japanese name")
        if row.maximum_bytes <= 0:
            found.append(f"{name}: no limit to its length")
    return found


def wrong_endpoints(kind: NodeKind, endpoints: Mapping[str, Any], catalogue: Mapping[str, MessageType]) -> list[str]:
    """Return how the endpoints of one kind of node differ from what the catalogue lets it receive."""
    receivable = {name for name, row in catalogue.items() if kind in row.receivers}
    found = [
        f"{kind.value} answers {name}, which is not in the catalogue" for name in endpoints.keys() - catalogue.keys()
    ]
    found += [
        f"{kind.value} answers {name}, which the catalogue gives to others"
        for name in (endpoints.keys() & catalogue.keys()) - receivable
    ]
    found += [f"{kind.value} should answer {name} and has no endpoint for it" for name in receivable - endpoints.keys()]
    return sorted(found)


def endpoints_of(kind: NodeKind) -> Mapping[str, Any]:
    endpoints: Mapping[str, Any] = importlib.import_module(f"jukinet.{kind.value}.endpoints").ENDPOINTS
    return endpoints


def test_every_kind_of_node_has_its_package() -> None:
    assert {kind.value for kind in NODE_KINDS} == set(NODE_PACKAGES)


@pytest.mark.invariant("I5")
def test_every_message_names_its_senders_and_receivers() -> None:
    assert wrong_rows(CATALOGUE) == []


_NODE_KINDS = sorted(NODE_KINDS, key=lambda kind: kind.value)


@pytest.mark.parametrize("kind", _NODE_KINDS, ids=[kind.value for kind in _NODE_KINDS])
def test_every_endpoint_is_a_listed_message_and_every_message_has_its_endpoint(kind: NodeKind) -> None:
    assert wrong_endpoints(kind, endpoints_of(kind), CATALOGUE) == []


def test_no_node_sends_to_its_own_kind_but_a_municipality() -> None:
    meeting = [
        (name, kind)
        for name, row in CATALOGUE.items()
        for kind in row.senders & row.receivers
        # The revocation list is asked of the national node by everyone, itself included: a row for all kinds.
        if kind is not NodeKind.MUNICIPAL and row.senders != NODE_KINDS
    ]

    assert meeting == []


def test_every_message_is_described_in_the_architecture() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")

    assert [name for name in CATALOGUE if f"`{name}`" not in text] == []


def test_a_message_without_peers_is_found() -> None:
    row = CATALOGUE["confirmation_query"]

    assert wrong_rows({row.name: replace(row, senders=frozenset())}) == ["confirmation_query: nobody may send it"]
    assert wrong_rows({row.name: replace(row, receivers=frozenset())}) == ["confirmation_query: nobody may receive it"]
    assert wrong_rows({"another": row}) != []


def test_an_unlisted_endpoint_is_found() -> None:
    row = CATALOGUE["confirmation_query"]
    catalogue = {row.name: row}

    assert wrong_endpoints(NodeKind.NATIONAL, {row.name: object()}, catalogue) == []
    assert wrong_endpoints(NodeKind.NATIONAL, {row.name: object(), "gossip": object()}, catalogue) != []
    assert wrong_endpoints(NodeKind.AGENCY, {row.name: object()}, catalogue) != []


def test_a_message_that_nobody_answers_is_found() -> None:
    row = CATALOGUE["confirmation_query"]

    assert wrong_endpoints(NodeKind.NATIONAL, {}, {row.name: row}) != []
