"""Where the address stands, so that the window of an envelope shows it.

An envelope 長形3号 (235 × 120 mm) takes A4 folded in three (210 × 99 mm), the top third outside. Its window,
90 × 45 mm, usually begins 20 mm from the left and 12 mm from the top of the envelope; the sheet slides 25 mm sideways
and 21 mm up and down in it. What must be seen whatever the sheet does lies in the rectangle below. Measure the
envelopes the municipality buys before the first notices are sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A rectangle on the sheet, in millimetres from its left and upper edge, and where the sheet is folded."""

    left: float
    top: float
    width: float
    height: float
    folds: tuple[float, float]


WINDOW: Final = Window(left=20, top=13, width=66, height=26, folds=(99, 198))
