"""How the national node makes an Individual Number (個人番号) out of a resident record code (住民票コード).

HMAC-SHA256 (RFC 2104, FIPS 180-4) of the code and a counter, under a key that only the national node has, reduced to
the digits in front of the check digit. Without the key nothing about the code can be learnt from the number; with it
the code can be tested but not computed. The counter goes on where a number is taken, and where it is changed.

Source: Individual Number Act art. 8(2); its Order art. 8; Ministerial Ordinance 85 of 2014 art. 5.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Final

from jukinet.domain.errors import SecretUnreadableError
from jukinet.domain.individual_number import BODY_LENGTH, IndividualNumber
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.domain.rules import Rule, enforces

#: A key is as long as the digest: RFC 2104 section 3.
KEY_BYTES: Final = 32
#: Says what the key is used for, so that the same key used for anything else would give nothing in common.
_PURPOSE: Final = b"jukinet individual number 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberDerivation:
    """The function that makes numbers: its key, and the digits a node that is not in production begins them with."""

    key: bytes = field(repr=False)
    prefix: str = ""

    def __post_init__(self) -> None:
        """Refuse a key that is too short to keep the function secret."""
        if len(self.key) < KEY_BYTES:
            raise SecretUnreadableError(f"The key of Individual Numbers has at least {KEY_BYTES} bytes.")

    @enforces(Rule.INDIVIDUAL_NUMBER_DERIVATION)
    def derive(self, resident_record_code: ResidentRecordCode, serial: int) -> IndividualNumber:
        """Return the number that the code gives with this value of the counter, from 1."""
        said = b"%s/%s/%d" % (_PURPOSE, resident_record_code.value.encode("ascii"), serial)
        digest = hmac.new(self.key, said, hashlib.sha256).digest()
        digits = BODY_LENGTH - len(self.prefix)
        # 256 bits reduced to eleven digits: every number is as likely as any other to one part in 2^219.
        return IndividualNumber.from_body(f"{self.prefix}{int.from_bytes(digest, 'big') % 10**digits:0{digits}d}")
