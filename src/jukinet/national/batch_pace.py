"""The pace of batches beside real-time look-ups, which come first (即時提供の優先)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from jukinet.transport.message_server import Endpoint, Received

#: Blocks of a MiB that are matched in one transaction while nobody looks up anybody.
_MOST_BLOCKS: Final = 4
#: Transactions side by side, likewise.
_MOST_LANES: Final = 2
#: Rest after a transaction that look-ups ran beside, in multiples of what it took.
_REST: Final = 1.0
_LONGEST_REST_SECONDS: Final = 2.0


@dataclass(slots=True)
class BatchPace:
    """Counts the look-ups of this node, and makes batches rest between transactions while there are any."""

    lookups: int = 0
    _before: int = 0

    def counted(self, endpoint: Endpoint) -> Endpoint:
        """Return the endpoint of a look-up, which counts what it answers."""

        async def answer(received: Received[Any]) -> Any:  # noqa: ANN401 - of any look-up
            self.lookups += 1
            return await endpoint(received)

        return answer

    @property
    def blocks(self) -> int:
        """Return how many blocks the next transaction may match."""
        return _MOST_BLOCKS if self.lookups == self._before else 1

    @property
    def lanes(self) -> int:
        """Return how many transactions may match blocks side by side."""
        return _MOST_LANES if self.lookups == self._before else 1

    async def rest(self, seconds: float, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Rest after `seconds` of work, if there were look-ups meanwhile."""
        came, self._before = self.lookups - self._before, self.lookups
        # Even with none: whatever else waits for the event loop has its turn.
        await sleep(min(seconds * _REST, _LONGEST_REST_SECONDS) if came else 0)
