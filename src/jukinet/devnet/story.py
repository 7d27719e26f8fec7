"""The story: what the network is for, step by step, on the running federation. Every step checks what it tells."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from jukinet.devnet.federation import Federation
from jukinet.domain.errors import JukinetError

#: Tells one line of what happened: on which node, and what.
Tell = Callable[[str, str], None]


class StepFailed(Exception):  # noqa: N818 - it is the outcome of a step, not a refusal
    """What the step tells did not come true."""


@dataclass(slots=True)
class Scene:
    """What the steps share: the federation, the teller, and the people met so far."""

    federation: Federation
    tell: Tell
    #: Every run takes other residents, so that the story can be told again on the same data.
    offset: int = field(default_factory=lambda: secrets.randbelow(60))
    known: dict[str, Any] = field(default_factory=dict)

    def require(self, condition: object, otherwise: str) -> None:
        """Raise StepFailed unless the condition holds."""
        if not condition:
            raise StepFailed(otherwise)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its title and what it does."""

    title: str
    act: Callable[[Scene], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many steps there were, and how many came true."""

    passed: int
    total: int

    @property
    def is_success(self) -> bool:
        """Return whether all came true."""
        return self.passed == self.total


async def tell_story(
    federation: Federation, steps: tuple[Step, ...], *, tell: Tell, announce: Callable[[int, Step, str | None], None]
) -> Outcome:
    """Play the steps in order; `announce` is told each result, None for a success."""
    scene = Scene(federation, tell)
    passed = 0
    for number, step in enumerate(steps, start=1):
        announce(number, step, "")
        try:
            await step.act(scene)
        except StepFailed as failure:
            announce(number, step, str(failure))
        except JukinetError as error:
            announce(number, step, str(error))
        except Exception as error:  # noqa: BLE001 - its text may hold personal data; the step failed all the same
            announce(number, step, f"{type(error).__name__} at {_place(error)}")
        else:
            passed += 1
            announce(number, step, None)
    return Outcome(passed, len(steps))


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "unknown" if trace is None else f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}"


SETAGAYA: Final = "municipal/131121"
MUSASHINO: Final = "municipal/132039"
MATSUMOTO: Final = "municipal/202029"
KARUIZAWA: Final = "municipal/203211"
PENSION: Final = "agency/nenkin"
PASSPORT: Final = "agency/gaimu"
