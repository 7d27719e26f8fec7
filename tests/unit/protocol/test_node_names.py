"""Node names: one spelling each, and the same in text, certificate and host name."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jukinet.domain.errors import MalformedNodeNameError
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.protocol.node_names import NATIONAL, NodeKind, NodeName, prefecture_of

municipal = st.tuples(st.integers(1, 47), st.integers(1, 999)).map(
    lambda parts: f"municipal/{LocalGovernmentCode.from_body(f'{parts[0]:02}{parts[1]:03}').value}"
)
prefectural = st.integers(1, 47).map(
    lambda prefecture: f"prefectural/{LocalGovernmentCode.from_body(f'{prefecture:02}000').value}"
)
agency = st.from_regex(r"agency/[a-z][a-z0-9-]{0,29}[a-z0-9]", fullmatch=True)
names = st.one_of(municipal, prefectural, agency, st.just("national"))


@given(names)
def test_a_name_survives_its_uri_and_its_host_is_one_domain_name(text: str) -> None:
    name = NodeName.parse(text)

    assert NodeName.from_uri(name.uri) == name
    assert name.text == text
    assert name.host.endswith(f"{name.kind.value}.jukinet.internal")
    assert all(0 < len(label) <= 63 for label in name.host.split("."))


@given(st.lists(names, min_size=2, max_size=2, unique=True))
def test_two_names_never_share_a_host_or_a_uri(texts: list[str]) -> None:
    first, second = map(NodeName.parse, texts)

    assert first.host != second.host
    assert first.uri != second.uri


@given(st.text())
def test_any_text_is_a_name_or_a_clear_refusal(text: str) -> None:
    with suppress(MalformedNodeNameError):
        assert NodeName.parse(text).text == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "municipal",
        "municipal/",
        "national/",
        "national/1",
        "municipal/131015",
        "municipal/130001",
        "prefectural/131016",
        "municipal/１３１０１６",
        "municipal/13-1016",
        "municipal/131016 ",
        "municipal/131016/x",
        "agency/Nenkin",
        "agency/nenkin-",
        "agency/nenkin\n",
        "regional/131016",
    ],
)
def test_what_is_not_a_name_in_its_one_spelling_is_refused(text: str) -> None:
    with pytest.raises(MalformedNodeNameError):
        NodeName.parse(text)


@given(municipal)
def test_the_prefecture_of_a_municipality_is_a_node_with_the_same_first_digits(text: str) -> None:
    prefecture = prefecture_of(NodeName.parse(text))

    assert NodeName.parse(prefecture.text).kind is NodeKind.PREFECTURAL
    assert prefecture.code[:2] == NodeName.parse(text).code[:2]


def test_there_is_one_national_node() -> None:
    assert NodeName.parse("national") == NATIONAL
