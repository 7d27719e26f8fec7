"""`jukinet db`: provision and migrate a node's database, with the embedded server or any PostgreSQL 15 to 18."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from jukinet.cli.console import REFUSED, machine_clock, plain_errors, run, show
from jukinet.cli.kinds import KINDS
from jukinet.cli.node import ConfigOption, JsonOption
from jukinet.devnet.build import DATABASE_URL
from jukinet.domain.errors import ConfigurationError
from jukinet.node_process.config import NodeConfig, load_config
from jukinet.postgres.database import DatabaseConfig, connect
from jukinet.postgres.distribute import Distribution, distribute_tables
from jukinet.postgres.embedded import start_embedded, stop_embedded
from jukinet.postgres.migrations import Migration, apply_migrations, list_pending
from jukinet.postgres.provisioning import NodeDatabase, database_name_of, provision_node_database
from jukinet.protocol.node_names import NodeName

app = typer.Typer(no_args_is_help=True, help="Provision and migrate the databases of nodes.")

DirectoryOption = Annotated[Path, typer.Option("--directory", help="Where the embedded server keeps its files.")]


@app.command("start")
def start_command(directory: DirectoryOption = Path("var/postgres")) -> None:
    """Start the embedded PostgreSQL, or attach to it."""
    with plain_errors():
        server = run(start_embedded(directory))
    typer.echo(f"PostgreSQL runs; socket in {server.socket_directory}, log in {server.log_file}")


@app.command("stop")
def stop_command(directory: DirectoryOption = Path("var/postgres")) -> None:
    """Stop the embedded PostgreSQL."""
    with plain_errors():
        run(stop_embedded(directory))


@app.command("provision")
def provision_command(
    name: Annotated[str, typer.Argument(help="The node, such as municipal/131121.")],
    secrets: Annotated[Path, typer.Option("--secrets", help="Where the generated passwords go.")] = Path("var/secrets"),
    directory: DirectoryOption = Path("var/postgres"),
) -> None:
    """Make a node's database and roles, then migrate it. Uses JUKINET_DATABASE_URL, or the embedded server."""
    with plain_errors():
        node = NodeName.parse(name)
        database = run(_provision(node, secrets, directory))
    typer.echo("[database]")
    typer.echo(f'url = "{database.app.url}"\npassword_file = "{database.app.password_file}"')
    typer.echo("[owner]")
    typer.echo(f'url = "{database.owner.url}"\npassword_file = "{database.owner.password_file}"')


@app.command("migrate")
def migrate_command(config: ConfigOption, *, as_json: JsonOption = False) -> None:
    """Bring the node's tables up to this version."""
    with plain_errors():
        applied = run(_migrate(load_config(config)))
    show([_row(one) for one in applied], columns=("package", "number", "name"), as_json=as_json)


@app.command("pending")
def pending_command(config: ConfigOption, *, as_json: JsonOption = False) -> None:
    """Show the migrations that are not applied yet."""
    with plain_errors():
        pending = run(_pending(load_config(config)))
    show([_row(one) for one in pending], columns=("package", "number", "name"), as_json=as_json)


@app.command("distribute")
def distribute_command(config: ConfigOption, *, as_json: JsonOption = False) -> None:
    """Spread the node's large tables over machines, where the Citus extension is present."""
    with plain_errors():
        done = run(_distribute(load_config(config)))
    if not done.is_citus_present:
        typer.echo("The Citus extension is not in this database: nothing was distributed.", err=True)
        raise typer.Exit(REFUSED)
    rows = [{"table": one.table, "column": one.column} for one in done.distributed]
    show(rows, columns=("table", "column"), as_json=as_json)


async def _distribute(config: NodeConfig) -> Distribution:
    async with connect(_require_owner(config)) as unit:
        return await distribute_tables(unit, KINDS[config.kind].distributed)


def _require_owner(config: NodeConfig) -> DatabaseConfig:
    if config.owner is None:
        raise ConfigurationError("The configuration has no [owner]: only the owner may do this.", field="owner")
    return config.owner


async def _provision(node: NodeName, secrets: Path, directory: Path) -> NodeDatabase:
    url = os.environ.get(DATABASE_URL)
    admin = DatabaseConfig(url=url) if url else (await start_embedded(directory)).admin
    database = await provision_node_database(admin, database_name_of(node.kind.value, node.code), secrets)
    await apply_migrations(database.owner, KINDS[node.kind].migrations, app_role=database.app_role, clock=machine_clock)
    return database


async def _migrate(config: NodeConfig) -> tuple[Migration, ...]:
    owner = _require_owner(config)
    role = database_name_of(config.kind.value, config.node_name.code) + "_app"
    return await apply_migrations(owner, KINDS[config.kind].migrations, app_role=role, clock=machine_clock)


async def _pending(config: NodeConfig) -> tuple[Migration, ...]:
    async with connect(config.database) as unit:
        return await list_pending(unit, KINDS[config.kind].migrations)


def _row(migration: Migration) -> dict[str, object]:
    return {"package": migration.package, "number": migration.number, "name": migration.name}
