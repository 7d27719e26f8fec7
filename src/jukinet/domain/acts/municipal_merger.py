"""What a merger of municipalities (市町村の廃置分合) does to a household: the code and the wording of the address.

Since when a resident lives there, where he or she lived before, the household, the resident record code and the
Individual Number stay. It goes up as a minor correction (軽微な修正), which revokes no certificate.
Source: Order art. 12(2)(vii); Regulation (–2015) art. 21-2(iii).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.acts.mass_address_change import AddressRow, AddressRule, MassChangeKind, NewPlace, split_address
from jukinet.domain.addresses import list_beginnings, require_address_in
from jukinet.domain.errors import MalformedAddressError
from jukinet.domain.households import live_members
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.local_governments import find_local_government
from jukinet.domain.record_steps import RecordStep, revise
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.rules import Rule, enforces


class MergerRule:
    """What an address of the municipality that ceases becomes: a pure function of it."""

    __slots__ = ("_beginning", "_outgoing", "_prefecture", "_successor", "_towns")

    def __init__(
        self, outgoing: LocalGovernmentCode, successor: LocalGovernmentCode, rows: Iterable[AddressRow] = ()
    ) -> None:
        self._outgoing = outgoing
        self._successor = successor
        self._prefecture = find_local_government(outgoing).prefecture_name
        #: The longest way to begin is with prefecture and district.
        self._beginning = max(list_beginnings(successor), key=len).removeprefix(self._prefecture)
        self._towns = AddressRule(outgoing, MassChangeKind.TOWN_RENAMED, rows)

    @property
    def outgoing(self) -> LocalGovernmentCode:
        """Return the code of the municipality that ceases."""
        return self._outgoing

    @property
    def successor(self) -> LocalGovernmentCode:
        """Return the code of the municipality that continues it."""
        return self._successor

    def rewrite(self, address: str) -> NewPlace:
        """Return what the address becomes; the prefecture is left out where it was.

        Raises:
            MalformedAddressError: it does not begin with the name of the municipality that ceases.
        """
        renamed = self._towns.rewrite(self._outgoing.value, address)
        beginning, place = split_address(self._outgoing, address if renamed is None else renamed.address)
        if not beginning:
            raise MalformedAddressError("The address does not begin with the municipality's name.", field="address")
        prefecture = self._prefecture if beginning.startswith(self._prefecture) else ""
        row_number, postal_code = (0, None) if renamed is None else (renamed.row_number, renamed.postal_code)
        return NewPlace(row_number, f"{prefecture}{self._beginning}{place}", postal_code)


@enforces(Rule.MERGER_MOVES_NOBODY)
def plan_municipal_merger(
    rule: MergerRule, household: Sequence[ResidentRecord], *, effective_on: str
) -> tuple[RecordStep, ...]:
    """Return the steps of one household: each live member who still has the old code.

    Raises:
        MalformedAddressError, CharacterOutsideRepertoireError: what would be written cannot be an address there.
    """
    steps: list[RecordStep] = []
    for member in live_members(household):
        if member.municipality != rule.outgoing.value:
            continue
        found = rule.rewrite(member.address)
        require_address_in(rule.successor, found.address)
        steps.append(
            revise(
                member,
                reason=ActReason.MINOR_CORRECTION,
                acted_on=effective_on,
                notified_on=None,
                municipality=rule.successor.value,
                address=found.address,
                postal_code=found.postal_code or member.postal_code,
            )
        )
    return tuple(steps)
