"""Every procedure that has screens: what a clerk can begin, in the order it is offered."""

from __future__ import annotations

from typing import Final

from jukinet.municipal.web.birth import BIRTH
from jukinet.municipal.web.cases import ChangeScreen
from jukinet.municipal.web.death import DEATH
from jukinet.municipal.web.moving_out import MOVE_OUT, MOVE_OUT_WITHDRAWAL
from jukinet.municipal.web.numbers import NUMBER_PROCEDURES
from jukinet.municipal.web.relocation import RELOCATION

#: A new procedure is one line here.
PROCEDURES: Final[tuple[ChangeScreen, ...]] = (
    RELOCATION,
    MOVE_OUT,
    MOVE_OUT_WITHDRAWAL,
    BIRTH,
    DEATH,
    *NUMBER_PROCEDURES,
)
