"""The authority: what it certifies, what it refuses, and what it leaves on disk."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from jukinet.domain.errors import (
    AlreadyExistsError,
    CertificateNotFoundError,
    CertificateNotTrustedError,
    ConfigurationError,
    InvalidValueError,
    MalformedRequestError,
    SecretUnreadableError,
)
from jukinet.protocol.node_names import NATIONAL, NodeName
from jukinet.transport.certificates import create_request, pem
from jukinet.transport.directory import load_directory
from jukinet.transport.enrolment import enrol_node, renew_node
from jukinet.transport.files import write_atomically
from jukinet.transport.identity import NodeIdentity
from jukinet.transport.peers import peer_of
from jukinet.transport.pki import create_network_authority, create_root, find_reason, load_network_authority
from jukinet.transport.revocation import RevocationList, load_revocation_list
from tests.integration.transport.network import AGENCY, MUNICIPAL, PREFECTURAL, RESIDENT_SYSTEM, Network


def request_with(*names: x509.GeneralName, common_name: str = MUNICIPAL.host) -> x509.CertificateSigningRequest:
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "jukinet"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())


URI = x509.UniformResourceIdentifier(MUNICIPAL.uri)
HOST = x509.DNSName(MUNICIPAL.host)


def test_a_node_s_certificate_says_who_it_is_for_90_days(network: Network) -> None:
    identity = network.enrol(MUNICIPAL)
    certificate = x509.load_pem_x509_certificate(identity.paths.certificate.read_bytes())

    peer = peer_of(certificate)
    purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value

    assert peer.name == MUNICIPAL
    assert peer.not_after == network.clock() + timedelta(days=90)
    assert set(purposes) == {ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH}
    certificate.verify_directly_issued_by(network.authority.certificate)


def test_the_root_certifies_one_level_of_authorities_and_they_only_leaves(tmp_path: Path, network: Network) -> None:
    root = create_root(tmp_path / "another", clock=network.clock)

    for certificate, length in ((root.certificate, 1), (network.authority.certificate, 0)):
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
        assert (constraints.value.ca, constraints.value.path_length, constraints.critical) == (True, length, True)


@pytest.mark.parametrize(
    "request_",
    [
        request_with(URI),
        request_with(URI, HOST, x509.DNSName("localhost")),
        request_with(HOST, URI),
        request_with(URI, HOST, common_name="another"),
        request_with(x509.UniformResourceIdentifier(NATIONAL.uri), HOST),
        request_with(x509.UniformResourceIdentifier(NATIONAL.uri), x509.DNSName(NATIONAL.host)),
        request_with(),
        create_request(NodeName.parse("agency/nenkin"), ec.generate_private_key(ec.SECP384R1())).request,
    ],
)
def test_a_request_that_asks_for_anything_else_is_refused_and_nothing_registered(
    network: Network, request_: x509.CertificateSigningRequest
) -> None:
    with pytest.raises(MalformedRequestError):
        network.authority.enrol(request_, MUNICIPAL)

    assert network.authority.list_issued() == []


def test_a_request_with_another_kind_of_key_is_refused(network: Network) -> None:
    request = create_request(AGENCY, ec.generate_private_key(ec.SECP384R1())).request

    with pytest.raises(CertificateNotTrustedError, match="P-256"):
        network.authority.enrol(request, AGENCY)


def test_a_tampered_request_is_refused(network: Network) -> None:
    octets = bytearray(create_request(MUNICIPAL).request.public_bytes(serialization.Encoding.DER))
    octets[-1] ^= 1

    with pytest.raises(MalformedRequestError):
        network.authority.enrol(x509.load_der_x509_csr(bytes(octets)), MUNICIPAL)


def test_a_node_is_enrolled_once_and_renewed_afterwards_with_the_key_it_has(network: Network) -> None:
    first = network.enrol(MUNICIPAL)
    with pytest.raises(AlreadyExistsError):
        enrol_node(network.authority, MUNICIPAL, network.paths(MUNICIPAL).key.parent)
    network.clock.advance(days=80)

    renew_node(network.authority, MUNICIPAL, network.paths(MUNICIPAL).key.parent)
    second = NodeIdentity.load(network.paths(MUNICIPAL), now=network.clock())

    assert second.own.not_after == first.own.not_after + timedelta(days=80)
    assert second.own.serial != first.own.serial
    assert second.own.public_key == first.own.public_key


def test_a_revoked_node_cannot_renew_but_enrol_anew(network: Network) -> None:
    network.authority.revoke(network.enrol(MUNICIPAL).own.serial, find_reason("key_compromise"))

    with pytest.raises(CertificateNotFoundError):
        renew_node(network.authority, MUNICIPAL, network.paths(MUNICIPAL).key.parent)

    enrol_node(network.authority, MUNICIPAL, network.directory / "new")
    assert [line.state_at(network.clock()) for line in network.authority.find_issued(MUNICIPAL.text)] == [
        "valid",
        "revoked",
    ]


def test_certificates_never_outlive_the_authority(network: Network) -> None:
    network.clock.now = network.authority.certificate.not_valid_after_utc - timedelta(days=1)
    short = network.enrol(MUNICIPAL)
    network.clock.advance(days=1)

    assert short.own.not_after == network.authority.certificate.not_valid_after_utc
    with pytest.raises(CertificateNotTrustedError, match="has expired"):
        network.authority.enrol(create_request(AGENCY).request, AGENCY)


def test_commands_at_the_same_time_lose_no_certificate(network: Network) -> None:
    names = [NodeName.parse(f"agency/organ-{number}") for number in range(16)]

    def enrol(name: NodeName) -> None:
        network.authority.enrol(create_request(name).request, name)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(enrol, names))

    assert {line.name for line in network.authority.list_issued()} == {name.text for name in names}


def test_keys_are_their_owner_s_alone_and_never_overwritten(network: Network) -> None:
    keys = [
        network.enrol(MUNICIPAL).paths.key,
        network.directory / "root/key.pem",
        network.directory / "network/key.pem",
    ]
    contents = [key.read_bytes() for key in keys]

    with pytest.raises(AlreadyExistsError):
        create_root(network.directory / "root", clock=network.clock)

    assert [stat.S_IMODE(key.stat().st_mode) for key in keys] == [0o600] * 3
    assert [key.read_bytes() for key in keys] == contents


def test_a_key_that_others_may_read_is_not_used(network: Network) -> None:
    paths = network.enrol(MUNICIPAL).paths
    paths.key.chmod(0o640)

    with pytest.raises(SecretUnreadableError, match="chmod 600"):
        NodeIdentity.load(paths, now=network.clock())


@pytest.mark.parametrize("file", ["key", "certificate", "authority"])
@pytest.mark.parametrize("content", [None, b"", b"-----BEGIN NONSENSE-----"])
def test_a_missing_or_damaged_file_is_named(network: Network, file: str, content: bytes | None) -> None:
    paths = network.enrol(MUNICIPAL).paths
    place: Path = getattr(paths, file)
    place.unlink()
    if content is not None:
        write_atomically(place, content, mode=0o600)

    with pytest.raises(SecretUnreadableError, match=place.name):
        NodeIdentity.load(paths, now=network.clock())


def test_a_certificate_of_another_key_or_network_is_not_an_identity(network: Network, tmp_path: Path) -> None:
    paths, other = network.enrol(MUNICIPAL).paths, network.enrol(PREFECTURAL).paths
    foreign = Network(tmp_path / "foreign").authority.certificate

    own = paths.certificate.read_bytes()
    paths.certificate.write_bytes(other.certificate.read_bytes())
    with pytest.raises(CertificateNotTrustedError, match="of the key"):
        NodeIdentity.load(paths, now=network.clock())
    paths.certificate.write_bytes(own)
    paths.authority.write_bytes(pem(foreign))
    with pytest.raises(CertificateNotTrustedError, match="not of this network"):
        NodeIdentity.load(paths, now=network.clock())


def test_a_list_revokes_exactly_what_was_revoked(network: Network) -> None:
    good, bad = network.enrol(MUNICIPAL).own.serial, network.enrol(PREFECTURAL).own.serial
    holder = network.revocations()
    number = holder.number

    network.authority.revoke(bad)

    assert holder.replace_from(network.authority.revocation_list_path)
    assert not holder.replace_from(network.authority.revocation_list_path)
    assert holder.is_revoked(bad)
    assert not holder.is_revoked(good)
    assert holder.number == number + 1


def test_an_older_or_foreign_list_is_refused_and_the_one_in_use_stays(network: Network, tmp_path: Path) -> None:
    older = network.authority.revocation_list_path.read_bytes()
    serial = network.enrol(MUNICIPAL).own.serial
    network.authority.revoke(serial)
    holder = network.revocations()
    foreign = Network(tmp_path / "foreign").authority
    for _ in range(5):
        foreign.issue_revocation_list()

    for content in (older, foreign.revocation_list_path.read_bytes(), b"", b"nonsense"):
        with pytest.raises(CertificateNotTrustedError):
            holder.replace(content)

    assert holder.is_revoked(serial)


def test_a_list_from_the_future_is_refused(network: Network) -> None:
    holder = network.revocations()
    network.clock.advance(minutes=10)
    network.authority.issue_revocation_list()
    network.clock.advance(minutes=-10)

    with pytest.raises(CertificateNotTrustedError, match="future"):
        holder.replace_from(network.authority.revocation_list_path)


def test_without_a_list_nobody_counts(network: Network) -> None:
    peer = network.enrol(MUNICIPAL).own
    holder = load_revocation_list(network.directory / "nowhere.pem", network.authority.certificate, clock=network.clock)

    assert not holder.is_current(network.clock())
    with pytest.raises(CertificateNotTrustedError, match="no revocation list"):
        holder.require_standing(peer, network.clock())


def test_the_grace_of_a_list_is_configurable(network: Network) -> None:
    holder = RevocationList(network.authority.certificate, clock=network.clock, grace=timedelta(hours=1))
    holder.replace_from(network.authority.revocation_list_path)
    due = network.clock() + timedelta(days=7)

    assert holder.is_current(due + timedelta(minutes=59))
    assert not holder.is_current(due + timedelta(hours=1))


def test_an_authority_in_2004_certifies_as_of_2004(tmp_path: Path) -> None:
    def clock() -> datetime:
        return datetime(2004, 3, 1, tzinfo=UTC)

    root = create_root(tmp_path / "root", clock=clock)
    authority = create_network_authority(tmp_path / "network", root, clock=clock)

    certificate = authority.enrol(create_request(NATIONAL).request, NATIONAL)

    assert certificate.not_valid_after_utc == datetime(2004, 5, 30, tzinfo=UTC)
    assert load_network_authority(tmp_path / "network", clock=clock).certificate == authority.certificate


def test_an_unknown_reason_is_refused_with_the_list() -> None:
    with pytest.raises(InvalidValueError, match="key_compromise"):
        find_reason("boredom")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("nodes.toml", b'[nodes.national]\nhost = "127.0.0.1"\nport = 7001\n'),
        ("nodes.json", b'{"nodes":{"national":{"host":"127.0.0.1","port":7001}}}'),
    ],
)
def test_a_directory_is_read_from_toml_or_json(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)

    assert dict(load_directory(tmp_path / name)) == {NATIONAL: ("127.0.0.1", 7001)}


@pytest.mark.parametrize(
    "content",
    [
        b"[",
        b"[nodes.regional]\nhost = 'a'\nport = 1\n",
        b"[nodes.national]\nhost = 'a'\nport = 0\n",
        b"[nodes.national]\nhost = 'a'\n",
        b"\xff",
    ],
)
def test_a_wrong_directory_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "nodes.toml"
    path.write_bytes(content)

    with pytest.raises(ConfigurationError, match=r"nodes\.toml"):
        load_directory(path)


def test_a_resident_system_is_certified_as_a_client_alone(network: Network) -> None:
    certificate = x509.load_pem_x509_certificate(network.enrol(RESIDENT_SYSTEM).paths.certificate.read_bytes())
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value

    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]
