"""The configuration of a node: one TOML file, read once, frozen. Secrets are paths, never values."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import msgspec

from jukinet.domain.clock import Clock
from jukinet.domain.code_allotment import DAILY_QUOTA
from jukinet.domain.errors import ConfigurationError, MalformedNodeNameError
from jukinet.postgres.database import DatabaseConfig
from jukinet.protocol.node_names import NodeKind, NodeName
from jukinet.transport.identity import IdentityPaths

#: 0 lets the system choose, which only tests want.
_Port = Annotated[int, msgspec.Meta(ge=0, le=65535)]
#: A hundred years each way: all eras of the network, and nothing a date cannot hold.
_Offset = Annotated[float, msgspec.Meta(ge=-3.2e9, le=3.2e9)]


class LineConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The dedicated line: where messages are received, with which identity."""

    host: str = "127.0.0.1"
    port: _Port
    #: Directory with key.pem, certificate.pem and network.pem, as `jukinet pki enrol` writes them.
    identity: Path
    #: The newest revocation list this node has. The node replaces it when it hears of a newer one.
    revocation_list: Path
    #: The file that says where each node is reached.
    directory: Path


class ScreensConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The screens for people: where, and with which server certificate."""

    host: str = "127.0.0.1"
    port: _Port
    certificate: Path
    key: Path


class ResidentSystemConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The municipality's own resident system (既存住基システム), which keeps the register in place of this node."""

    #: The directory where it may drop files of changes; without one it speaks on the line only.
    files: Path | None = None


class DocumentsConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The documents a municipality issues (証明書) and the letters of an upper tier: who signs, with which key."""

    #: Key and certificate for signing documents, as `enrol_documents` writes them; without them nothing is issued.
    key: Path | None = None
    certificate: Path | None = None
    mayor_name: str = ""
    office: str = ""
    contact: str = ""
    #: The address of the residents' pages, as the enrolment letter says it.
    resident_page: str = ""
    #: Yen by kind of document, where the ordinance says other than 300.
    fees: dict[str, Annotated[int, msgspec.Meta(ge=0, le=100_000)]] = msgspec.field(default_factory=dict)


class RateLimitConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How often an organ may ask (照会の頻度の上限)."""

    #: In the long run.
    per_second: Annotated[float, msgspec.Meta(gt=0, le=1_000_000)] = 1_000.0
    #: At once, after a pause.
    burst: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)] = 2_000


class ApiConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An API beside the line: where, and how often one program may ask it.

    An agency node has it for the organ's own systems, the national node for the portals that show people their uses.
    """

    host: str = "127.0.0.1"
    port: _Port
    #: In the long run.
    per_second: Annotated[float, msgspec.Meta(gt=0, le=1_000_000)] = 200.0
    #: At once, after a pause.
    burst: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)] = 400


class UsagePortalConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A portal that shows people who used their information."""

    #: Whether it may ask for somebody other than who is signed in to it, having seen to it that he or she may.
    may_represent: bool = False


class NodeConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything a node is told at its start."""

    name: str
    database: DatabaseConfig
    line: LineConfig
    screens: ScreensConfig | None = None
    #: The residents' pages (national node only): where, and with which server certificate. Without it there are none.
    resident_screens: ScreensConfig | None = None
    #: Who may migrate the database; only `jukinet db migrate` reads it.
    owner: DatabaseConfig | None = None
    #: Only a production node prints without 見本 and allots codes outside the reserved synthetic range.
    is_production: bool = False
    #: The organ of the Appended Tables each agency node stands for, by the agency's code; and further offices of a
    #: local government, by its node's name (national node only).
    organs: dict[str, str] = msgspec.field(default_factory=dict)
    #: How often an organ may ask, by the agency's code (national node only); the others go by `usual_rate_limit`.
    rate_limits: dict[str, RateLimitConfig] = msgspec.field(default_factory=dict)
    usual_rate_limit: RateLimitConfig = RateLimitConfig()
    #: The most resident record codes one municipality is given in one day (national node only).
    daily_code_quota: Annotated[int, msgspec.Meta(ge=1)] = DAILY_QUOTA
    #: The file with the secret key that Individual Numbers are made with (national node only).
    individual_number_key: Path | None = None
    #: Days after which lines and results of batch files are deleted (national node only).
    batch_retention_days: Annotated[int, msgspec.Meta(ge=1, le=366)] = 30
    #: The code of the agency node that is the certification linkage server (認証業務連携サーバ), where there is one
    #: (national node only).
    certification_linkage: str = ""
    #: Days after which events of the change feed are deleted (national node only).
    feed_retention_days: Annotated[int, msgspec.Meta(ge=1, le=3_660)] = 400
    #: The resident system that is connected (municipal node only). Without it this node keeps the register itself.
    resident_system: ResidentSystemConfig | None = None
    #: Procedures, by the names of their screens, that another operator reviews before they are recorded (municipal node
    #: only), such as ["death", "cancellation"].
    reviewed_procedures: frozenset[str] = frozenset()
    #: What documents and letters are issued with (every node but an agency).
    documents: DocumentsConfig | None = None
    #: The API for the organ's own systems (agency node) or for usage portals (national node), where there is one.
    api: ApiConfig | None = None
    #: The portals that may ask for a person's uses, by the name in their certificate (national node only).
    usage_portals: dict[str, UsagePortalConfig] = msgspec.field(default_factory=dict)
    #: How long an agency node keeps which queries it made; what was answered it never keeps.
    queries_kept_days: Annotated[int, msgspec.Meta(ge=1, le=36_500)] = 1_096
    #: How long an agency node keeps the events of the change feed.
    feed_kept_days: Annotated[int, msgspec.Meta(ge=1, le=3_660)] = 92
    #: How far this node's clock stands from the machine's, in seconds: a rehearsal runs as of another day (I12).
    clock_offset: _Offset = 0.0

    @property
    def node_name(self) -> NodeName:
        """Return the node's name."""
        return NodeName.parse(self.name)

    @property
    def kind(self) -> NodeKind:
        """Return the node's kind."""
        return self.node_name.kind

    @property
    def identity_paths(self) -> IdentityPaths:
        """Return where the node's identity is."""
        return IdentityPaths.under(self.line.identity)

    def clock(self, machine: Clock) -> Clock:
        """Return the node's clock, given the machine's."""
        if not self.clock_offset:
            return machine
        offset = timedelta(seconds=self.clock_offset)

        def shifted() -> datetime:
            return machine() + offset

        return shifted


def load_config(path: Path) -> NodeConfig:
    """Return the configuration in `path`; relative paths in it are relative to its directory.

    Raises:
        ConfigurationError: the file cannot be read, or names the item that is wrong.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        config = msgspec.convert(content, NodeConfig, dec_hook=_decode)
        if not NodeName.parse(config.name).kind.is_node:
            raise ConfigurationError(f"{path}: {config.name} is no node of ours.", field="name")
    except OSError as error:
        message = f"The configuration file {path} cannot be read: {error.strerror}."
        raise ConfigurationError(message) from None
    except MalformedNodeNameError as error:
        raise ConfigurationError(f"{path}: {error.detail}", field="name") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise ConfigurationError(f"{path}: {error}") from None
    return _resolve(config, path.absolute().parent)


def _decode(kind: type, value: object) -> object:
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise NotImplementedError


def _resolve(config: NodeConfig, base: Path) -> NodeConfig:
    replace = msgspec.structs.replace
    line = replace(
        config.line,
        identity=base / config.line.identity,
        revocation_list=base / config.line.revocation_list,
        directory=base / config.line.directory,
    )
    owner, key = config.owner, config.individual_number_key
    connected = config.resident_system
    if connected is not None and connected.files is not None:
        connected = replace(connected, files=base / connected.files)
    return replace(
        config,
        individual_number_key=None if key is None else base / key,
        line=line,
        resident_system=connected,
        screens=_resolve_screens(config.screens, base),
        resident_screens=_resolve_screens(config.resident_screens, base),
        documents=_resolve_documents(config.documents, base),
        database=_resolve_password(config.database, base),
        owner=None if owner is None else _resolve_password(owner, base),
    )


def _resolve_screens(screens: ScreensConfig | None, base: Path) -> ScreensConfig | None:
    if screens is None:
        return None
    return msgspec.structs.replace(screens, certificate=base / screens.certificate, key=base / screens.key)


def _resolve_documents(documents: DocumentsConfig | None, base: Path) -> DocumentsConfig | None:
    if documents is None:
        return None
    key, certificate = documents.key, documents.certificate
    return msgspec.structs.replace(
        documents,
        key=None if key is None else base / key,
        certificate=None if certificate is None else base / certificate,
    )


def _resolve_password(database: DatabaseConfig, base: Path) -> DatabaseConfig:
    if database.password_file is None:
        return database
    return msgspec.structs.replace(database, password_file=base / database.password_file)
