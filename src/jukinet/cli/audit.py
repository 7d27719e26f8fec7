"""`jukinet audit`: check what a log proves, offline, and seal a node's log."""

from __future__ import annotations

import sys
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import typer

from jukinet.audit.verifier.files import USE_LOG_FORMAT, VerifiedFile, list_file_fingerprints, verify_file
from jukinet.audit.verifier.signers import Trust
from jukinet.cli.console import machine_clock, plain_errors, run, show
from jukinet.cli.node import JsonOption, configure_log
from jukinet.domain.errors import MissingItemError
from jukinet.transport.files import write_atomically

app = typer.Typer(no_args_is_help=True, help="Check proof files of the use log, offline (提供状況の証明用ファイル).")

FileArgument = Annotated[Path, typer.Argument(help="The proof file.")]
NetworkOption = Annotated[
    Path | None, typer.Option("--network", help="The certificate of the network's authority, in PEM (network.pem).")
]
FingerprintOption = Annotated[
    str | None, typer.Option("--fingerprint", help="Or its published SHA-256 fingerprint, 64 hexadecimal digits.")
]
_COLUMNS = ("ordinal", "used_at", "organ", "method", "affair", "items", "ground", "purpose", "committed_at")


@app.command("verify")
def verify_command(
    file: FileArgument,
    *,
    network: NetworkOption = None,
    fingerprint: FingerprintOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check a proof file: that every entry about the person is there and unchanged, or who is in a file."""
    with plain_errors():
        content = _read(file)
        found = verify_file(content, _trust(content, network, fingerprint))
    if found.kind == USE_LOG_FORMAT:
        show([_row(found, place) for place in range(len(found.uses))], columns=_COLUMNS, as_json=as_json)
    sys.stderr.write(_summary(found) + "\n")


@app.command("page")
def page_command(place: Annotated[Path, typer.Argument(help="Where the page is written.")]) -> None:
    """Write the web page that checks proof files in any browser, without a server."""
    with plain_errors():
        page = files("jukinet.audit.verifier").joinpath("verifier.html").read_bytes()
        write_atomically(place, page)
    typer.echo(str(place))


@app.command("fingerprint")
def fingerprint_command(
    certificate: Annotated[Path, typer.Argument(help="The certificate of the network's authority, in PEM.")],
) -> None:
    """Print the fingerprint that is published, for residents to compare."""
    with plain_errors():
        typer.echo(Trust.of_certificate(_read(certificate)).fingerprint)


@app.command("sealer", hidden=True)
def sealer_command() -> None:
    """Seal the log of the node whose configuration is the first line of standard input, until that ends."""
    from jukinet.national.sealer import run_sealer

    configure_log()
    with plain_errors():
        run(run_sealer(sys.stdin.buffer.readline(), clock=machine_clock))


def _trust(content: bytes, network: Path | None, fingerprint: str | None) -> Trust:
    if network is not None:
        return Trust.of_certificate(_read(network))
    if fingerprint is not None:
        return Trust.of_fingerprint(fingerprint)
    named = " ".join(list_file_fingerprints(content))
    message = (
        "Whom do you trust? Give --network, or --fingerprint as it is published. "
        f"The file itself names {named}, which proves nothing until you have compared it."
    )
    raise MissingItemError(message, field="fingerprint")


def _read(place: Path) -> bytes:
    try:
        return place.read_bytes()
    except OSError as error:
        raise MissingItemError(f"{place} cannot be read: {error.strerror}.", field="file") from None


def _row(found: VerifiedFile, place: int) -> dict[str, Any]:
    use = found.uses[place]
    return {
        "ordinal": use.ordinal,
        "used_at": use.content.get("used_at"),
        "purpose": use.content.get("purpose"),
        "committed_at": use.committed_at,
        **{name: use.wording.get(name) for name in ("organ", "method", "affair", "items", "ground")},
    }


def _summary(found: VerifiedFile) -> str:
    at = found.at.isoformat(timespec="seconds")
    if found.kind == USE_LOG_FORMAT:
        witnesses = ", ".join(found.witnesses) or "none"
        return (
            f"verified: {len(found.uses)} entries, complete up to {at}, signed by {found.signer}, witnesses {witnesses}"
        )
    return f"verified: the person {'is' if found.is_member else 'is not'} in the file, signed by {found.signer} at {at}"
