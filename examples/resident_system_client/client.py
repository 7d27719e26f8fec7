"""A small client of the resident system interface: what a vendor's program does, in one readable file.

It needs Python 3.11 and `cryptography` (for the signature), and nothing of jukinet. See README.md beside it.

    python client.py --identity ID_DIR --municipality 131121 --address HOST:PORT send changes.jsonl
    python client.py … status
    python client.py … resend A0001 --reason 軽微な修正
    python client.py … check residents.jsonl
"""

from __future__ import annotations

import argparse
import base64
import http.client
import json
import os
import socket
import ssl
import sys
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

#: Records in one message at most.
MOST_RECORDS = 5_000


class RefusedError(Exception):
    """The node refused a message as a whole."""

    def __init__(self, status: int, refusal: dict[str, Any]) -> None:
        super().__init__(f"{status} {refusal['code']}: {refusal['detail']}")
        self.code = refusal["code"]


class Line(http.client.HTTPSConnection):
    """HTTPS to an address, where the certificate must name the municipal node and not the address."""

    def __init__(self, address: str, municipality: str, context: ssl.SSLContext) -> None:
        host, _, port = address.rpartition(":")
        super().__init__(host, int(port), timeout=120, context=context)
        self._name = f"{municipality}.municipal.jukinet.internal"
        self._tls = context

    def connect(self) -> None:
        """Connect, and accept nobody but the municipal node."""
        plain = socket.create_connection((self.host, self.port), self.timeout)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self._name)


class Client:
    """Speaks for the resident system of one municipality. `identity` holds key.pem, certificate.pem, network.pem."""

    def __init__(self, *, identity: Path, municipality: str, address: str) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_cert_chain(identity / "certificate.pem", identity / "key.pem")
        context.load_verify_locations(identity / "network.pem")
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # the network's authority is the anchor
        key = load_pem_private_key((identity / "key.pem").read_bytes(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise SystemExit("key.pem is not an elliptic curve key")
        self._key = key
        self._municipality = municipality
        self._address = address
        self._context = context

    def send(self, message: str, body: dict[str, Any]) -> dict[str, Any]:
        """Say one message and return the answer; raise RefusedError, or OSError when nobody answers."""
        envelope = {
            "version": 1,
            "message_id": new_message_id(),
            "type": message,
            "sender": f"resident_system/{self._municipality}",
            "receiver": f"municipal/{self._municipality}",
            "sent_at": datetime.now(UTC).isoformat(),
            "stream_sequence": 0,
            "body": body,
        }
        content = json.dumps(envelope, ensure_ascii=False).encode()
        # Over exactly the bytes that travel: ECDSA P-256 with SHA-256, DER, base64.
        signature = base64.b64encode(self._key.sign(content, ec.ECDSA(hashes.SHA256()))).decode()
        headers = {"content-type": "application/json", "jukinet-signature": signature}
        line = Line(self._address, self._municipality, self._context)
        try:
            line.request("POST", f"/messages/{message}", content, headers)
            response = line.getresponse()
            answer: dict[str, Any] = json.loads(response.read())
        finally:
            line.close()
        if response.status != http.client.OK:
            raise RefusedError(response.status, answer)
        return answer


def new_message_id() -> str:
    """Return a UUIDv7: 48 bits of milliseconds, the version, 74 random bits."""
    value = (int(time.time() * 1000) << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return str(uuid.UUID(int=value))


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def send_changes(client: Client, path: Path) -> int:
    """Send a file of changes; print what became of each record; return how many are not accepted yet.

    Records are known by their ids, so after any interruption the whole file may simply be sent again.
    """
    records, open_records = read_lines(path), 0
    for start in range(0, len(records), MOST_RECORDS):
        answer = client.send("resident_changes", {"records": records[start : start + MOST_RECORDS]})
        for result in answer["results"]:
            print(
                start + result["row"],
                result.get("record_id", "-"),
                result["state"],
                result.get("field", ""),
                result.get("reason", ""),
                sep="\t",
            )
            open_records += result["state"] in {"refused", "waiting", "kept"}
    return open_records


def check_residents(client: Client, path: Path) -> int:
    """Compare all residents of a file with what the node holds; print who differs in what; return how many do."""
    residents = sorted(read_lines(path), key=lambda resident: resident["resident_record_code"])
    step = 5_000
    starts = ["00000000000", *[one["resident_record_code"] for one in residents[step::step]]]
    ends = [f"{int(start) - 1:011d}" for start in starts[1:]] + ["99999999999"]
    found = 0
    for first, last in zip(starts, ends, strict=True):
        part = [one for one in residents if first <= one["resident_record_code"] <= last]
        listed = [{"first": first, "last": last, "residents": part}]
        answer = client.send("resident_consistency_check", {"listed": listed})
        for one in answer["differences"]:
            print(one["resident_number"], one["kind"], ",".join(one.get("items", [])), sep="\t")
            found += 1
    return found


def main(arguments: list[str]) -> int:
    """Carry out one command; return 0 when there is nothing to look after."""
    parser = argparse.ArgumentParser(description="Speak to a municipal node as its resident system.")
    parser.add_argument("--identity", type=Path, required=True, help="directory with key, certificate and network.pem")
    parser.add_argument("--municipality", required=True, help="local government code, 6 digits")
    parser.add_argument("--address", required=True, help="host:port of the municipal node")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("send", help="send a file of changes").add_argument("file", type=Path)
    commands.add_parser("status", help="show what is open")
    resend = commands.add_parser("resend", help="send the last notice of a resident again")
    resend.add_argument("resident_number")
    resend.add_argument("--reason")
    commands.add_parser("check", help="compare all residents").add_argument("file", type=Path)
    given = parser.parse_args(arguments)
    client = Client(identity=given.identity, municipality=given.municipality, address=given.address)
    if given.command == "send":
        return min(send_changes(client, given.file), 1)
    if given.command == "check":
        return min(check_residents(client, given.file), 1)
    if given.command == "status":
        answer = client.send("resident_changes_status", {})
    else:
        request = {"request_id": new_message_id(), "resident_number": given.resident_number, "reason": given.reason}
        answer = client.send("resend_request", request)
    print(json.dumps(answer, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
