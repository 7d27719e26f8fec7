"""The story of the person: a resident finds every use of his information in the log, and verifies it offline."""

from __future__ import annotations

import asyncio
import json
import random
import re
import secrets
import ssl
from html import unescape
from typing import Final, Self

import aiohttp

from jukinet.audit.verifier.files import VerifiedFile, verify_file
from jukinet.audit.verifier.signers import Trust
from jukinet.devnet.acts import CLERK, PASSPORT_AFFAIR, PENSION_AFFAIR, confirm
from jukinet.devnet.plan import FederationPlan
from jukinet.devnet.steps_documents import can_print
from jukinet.devnet.store import find_resident_number, pick_used_person
from jukinet.devnet.story import PASSPORT, PENSION, SETAGAYA, Scene, Step
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import ProofRefusedError
from jukinet.domain.notifications import IdentityCheck, Notifier
from jukinet.domain.person_rights import CounterRequest
from jukinet.municipal.document_office import open_office
from jukinet.municipal.own_sheets import EnrolmentSecret, draw_enrolment_secret
from jukinet.municipal.usecases.answer_counter_request import Asked, answer_counter_request
from jukinet.municipal.usecases.recording import Act
from jukinet.postgres.database import connect
from jukinet.protocol.node_names import NATIONAL
from jukinet.transport.files import read_public

_PATIENCE_SECONDS: Final = 60.0
_LOOK_SECONDS: Final = 0.5
_TOKEN: Final = re.compile(r'name="form_token" value="([0-9a-f]+)"')
#: What was done with the person's information in this story, by method.
_EXPECTED: Final = frozenset({("日本年金機構", "一括提供"), ("日本年金機構", "即時提供"), ("外務省", "即時提供")})


async def a_resident_finds_every_use(scene: Scene) -> None:
    """A pensioner asks at the counter, signs in at home, finds every use, and verifies the proof file offline."""
    person = await _meet_pensioner(scene)
    if person is None:
        return
    secret = await _go_to_the_counter(scene, person)
    if secret is None:
        return
    async with _Browser(scene.federation.plan) as browser:
        password = secrets.token_urlsafe(12)
        await browser.choose_password(secret, password)
        page = await browser.sign_in(secret.account_number, password)
        seen = frozenset((organ, method) for organ, method in _EXPECTED if organ in page and method in page)
        scene.require(seen == _EXPECTED, f"the page does not show {sorted(_EXPECTED - seen)}")
        scene.tell(NATIONAL.text, "本人は自宅から利用者番号とパスワードで入り、年金機構と旅券窓口への提供をすべて見た")
        file = await _await_sealed(browser)
    await _verify(scene, file)


async def _meet_pensioner(scene: Scene) -> str | None:
    municipality = SETAGAYA.partition("/")[2]
    async with connect(scene.federation.config(NATIONAL.text).database) as unit:
        found = await pick_used_person(unit, municipality, offset=scene.offset)
    if found is None:
        scene.tell(NATIONAL.text, "ファイルで照会された世田谷区の住民がいない。この段を飛ばす")
        return None
    code, number = found
    await confirm(
        scene.federation,
        PENSION,
        individual_number=number,
        affair=PENSION_AFFAIR,
        purpose="年金の受給者からの相談に係る住所の確認",
        matter_number="年金-2026-000077",
    )
    await confirm(
        scene.federation,
        PASSPORT,
        resident_record_code=code,
        affair=PASSPORT_AFFAIR,
        purpose="旅券の発給の申請に係る審査",
        matter_number="旅券-2026-000099",
    )
    return code


async def _go_to_the_counter(scene: Scene, code: str) -> EnrolmentSecret | None:
    """Ask for the uses on paper and for the letter; return what stands on the letter."""
    async with scene.federation.open(SETAGAYA) as node:
        office = open_office(node.config)
        if not await can_print(scene, office):
            return None
        async with node.database.connection() as connection:
            number = await find_resident_number(connection, code)
        scene.require(number is not None, "the municipality does not know the resident")
        now, seed = node.clock(), secrets.randbits(128)
        for kind in (CounterRequest.USE_LOG, CounterRequest.ENROLMENT):
            answered = await answer_counter_request(
                asked=Asked(
                    kind=kind,
                    resident_number=number or 0,
                    requester=Notifier.SELF,
                    identity_check=IdentityCheck.PHOTO_DOCUMENT,
                ),
                act=Act(operator_id=CLERK, node=node.name, now=now),
                office=office,
                client=node.client,
                choice=random.Random(seed),  # noqa: S311 - the story reads the letter by drawing the same again
                database=node.database,
            )
            scene.tell(SETAGAYA, f"本人確認のうえ、{kind.label}に応じた（PDF {len(answered.content):,} バイト）")
        return draw_enrolment_secret(random.Random(seed), today=civil_day(now))  # noqa: S311 - the same


async def _await_sealed(browser: _Browser) -> bytes:
    """Return the proof file as soon as what was just done is in it."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _PATIENCE_SECONDS
    while True:
        file = await browser.fetch_proof()
        if (file is not None and "旅券-2026-000099" in file.decode()) or loop.time() > deadline:
            return file or b""
        await asyncio.sleep(_LOOK_SECONDS)


async def _verify(scene: Scene, file: bytes) -> None:
    certificate = read_public(scene.federation.plan.authority / "network" / "certificate.pem")
    trust = Trust.of_certificate(certificate)
    verified: VerifiedFile = await asyncio.to_thread(verify_file, file, trust)
    found = {(use.wording["organ"], use.wording["method"][:4]) for use in verified.uses}
    scene.require(found >= _EXPECTED, f"the file does not prove {sorted(_EXPECTED - found)}")
    scene.tell(
        "本人の手元", f"証明用ファイル（{len(file):,} バイト）を検証した：{len(verified.uses)} 件がそろい、書換えはない"
    )
    content = json.loads(file)
    refused = 0
    hidden = {**content, "entries": content["entries"][:-1]}
    altered = json.loads(file.decode().replace("旅券の発給の申請", "旅券の返納の申請"))
    for tampered in (hidden, altered):
        try:
            await asyncio.to_thread(verify_file, json.dumps(tampered, ensure_ascii=False).encode(), trust)
        except ProofRefusedError:
            refused += 1
    scene.require(refused == 2, "a tampered copy was believed")  # noqa: PLR2004 - both of them
    scene.tell("本人の手元", "一件を抜いた写しと、利用の目的を書き換えた写しは、どちらも検証で見破った")


class _Browser:
    """A resident's browser as far as the story needs one: cookies, and the token of the form on the page."""

    def __init__(self, plan: FederationPlan) -> None:
        context = ssl.create_default_context(cafile=str(plan.authority / "network" / "certificate.pem"))
        # What is trusted here is the network's authority, which is not self-signed; the host is this machine.
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        self._session = aiohttp.ClientSession(
            plan.resident_address,
            connector=aiohttp.TCPConnector(ssl=context),
            cookie_jar=aiohttp.CookieJar(unsafe=True),
        )
        self._page = ""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def choose_password(self, secret: EnrolmentSecret, password: str) -> None:
        await self._open("open")
        await self._send(
            "open",
            account_number=secret.account_number,
            code=secret.code,
            password=password,
            password_again=password,
        )

    async def sign_in(self, account_number: str, password: str) -> str:
        await self._open("sign-in")
        await self._send("sign-in", operator_id=account_number, password=password, back="/")
        return unescape(self._page)

    async def fetch_proof(self) -> bytes | None:
        token = _TOKEN.findall(self._page)[-1]
        async with self._session.post("proof", data={"form_token": token}) as answer:
            content = await answer.read()
            return content if answer.content_type == "application/json" else None

    async def _open(self, path: str) -> None:
        async with self._session.get(path) as answer:
            self._page = await answer.text()

    async def _send(self, path: str, **fields: str) -> None:
        token = _TOKEN.findall(self._page)[-1]
        async with self._session.post(path, data={"form_token": token, **fields}) as answer:
            self._page = await answer.text()


STEPS: Final = (Step("本人が提供の記録を見つけ、自分で検証する", a_resident_finds_every_use),)
