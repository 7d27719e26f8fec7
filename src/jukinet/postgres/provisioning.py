"""A database and two roles per node, with the least rights that work.

`<database>_owner` owns every object and runs the migrations. `<database>_app` is whom the node signs in as: it may
connect, and may do what a migration grants it (see `jukinet.postgres.migrations`), nothing else. Audit tables grant
it SELECT and INSERT only. PUBLIC has nothing: neither CONNECT, nor the schema `public`, nor new functions.

Roles belong to the cluster, not to a database, so they are made here, once, and never in a migration. Everything
here may be repeated: what exists is kept, and passwords are set again from their files.

Works with the embedded server and with any PostgreSQL 15 to 18 whose administrator may create roles and databases.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final, LiteralString
from urllib.parse import quote, urlencode

from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from jukinet.domain.errors import ConfigurationError, SecretUnreadableError, StorageFullError
from jukinet.postgres.database import DatabaseConfig, Unit, connect

_DATABASE_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,54}")
_PASSWORD_BYTES: Final = 24
#: What the operating system says when a disk or a quota is full.
STORAGE_FULL_NUMBERS: Final = frozenset({errno.ENOSPC, errno.EDQUOT})

_LOCK_PROVISIONING: Final = "SELECT pg_advisory_lock(7551, 2)"
_HAS_ROLE: Final = "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %(name)s)"
_HAS_DATABASE: Final = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = %(name)s)"
_IS_SUPERUSER: Final = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
_CREATE_ROLE: Final = sql.SQL("CREATE ROLE {role} LOGIN")
_SET_PASSWORD: Final = sql.SQL("ALTER ROLE {role} PASSWORD {verifier}")
_BECOME_MEMBER: Final = sql.SQL("GRANT {role} TO CURRENT_USER")
_CREATE_DATABASE: Final = sql.SQL(
    "CREATE DATABASE {database} OWNER {owner} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
)
_RESTRICT_DATABASE: Final = sql.SQL("""
    REVOKE ALL ON DATABASE {database} FROM PUBLIC;
    GRANT CONNECT ON DATABASE {database} TO {app};
""")
_RESTRICT_SCHEMAS: Final = """
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
    ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
    ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC;
"""


@dataclass(frozen=True, slots=True)
class NodeDatabase:
    """A node's database: how its owner (the migrator) and its application sign in."""

    name: str
    owner: DatabaseConfig
    app: DatabaseConfig

    @property
    def app_role(self) -> str:
        """The role that migrations grant rights to."""
        return app_role_of(self.name)


def database_name_of(kind: str, code: str | None = None) -> str:
    """Return the database name of a node, such as jukinet_municipal_131121 or jukinet_national."""
    return "_".join(part for part in ("jukinet", kind, code) if part).lower().replace("-", "_")


def owner_role_of(database: str) -> str:
    """Return the role that owns everything in `database`."""
    return f"{database}_owner"


def app_role_of(database: str) -> str:
    """Return the role the node signs in as."""
    return f"{database}_app"


async def provision_node_database(admin: DatabaseConfig, name: str, secrets_directory: Path) -> NodeDatabase:
    """Make the database `name` and its two roles where they are missing, and return how to sign in.

    The passwords are generated into `secrets_directory`, one file per role, readable by this account only.

    Raises:
        ConfigurationError: the name is not lower-case letters, digits and underscores.
        SecretUnreadableError: a password file cannot be read or written.
        DatabaseUnavailableError: the administrator cannot sign in.
    """
    if _DATABASE_NAME.fullmatch(name) is None:
        raise ConfigurationError("A database name has lower-case letters, digits and underscores.", field="name")
    owner, app = owner_role_of(name), app_role_of(name)
    files = {role: secrets_directory / f"{role}.password" for role in (owner, app)}
    async with connect(admin) as unit:
        await unit.execute(_LOCK_PROVISIONING)  # released when the connection closes
        for role, file in files.items():
            await _provision_role(unit, role=role, password=find_or_make_password(file))
        await _provision_database(unit, name=name, owner=owner, app=app)
    database = NodeDatabase(
        name=name,
        owner=_sign_in(admin, user=owner, database=name, password_file=files[owner]),
        app=_sign_in(admin, user=app, database=name, password_file=files[app]),
    )
    async with connect(database.owner) as unit:
        await unit.execute(_RESTRICT_SCHEMAS)
    return database


def find_or_make_password(file: Path) -> str:
    """Return the password in `file`; generate it, readable by this account only, when there is none.

    Raises:
        SecretUnreadableError: the file cannot be read or written.
        StorageFullError: the disk is full.
    """
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        password = file.read_text(encoding="utf-8").strip() if file.exists() else ""
        if password:
            return password
        password = secrets.token_urlsafe(_PASSWORD_BYTES)
        unfinished = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(password + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(file)
    except OSError as failure:
        raise _explain_file_failure(failure, file) from None
    return password


def _explain_file_failure(failure: OSError, file: Path) -> SecretUnreadableError | StorageFullError:
    if failure.errno in STORAGE_FULL_NUMBERS:
        return StorageFullError()
    return SecretUnreadableError(f"The password file {file} cannot be read or written: {failure.strerror}.")


async def _provision_role(unit: Unit, *, role: str, password: str) -> None:
    identifier = sql.Identifier(role)
    if not await _has(unit, _HAS_ROLE, role):
        await unit.execute(_CREATE_ROLE.format(role=identifier))
    # The server is given a SCRAM verifier: the password itself reaches neither the line nor the server's log.
    verifier = unit.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    await unit.execute(_SET_PASSWORD.format(role=identifier, verifier=sql.Literal(verifier)))


async def _provision_database(unit: Unit, *, name: str, owner: str, app: str) -> None:
    database = sql.Identifier(name)
    if not await _has(unit, _IS_SUPERUSER, name):
        await unit.execute(_BECOME_MEMBER.format(role=sql.Identifier(owner)))
    if not await _has(unit, _HAS_DATABASE, name):
        await unit.execute(_CREATE_DATABASE.format(database=database, owner=sql.Identifier(owner)))
    await unit.execute(_RESTRICT_DATABASE.format(database=database, app=sql.Identifier(app)))


async def _has(unit: Unit, question: LiteralString, name: str) -> bool:
    row = await (await unit.execute(question, {"name": name})).fetchone()
    return row is not None and bool(row[0])


def _sign_in(admin: DatabaseConfig, *, user: str, database: str, password_file: Path) -> DatabaseConfig:
    parameters = {key: str(value) for key, value in conninfo_to_dict(admin.url).items() if value is not None}
    for key in ("user", "dbname", "password", "passfile"):
        parameters.pop(key, None)
    rest = urlencode(parameters, quote_via=quote)
    url = f"postgresql://{quote(user)}@/{quote(database)}" + (f"?{rest}" if rest else "")
    return DatabaseConfig(url=url, password_file=password_file, pool_min=admin.pool_min, pool_max=admin.pool_max)
