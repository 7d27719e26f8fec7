"""`jukinet`: one program that runs, administers and rehearses the network."""

from __future__ import annotations

import typer

from jukinet.cli import (
    agency,
    audit,
    bench,
    db,
    devnet,
    law,
    merger,
    municipal,
    national,
    node,
    pki,
    population,
    quarantine,
)

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="An open implementation of Japan's Basic Resident Register Network System (住民基本台帳ネットワークシステム).",
)
app.add_typer(node.app, name="node")
app.add_typer(db.app, name="db")
app.add_typer(pki.app, name="pki")
app.add_typer(municipal.app, name="municipal")
app.add_typer(national.app, name="national")
app.add_typer(agency.app, name="agency")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(quarantine.outbox_app, name="outbox")
app.add_typer(merger.app, name="merger")
app.add_typer(law.app, name="law")
app.add_typer(audit.app, name="audit")
app.add_typer(population.app, name="population")
app.add_typer(devnet.app, name="devnet")
app.add_typer(bench.app, name="bench")


def main() -> None:
    """Run the command that was typed."""
    app()


if __name__ == "__main__":
    main()
