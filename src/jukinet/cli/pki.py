"""`jukinet pki`: the authority of one network, and the certificates of its nodes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from jukinet.cli.console import machine_clock, plain_errors, show
from jukinet.domain.errors import CertificateNotFoundError
from jukinet.protocol.node_names import NodeName
from jukinet.transport.certificates import pem, read_request
from jukinet.transport.enrolment import enrol_node, enrol_screens, node_directory, renew_node, request_for
from jukinet.transport.files import read_public, write_atomically
from jukinet.transport.pki import (
    NetworkAuthority,
    create_network_authority,
    create_root,
    find_reason,
    load_network_authority,
)
from jukinet.transport.registry import IssuedCertificate

app = typer.Typer(no_args_is_help=True, help="Make the network's authority; enrol, renew and revoke its nodes.")

_COLUMNS = ("name", "serial", "state", "issued_at", "not_after", "revoked_at", "reason")
DirectoryOption = Annotated[Path, typer.Option("--directory", help="Where the authority keeps its files.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]
NameArgument = Annotated[str, typer.Argument(help="The node, such as municipal/131121.")]
RequestOption = Annotated[
    Path | None, typer.Option("--request", help="A request made on the node; without it, the key is made here.")
]
_DEFAULT = Path("var/pki")


@app.command("create")
def create_command(*, directory: DirectoryOption = _DEFAULT, as_json: JsonOption = False) -> None:
    """Make the root and the network's authority. Afterwards take the directory `root` off this machine."""
    with plain_errors():
        root = create_root(directory / "root", clock=machine_clock)
        create_network_authority(directory / "network", root, clock=machine_clock)
    made = [{"made": "root", "path": str(directory / "root")}, {"made": "network", "path": str(directory / "network")}]
    show(made, columns=("made", "path"), as_json=as_json)


@app.command("request")
def request_command(name: NameArgument, *, directory: DirectoryOption = _DEFAULT, as_json: JsonOption = False) -> None:
    """On the node: make its key and the request to certify it. Only the request leaves the machine."""
    with plain_errors():
        node = NodeName.parse(name)
        place = node_directory(directory, node)
        request_for(place, node)
    show([{"request": str(place / "request.pem")}], columns=("request",), as_json=as_json)


@app.command("enrol")
def enrol_command(
    name: NameArgument,
    *,
    request: RequestOption = None,
    directory: DirectoryOption = _DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Certify a node."""
    with plain_errors():
        node, authority = NodeName.parse(name), _load(directory)
        place = node_directory(directory, node)
        if request is None:
            enrol_node(authority, node, place)
        else:
            certificate = authority.enrol(read_request(read_public(request), place=request), node)
            write_atomically(place / "certificate.pem", pem(certificate, authority.certificate))
        _show(authority.find_issued(node.text)[:1], as_json=as_json)


@app.command("renew")
def renew_command(
    name: NameArgument,
    *,
    request: RequestOption = None,
    directory: DirectoryOption = _DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Certify a node again. What it holds stays valid until it expires or is revoked."""
    with plain_errors():
        node, authority = NodeName.parse(name), _load(directory)
        place = node_directory(directory, node)
        if request is None:
            renew_node(authority, node, place)
        else:
            certificate = authority.renew(read_request(read_public(request), place=request), node)
            write_atomically(place / "certificate.pem", pem(certificate, authority.certificate))
        _show(authority.find_issued(node.text)[:1], as_json=as_json)


@app.command("revoke")
def revoke_command(
    name_or_serial: Annotated[str, typer.Argument(help="A node: all its certificates. Or one serial.")],
    *,
    reason: Annotated[str, typer.Option(help="A reason of RFC 5280, such as key_compromise.")] = "unspecified",
    directory: DirectoryOption = _DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Revoke certificates and publish the new revocation list at once."""
    with plain_errors():
        why, authority = find_reason(reason), _load(directory)
        found = [line for line in authority.find_issued(name_or_serial) if line.is_valid_at(machine_clock())]
        if not found:
            raise CertificateNotFoundError(f"{name_or_serial} has no valid certificate.", field="name")
        _show([authority.revoke(line.serial_number, why) for line in found], as_json=as_json)


@app.command("list")
def list_command(*, directory: DirectoryOption = _DEFAULT, as_json: JsonOption = False) -> None:
    """List every certificate issued, oldest first."""
    with plain_errors():
        _show(_load(directory).list_issued(), as_json=as_json)


@app.command("show")
def show_command(
    name_or_serial: Annotated[str, typer.Argument(help="A node or a serial.")],
    *,
    directory: DirectoryOption = _DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Show the certificates of a node, newest first."""
    with plain_errors():
        _show(_load(directory).find_issued(name_or_serial), as_json=as_json)


@app.command("screens")
def screens_command(
    hosts: Annotated[list[str], typer.Argument(help="Host names or addresses under which browsers reach the screens.")],
    *,
    directory: DirectoryOption = _DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Certify screens for browsers."""
    with plain_errors():
        certificate, key = enrol_screens(_load(directory), directory / "screens" / hosts[0], hosts)
    show([{"certificate": str(certificate), "key": str(key)}], columns=("certificate", "key"), as_json=as_json)


@app.command("revocation-list")
def revocation_list_command(*, directory: DirectoryOption = _DEFAULT, as_json: JsonOption = False) -> None:
    """Issue the revocation list anew, under the next number and date."""
    with plain_errors():
        authority = _load(directory)
        issued = authority.issue_revocation_list()
    row = {
        "path": str(authority.revocation_list_path),
        "revoked": len(issued),
        "next_update": str(issued.next_update_utc),
    }
    show([row], columns=tuple(row), as_json=as_json)


def _load(directory: Path) -> NetworkAuthority:
    return load_network_authority(directory / "network", clock=machine_clock)


def _show(lines: Iterable[IssuedCertificate], *, as_json: bool) -> None:
    show([_row(line) for line in lines], columns=_COLUMNS, as_json=as_json)


def _row(line: IssuedCertificate) -> dict[str, Any]:
    return {
        "name": line.name,
        "serial": line.serial,
        "state": line.state_at(machine_clock()),
        "issued_at": line.issued_at.isoformat(timespec="seconds"),
        "not_after": line.not_after.isoformat(),
        "revoked_at": None if line.revoked_at is None else line.revoked_at.isoformat(timespec="seconds"),
        "reason": line.reason,
    }
