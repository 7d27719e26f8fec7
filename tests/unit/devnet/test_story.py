"""The story passes only if every step does, tells which did not, and names nobody; a plan never counts a port twice."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import cast

import pytest

from jukinet.devnet.federation import Federation
from jukinet.devnet.plan import MUNICIPALITIES, FederationPlan
from jukinet.devnet.steps_changes import STEPS as CHANGES
from jukinet.devnet.steps_protection import STEPS as PROTECTION
from jukinet.devnet.story import Outcome, Scene, Step, StepFailed, tell_story
from jukinet.domain.errors import PeerUnreachableError
from tests.builders import code


async def tell(*acts: object) -> tuple[Outcome, dict[int, str | None]]:
    results: dict[int, str | None] = {}

    def announce(number: int, _step: Step, result: str | None) -> None:
        results[number] = result

    async def play(what: object, scene: Scene) -> None:
        if isinstance(what, Exception):
            raise what
        scene.require(what, "it did not come true")

    steps = tuple(Step(str(number), partial(play, what)) for number, what in enumerate(acts))
    outcome = await tell_story(cast("Federation", None), steps, tell=lambda _node, _text: None, announce=announce)
    return outcome, results


async def test_a_story_whose_steps_all_come_true_is_a_success() -> None:
    outcome, results = await tell(True, 1, "yes")

    assert (outcome.passed, outcome.total, outcome.is_success) == (3, 3, True)
    assert set(results.values()) == {None}


async def test_a_step_that_fails_is_told_and_the_story_goes_on_and_is_no_success() -> None:
    failures = [0, StepFailed("no"), PeerUnreachableError(), ValueError(code(1))]

    outcome, results = await tell(True, *failures, True)

    assert (outcome.passed, outcome.total, outcome.is_success) == (2, 6, False)
    assert results[2] == "it did not come true"
    assert results[3] == "no"
    assert "peer.unreachable" in str(results[4])
    assert str(results[5]).startswith("ValueError at play:")
    assert code(1) not in str(results)


def test_no_two_steps_have_the_same_title() -> None:
    titles = [step.title for step in (*CHANGES, *PROTECTION)]

    assert len(titles) == len(set(titles)) >= 13


def test_every_node_has_ports_files_and_a_config_of_its_own() -> None:
    plan = FederationPlan(Path("somewhere"), 20_000)

    ports = [port for node in plan.nodes for port in node.ports]
    places = [path for node in plan.nodes for path in (node.config, node.identity, node.log)]
    assert len(plan.nodes) == 9
    assert len(set(ports)) == len(ports)
    assert len(set(places)) == len(places)
    assert plan.find_node("national") == plan.nodes[0]


@pytest.mark.parametrize("residents", [2000, 20_000, 1_000_000])
def test_the_residents_of_all_municipalities_are_those_asked_for(residents: int) -> None:
    plan = FederationPlan(Path("somewhere"), residents)

    assert sum(plan.residents_of(name) for name in MUNICIPALITIES) == residents
