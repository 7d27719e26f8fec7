"""Build the federation: authority, identities, databases, configurations, residents, operators. Once."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from jukinet.devnet.plan import ORGANS, FederationPlan, PlannedNode
from jukinet.devnet.seed import seed_residents
from jukinet.devnet.store import drop_database
from jukinet.domain.clock import Clock
from jukinet.domain.individual_number_derivation import KEY_BYTES
from jukinet.node_process.config import load_config
from jukinet.operator_web.accounts import enrol_operator
from jukinet.postgres.database import DatabaseConfig, connect
from jukinet.postgres.embedded import start_embedded
from jukinet.postgres.migrations import apply_migrations
from jukinet.postgres.provisioning import NodeDatabase, app_role_of, database_name_of, provision_node_database
from jukinet.protocol.node_names import NATIONAL, NodeKind, organ_system_of
from jukinet.transport.certificates import read_certificates
from jukinet.transport.enrolment import enrol_documents, enrol_node, enrol_screens, renew_node
from jukinet.transport.files import SECRET, read_public, write_atomically
from jukinet.transport.pki import (
    CERTIFICATE_FILE,
    REVOCATION_LIST_FILE,
    NetworkAuthority,
    create_network_authority,
    create_root,
    load_network_authority,
)

#: Tells how far long work has come: what is done, steps done, steps in all.
Progress = Callable[[str, int, int], None]

#: The administrator's URL of a PostgreSQL to use instead of the embedded server.
DATABASE_URL: Final = "JUKINET_DATABASE_URL"
_SCREEN_HOSTS: Final = ("localhost", "127.0.0.1")
_RENEWED_BEFORE: Final = timedelta(days=30)

_OPERATORS: Final = {
    NodeKind.MUNICIPAL: ("clerk", "窓口 花子"),
    NodeKind.PREFECTURAL: ("operator", "県 太郎"),
    NodeKind.NATIONAL: ("operator", "全国 次郎"),
    NodeKind.AGENCY: ("official", "照会 三郎"),
}


def is_built(plan: FederationPlan) -> bool:
    """Return whether the federation the plan asks for is there, on the database server in use now."""
    try:
        built = json.loads(plan.marker.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(built == _description(plan))


async def build_federation(
    plan: FederationPlan, *, migrations: Callable[[NodeKind], Sequence[str]], clock: Clock, progress: Progress
) -> None:
    """Make everything the federation needs under the plan's directory; what a broken attempt left is replaced.

    `JUKINET_DATABASE_URL` names the administrator of another PostgreSQL to use instead of the embedded one.
    """
    nodes = plan.nodes
    total = len(nodes) + len(plan.list_nodes(NodeKind.MUNICIPAL)) + 1
    progress("データベース", 0, total)
    admin = await find_administrator(plan)
    async with connect(admin):  # before anything of an earlier federation goes
        plan.marker.unlink(missing_ok=True)
    for part in (plan.directory / "nodes", plan.authority):
        shutil.rmtree(part, ignore_errors=True)
    progress("認証局と証明書", 0, total)
    authority = _create_authorities(plan, clock)
    directory = plan.directory / "directory.toml"
    plan.directory.mkdir(parents=True, exist_ok=True)
    directory.write_text(_directory(nodes), encoding="utf-8")
    write_atomically(plan.individual_number_key, secrets.token_bytes(KEY_BYTES), mode=SECRET)
    databases: dict[str, NodeDatabase] = {}
    passwords: list[dict[str, str]] = []
    for done, node in enumerate(nodes, start=1):
        progress(f"データベースと設定 {node.name}", done, total)
        database = await _make_database(plan, node, admin, migrations(node.name.kind), clock)
        databases[node.name.text] = database
        _enrol(node, authority)
        node.config.write_text(_config(plan, node, database, directory), encoding="utf-8")
        passwords.append(await _enrol_operator(node, database, clock))
    await seed_residents(plan, databases, clock=clock, progress=progress, done=len(nodes), total=total)
    write_atomically(plan.sign_ins, json.dumps(passwords, ensure_ascii=False, indent=1).encode(), mode=SECRET)
    write_atomically(plan.marker, json.dumps(_description(plan)).encode())
    progress("完成", total, total)


async def refresh_federation(
    plan: FederationPlan, *, migrations: Callable[[NodeKind], Sequence[str]], clock: Clock
) -> None:
    """Make a federation that was built some time ago fit to start: lists, certificates and tables of today."""
    authority = load_network_authority(plan.authority / "network", clock=clock)
    authority.issue_revocation_list()
    published = read_public(authority.revocation_list_path)
    await find_administrator(plan)
    for node in plan.nodes:
        write_atomically(node.identity / REVOCATION_LIST_FILE, published)
        ends_soon = _ends_soon(node, clock())
        if not any(issued.is_valid_at(clock()) for issued in authority.find_issued(node.name.text)):
            # The story revokes one; it may have been killed before it enrolled the node anew.
            enrol_node(authority, node.name, node.identity)
        elif ends_soon:
            renew_node(authority, node.name, node.identity)
        if ends_soon and node.api_port is not None:
            renew_node(authority, organ_system_of(node.name), node.organ_system_identity)
        if ends_soon:
            enrol_screens(authority, node.directory / "screens", _SCREEN_HOSTS)
        owner = load_config(node.config).owner
        if owner is not None:
            role = app_role_of(database_name_of(node.name.kind.value, node.name.code))
            await apply_migrations(owner, migrations(node.name.kind), app_role=role, clock=clock)


def _ends_soon(node: PlannedNode, now: datetime) -> bool:
    certificate = read_certificates(read_public(node.identity / CERTIFICATE_FILE), place=node.identity)[0]
    return certificate.not_valid_after_utc - now < _RENEWED_BEFORE


def _description(plan: FederationPlan) -> dict[str, object]:
    return {
        "residents": plan.residents,
        "names": list(plan.names),
        "first_port": plan.first_port,
        "api_ports": [node.api_port for node in plan.list_nodes(NodeKind.AGENCY)],
        "has_individual_number_key": plan.individual_number_key.exists(),
        "is_embedded": DATABASE_URL not in os.environ,
    }


async def find_administrator(plan: FederationPlan) -> DatabaseConfig:
    """Return how to sign in as administrator: at JUKINET_DATABASE_URL, or at the embedded server, which is started."""
    url = os.environ.get(DATABASE_URL)
    return DatabaseConfig(url=url) if url else (await start_embedded(plan.postgres)).admin


def _create_authorities(plan: FederationPlan, clock: Clock) -> NetworkAuthority:
    root = create_root(plan.authority / "root", clock=clock)
    return create_network_authority(plan.authority / "network", root, clock=clock)


async def _make_database(
    plan: FederationPlan, node: PlannedNode, admin: DatabaseConfig, migrations: Sequence[str], clock: Clock
) -> NodeDatabase:
    name = database_name_of(node.name.kind.value, node.name.code)
    async with connect(admin) as unit:
        await drop_database(unit, name)
    database = await provision_node_database(admin, name, plan.directory / "secrets")
    await apply_migrations(database.owner, migrations, app_role=database.app_role, clock=clock)
    return database


def _enrol(node: PlannedNode, authority: NetworkAuthority) -> None:
    node.directory.mkdir(parents=True, exist_ok=True)
    enrol_node(authority, node.name, node.identity)
    enrol_screens(authority, node.directory / "screens", _SCREEN_HOSTS)
    if node.name.kind is not NodeKind.AGENCY:
        enrol_documents(authority, node.name, node.directory / "documents")
    if node.api_port is not None:
        enrol_node(authority, organ_system_of(node.name), node.organ_system_identity)


async def _enrol_operator(node: PlannedNode, database: NodeDatabase, clock: Clock) -> dict[str, str]:
    operator_id, display_name = _OPERATORS[node.name.kind]
    password = secrets.token_urlsafe(12)
    async with connect(database.app) as unit, unit.transaction():
        await enrol_operator(unit, operator_id, display_name, password, now=clock(), by="devnet")
    return {
        "node": node.name.text,
        "address": node.screen_address,
        "operator": operator_id,
        "password": password,
    }


def _directory(nodes: Sequence[PlannedNode]) -> str:
    return "".join(f'[nodes."{node.name}"]\nhost = "127.0.0.1"\nport = {node.message_port}\n\n' for node in nodes)


def _config(plan: FederationPlan, node: PlannedNode, database: NodeDatabase, directory: Path) -> str:
    is_national = node.name == NATIONAL
    revocation_list = (
        plan.authority / "network" / "revocation_list.pem" if is_national else node.identity / "revocation_list.pem"
    )
    organs = {name.partition("/")[2]: organ for name, organ in ORGANS.items()}
    if not is_national:
        organs = {code: organ for code, organ in organs.items() if node.name.text == f"agency/{code}"}
    key = [f'individual_number_key = "{plan.individual_number_key.absolute()}"'] if is_national else []
    lines = [
        f'name = "{node.name}"',
        *key,
        "",
        "[database]",
        *_database_lines(database.app),
        "",
        "[owner]",
        *_database_lines(database.owner),
        "",
        "[line]",
        f"port = {node.message_port}",
        f'identity = "{node.identity.absolute()}"',
        f'revocation_list = "{revocation_list.absolute()}"',
        f'directory = "{directory.absolute()}"',
        "",
        "[screens]",
        f"port = {node.screen_port}",
        *_screen_lines(node),
    ]
    if node.api_port is not None:
        lines += ["", "[api]", f"port = {node.api_port}"]
    if is_national:
        lines += ["", "[resident_screens]", f"port = {node.resident_port}", *_screen_lines(node)]
    lines += _document_lines(node, plan)
    if organs:
        lines += ["", "[organs]", *[f'{code} = "{organ}"' for code, organ in organs.items()]]
    return "\n".join(lines) + "\n"


def _screen_lines(node: PlannedNode) -> list[str]:
    screens = (node.directory / "screens").absolute()
    return [f'certificate = "{screens / "certificate.pem"}"', f'key = "{screens / "key.pem"}"']


def _document_lines(node: PlannedNode, plan: FederationPlan) -> list[str]:
    """Return what a node signs its documents and letters with; an agency has none."""
    if node.name.kind is NodeKind.AGENCY:
        return []
    documents = (node.directory / "documents").absolute()
    key, certificate = documents / "key.pem", documents / "certificate.pem"
    page = f'resident_page = "{plan.resident_address}"'
    return ["", "[documents]", f'key = "{key}"', f'certificate = "{certificate}"', page]


def _database_lines(database: DatabaseConfig) -> list[str]:
    lines = [f'url = "{database.url}"']
    if database.password_file is not None:
        lines.append(f'password_file = "{database.password_file.absolute()}"')
    return lines
