"""The API against its own OpenAPI document, by schemathesis: whatever is sent, the answer is one the document promises.

`make fuzz-api` does the same with many more examples.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

from tests.fixtures_postgres import MakeDatabase
from tests.integration.agency.running import running_offices

#: Requests made up for each operation, beside those of the examples and of the limits of every field.
EXAMPLES = int(os.environ.get("JUKINET_FUZZ_EXAMPLES", "5"))
_CONFIG = Path(__file__).with_name("fuzz.toml")
_PHASES = "examples,coverage,fuzzing"


async def test_no_request_made_from_the_document_gets_an_undocumented_answer(
    tmp_path: Path, embedded_database: MakeDatabase
) -> None:
    async with running_offices(tmp_path, embedded_database, api="per_second = 100000.0\nburst = 1000000\n") as offices:
        document = await offices.ask("GET", "/v1/openapi.json")
        identity = offices.identity()
        process = await asyncio.create_subprocess_exec(
            str(Path(sys.executable).with_name("schemathesis")),
            f"--config-file={_CONFIG}",
            "run",
            str(_written(tmp_path, document.content)),
            f"--url=https://127.0.0.1:{offices.port}",
            f"--request-cert={identity / 'certificate.pem'}",
            f"--request-cert-key={identity / 'key.pem'}",
            "--tls-verify=false",
            f"--phases={_PHASES}",
            f"--max-examples={EXAMPLES}",
            "--seed=1",
            "--no-color",
            cwd=tmp_path,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        events = await offices.events()

    assert process.returncode == 0, output.decode()
    # It got through to the national node and found somebody, and was refused by the law: not all of it was noise.
    assert {("confirmation:asked", "done"), ("confirmation:asked", "refused")} <= {row[:2] for row in events}


def _written(directory: Path, document: object) -> Path:
    place = directory / "openapi.json"
    place.write_text(json.dumps(document), encoding="utf-8")
    return place
