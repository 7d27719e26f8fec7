"""Ask about everybody in a file of resident record codes, and count how their records stand."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from jukinet.client import AgencyClient, ConfirmationRequest, Connection, Ground, RefusedError


def read_requests(codes: Path, ground: Ground) -> Iterator[ConfirmationRequest]:
    """Yield a request for each line: whether the record is removed, and nothing else."""
    with codes.open(encoding="utf-8") as lines:
        for line in lines:
            if code := line.strip():
                yield ConfirmationRequest(ground=ground, items=("change",), resident_record_code=code)


async def count_states(connection: Connection, codes: Path, ground: Ground) -> Counter[str]:
    """Return how many records stand how; refusals are counted by their code."""
    counted: Counter[str] = Counter()
    async with AgencyClient(connection) as client:
        async for outcome in client.ask_all(read_requests(codes, ground)):
            if outcome.answer is not None:
                counted[outcome.answer.state or outcome.answer.result] += 1
            elif isinstance(outcome.error, RefusedError):
                counted[outcome.error.code] += 1
            else:
                counted["no answer"] += 1
    return counted


def main(arguments: list[str]) -> None:
    """Read the command line, ask, print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("codes", type=Path)
    parser.add_argument("--agency", default="agency/nenkin")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--identity", type=Path, required=True)
    parser.add_argument("--affair", required=True)
    parser.add_argument("--matter", default="example-1")
    options = parser.parse_args(arguments)
    connection = Connection(agency=options.agency, host=options.host, port=options.port, identity=options.identity)
    ground = Ground(
        affair=options.affair,
        purpose="年金の受給者が存命か確かめるため",
        matter_number=options.matter,
        official="example",
    )
    for state, count in sorted(asyncio.run(count_states(connection, options.codes, ground)).items()):
        print(f"{state}\t{count}")


if __name__ == "__main__":
    main(sys.argv[1:])
