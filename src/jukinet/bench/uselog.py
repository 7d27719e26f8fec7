"""`uselog`: sealing, one person's page and proof file, beside bare statements on the same server (提供状況の測定)."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import Final

from jukinet.audit.heads import Signer
from jukinet.audit.proof_file import make_proof_file
from jukinet.audit.sealing import seal
from jukinet.audit.use_page import PAGE_SIZE, list_uses_page
from jukinet.audit.verifier.files import verify_file
from jukinet.audit.verifier.signers import Trust
from jukinet.audit.wording import Describer
from jukinet.bench.results import Figure, Pair, find_percentile, summarise_pairs, summarise_values
from jukinet.bench.setup import AGENCY, Bench
from jukinet.bench.store import write_checkpoint
from jukinet.bench.uselog_store import add_uses, empty_use_log, find_sizes, read_bare, tidy_use_log
from jukinet.devnet.acts import PENSION_AFFAIR
from jukinet.domain.errors import BenchFailedError
from jukinet.national.sealer import find_signer
from jukinet.postgres.database import Database, connect, open_database
from jukinet.protocol.node_names import NATIONAL
from jukinet.transport.certificates import pem
from jukinet.transport.identity import NodeIdentity

_BUSY: Final = 10_000
_LOOKS: Final = 200
_BUSY_CODE: Final = str(90_000_000_000)
_MEBIBYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class UselogSettings:
    """How much is sealed in each run, and of how many persons."""

    entries: int = 100_000
    persons: int = 1_000_000


@dataclass(frozen=True, slots=True)
class _Log:
    bench: Bench
    database: Database
    signer: Signer
    describer: Describer

    async def seal(self, expected: int) -> float:
        """Seal everything; return the seconds it took."""
        begin = perf_counter()
        async with self.database.transaction() as unit:
            head = await seal(unit, signer=self.signer, describer=self.describer, now=self.bench.settings.clock())
        if head is None or head.tree_size != expected:
            raise BenchFailedError("Sealed was something else than what was written.")
        return perf_counter() - begin

    async def write(self, *, first: int, entries: int, persons: int) -> float:
        """Write entries; return the seconds it took."""
        begin = perf_counter()
        async with self.database.transaction() as unit:
            await add_uses(
                unit,
                first=first,
                entries=entries,
                persons=persons,
                affair=PENSION_AFFAIR,
                now=self.bench.settings.clock(),
            )
        return perf_counter() - begin


async def measure_uselog(bench: Bench, settings: UselogSettings) -> list[Figure]:
    """Measure how fast entries are sealed, and a person with 10,000 entries who looks and checks.

    Raises:
        BenchFailedError: something else was sealed than was written, or a proof has another number of entries.
        ProofRefusedError: a proof does not hold.
    """
    config = bench.federation.config(NATIONAL.text)
    identity = NodeIdentity.load(config.identity_paths, now=bench.settings.clock())
    database = await open_database(config.database)
    log = _Log(bench, database, find_signer(identity), Describer({AGENCY.partition("/")[2]: "日本年金機構"}))
    try:
        async with connect(bench.owner(NATIONAL.text)) as owner, connect(bench.server.admin) as admin:
            await empty_use_log(owner)
            pairs: list[Pair] = []
            for run in range(bench.settings.runs):
                bench.settings.progress("封印", run, bench.settings.runs)
                first = run * settings.entries
                await write_checkpoint(admin)
                written = await log.write(first=first, entries=settings.entries, persons=settings.persons)
                sealed = await log.seal(first + settings.entries)
                pairs.append(Pair(settings.entries / sealed, settings.entries / written))
            await tidy_use_log(owner)
            leaves, persons = await find_sizes(owner)
            entries = settings.entries * bench.settings.runs
            figures = summarise_pairs("uselog.seal", "entries/s", "the INSERT of the same entries", pairs)
            figures += summarise_values("uselog.leaf", "bytes/entry", [leaves / entries])[:1]
            figures += summarise_values("uselog.map", "bytes/person", [persons / min(entries, settings.persons)])[:1]
            figures += await _measure_person(
                log, sealed_before=entries, trust=Trust.of_certificate(pem(identity.authority))
            )
            await empty_use_log(owner)
    finally:
        await database.close()
    return figures


async def _measure_person(log: _Log, *, sealed_before: int, trust: Trust) -> list[Figure]:
    await log.write(first=0, entries=_BUSY, persons=1)
    await log.seal(sealed_before + _BUSY)
    pages: list[float] = []
    bare: list[float] = []
    for _ in range(_LOOKS):
        async with log.database.connection() as unit:
            begin = perf_counter()
            await list_uses_page(unit, _BUSY_CODE, describer=log.describer)
            middle = perf_counter()
            await read_bare(unit, _BUSY_CODE, limit=PAGE_SIZE)
            pages.append((middle - begin) * 1000)
            bare.append((perf_counter() - middle) * 1000)
    made: list[float] = []
    verified: list[float] = []
    size = 0
    for _ in range(log.bench.settings.runs):
        begin = perf_counter()
        file = await make_proof_file(log.database, _BUSY_CODE, log=NATIONAL.text, now=log.bench.settings.clock())
        middle = perf_counter()
        found = verify_file(file.content, trust)
        verified.append(perf_counter() - middle)
        made.append(middle - begin)
        size = len(file.content)
        if len(found.uses) < _BUSY:
            raise BenchFailedError("The proof file has another number of entries than the person.")
    page = Pair(find_percentile(sorted(pages), 95), find_percentile(sorted(bare), 95))
    return [
        *summarise_pairs("uselog.page.p95", "ms", "a bare SELECT of as many entries", [page])[:1],
        *summarise_values("uselog.proof.make", "s", made),
        *summarise_values("uselog.proof.verify", "s", verified),
        *summarise_values("uselog.proof.size", "MiB", [size / _MEBIBYTE])[:1],
    ]
