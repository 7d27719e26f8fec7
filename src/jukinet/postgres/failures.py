"""What a failure of PostgreSQL means for us. The database's own text never passes: it quotes the values."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Final

import psycopg
from psycopg import errors as postgres_errors

from jukinet.domain.errors import (
    BusyError,
    ConstraintViolatedError,
    DatabaseUnavailableError,
    InternalError,
    JukinetError,
    MigrationError,
    StorageFullError,
)

#: Classes of SQLSTATE (its first two characters) that mean: the server went away or lets nobody in.
_UNAVAILABLE_CLASSES: Final = frozenset({"08", "28", "57"})
#: A query cancelled by a time limit (57014) says nothing about the server's health.
_QUERY_CANCELED: Final = "57014"
#: Another transaction was in the way: repeating is the cure.
_BUSY_STATES: Final = frozenset({"40001", "40P01", "55P03", "53300", _QUERY_CANCELED})
_STORAGE_FULL_STATES: Final = frozenset({"53100"})
#: The tables or columns this version of the program expects are not there.
_UNDEFINED_STATES: Final = frozenset({"42P01", "42703", "3F000", "42883"})


def translate_failure(failure: psycopg.Error) -> JukinetError:
    """Return the refusal that stands for `failure`, and blank `failure` itself (see `blank`).

    Only the SQLSTATE and the constraint's name are kept.
    """
    state = failure.sqlstate
    constraint_name = failure.diag.constraint_name
    blank(failure)
    if state in _STORAGE_FULL_STATES:
        return StorageFullError()
    if state in _BUSY_STATES:
        return BusyError(f"The database is busy (SQLSTATE {state}): wait and repeat.")
    if isinstance(failure, postgres_errors.IntegrityError):
        return ConstraintViolatedError(constraint_name=constraint_name)
    if state in _UNDEFINED_STATES:
        return MigrationError(f"The database lacks a table this version needs (SQLSTATE {state}): migrate it.")
    if _is_connection_loss(failure, state):
        return DatabaseUnavailableError()
    return InternalError(f"The database refused a statement (SQLSTATE {state or 'none'}).")


def blank(failure: psycopg.Error) -> None:
    """Make `failure` forget the database's text and its connection's parameters, the password among them.

    Python keeps what was being handled as the context of what is raised, even `from None`; whoever logs contexts
    would otherwise log `DETAIL: Key (code)=(…)`.
    """
    psycopg.Error.__init__(failure, f"SQLSTATE {failure.sqlstate}")


def _is_connection_loss(failure: psycopg.Error, state: str | None) -> bool:
    if state is not None:
        return state[:2] in _UNAVAILABLE_CLASSES
    return isinstance(failure, psycopg.OperationalError)


@contextmanager
def translated_failures() -> Generator[None, None, None]:
    """Replace every psycopg error that leaves the block by ours (see `translate_failure`)."""
    try:
        yield
    except psycopg.Error as failure:
        raise translate_failure(failure) from None


@contextmanager
def violations_as(refusals: Mapping[str, type[JukinetError]]) -> Generator[None, None, None]:
    """Raise the named refusal when one of these constraints is violated in the block.

    A store wraps its statement with it: `with violations_as({"resident_pkey": DuplicateResidentRecordCodeError}):`.
    Other failures pass as `translate_failure` says.
    """
    try:
        yield
    except psycopg.Error as failure:
        refusal = translate_failure(failure)
        if isinstance(refusal, ConstraintViolatedError):
            named = refusals.get(refusal.constraint_name or "")
            if named is not None:
                raise named from None
        raise refusal from None
