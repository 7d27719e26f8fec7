"""`jukinet`: one program that runs, administers and rehearses the network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, Final, cast

import typer
from typer.core import TyperGroup

#: Where each group of commands is; only the one that was typed is loaded, because a node starts in half the time then.
_GROUPS: Final[Mapping[str, str]] = {
    "node": "jukinet.cli.node:app",
    "db": "jukinet.cli.db:app",
    "pki": "jukinet.cli.pki:app",
    "municipal": "jukinet.cli.municipal:app",
    "prefectural": "jukinet.cli.prefectural:app",
    "national": "jukinet.cli.national:app",
    "agency": "jukinet.cli.agency:app",
    "quarantine": "jukinet.cli.quarantine:app",
    "outbox": "jukinet.cli.quarantine:outbox_app",
    "merger": "jukinet.cli.merger:app",
    "law": "jukinet.cli.law:app",
    "audit": "jukinet.cli.audit:app",
    "population": "jukinet.cli.population:app",
    "devnet": "jukinet.cli.devnet:app",
    "bench": "jukinet.cli.bench:app",
}


class _Loading(Mapping[str, Any]):
    """Every group by its name, loaded when it is asked for."""

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - typer carries its own copy of click's classes
        module, _, variable = _GROUPS[name].partition(":")
        group = typer.main.get_command(getattr(import_module(module), variable))
        group.name = name
        return group

    def __iter__(self) -> Iterator[str]:
        return iter(_GROUPS)

    def __len__(self) -> int:
        return len(_GROUPS)


class _Groups(TyperGroup):
    def __init__(self, **details: Any) -> None:  # noqa: ANN401 - whatever typer passes
        super().__init__(**details)
        self.commands = cast("Any", _Loading())


app = typer.Typer(
    cls=_Groups,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="An open implementation of Japan's Basic Resident Register Network System (住民基本台帳ネットワークシステム).",
)


@app.callback()
def _no_options() -> None:
    pass


def main() -> None:
    """Run the command that was typed."""
    app()


if __name__ == "__main__":
    main()
