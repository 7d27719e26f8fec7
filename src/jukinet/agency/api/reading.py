"""Reading a request: closed in form. What is not of it is refused by field and rule, and never by its value."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec
from litestar import Request

from jukinet.domain.errors import JukinetError, MalformedRequestError, MediaTypeNotReadError, UnknownParameterError
from jukinet.domain.rules import Rule, enforces

IDEMPOTENCY_KEY: Final = "Idempotency-Key"
_KEY_FORM: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")
_JSON: Final = "application/json"
_BAD_REQUEST: Final = 400
_MEDIA_TYPE: Final = 415
#: So written a parameter has one form only, and none that overflows.
_INTEGER: Final = re.compile(r"0|[1-9][0-9]{0,17}")
#: What msgspec says, the rule it means, and our sentence.
_RULES: Final = (
    ("Object contains unknown field", "unknown_field", "There is no such field."),
    ("Object missing required field", "required", "This field is needed."),
    ("Expected `str` matching regex", "pattern", "This field is not written as it must be."),
    ("Expected `str` of length", "length", "This field is too short or too long."),
    ("Expected `array` of length", "length", "This list is too short or too long."),
    ("Invalid enum value", "enum", "The value is not in the list of this field."),
    ("Expected `int` >=", "range", "This number is too small."),
    ("Expected `int` <=", "range", "This number is too large."),
    ("Expected", "type", "This field is of the wrong type."),
)
#: A name of a field that may be repeated to the sender: anything else could be a person's name.
_NAME: Final = re.compile(r"field `([a-z_]{1,40})`")


class UnreadableRequest(Exception):  # noqa: N818 - it carries a refusal of the tree, and never leaves the API
    """A request that is not of the documented form. It carries what to answer."""

    def __init__(self, error: JukinetError, *, rule: str, status: int = _BAD_REQUEST) -> None:
        super().__init__(error.code)
        self.error: Final = error
        self.rule: Final = rule
        self.status: Final = status


def require_no_parameters(request: Request[Any, Any, Any]) -> None:
    """Refuse any parameter in the address, where none is documented: personal data does not belong there."""
    if request.scope["query_string"]:
        raise UnreadableRequest(UnknownParameterError(field="query"), rule="unknown_parameter")


def read_parameters(request: Request[Any, Any, Any], kind: type[msgspec.Struct]) -> Any:  # noqa: ANN401 - the kind
    """Return the documented parameters in the address; any other, and one that is said twice, is refused."""
    try:
        pairs = parse_qsl(request.scope["query_string"].decode("ascii"), keep_blank_values=True, strict_parsing=True)
    except ValueError:
        pairs = [("", "")] if request.scope["query_string"] else []
    said = dict(pairs)
    if len(said) < len(pairs) or not said.keys() <= {*kind.__struct_fields__}:
        raise UnreadableRequest(UnknownParameterError(field="query"), rule="unknown_parameter")
    if not all(_INTEGER.fullmatch(text) for text in said.values()):
        message = "A parameter is a whole number."
        raise UnreadableRequest(MalformedRequestError(message, field="query"), rule="type")
    try:
        return msgspec.convert({name: int(text) for name, text in said.items()}, kind)
    except msgspec.ValidationError as error:
        raise _refusal_of(str(error)) from None


def read_key(request: Request[Any, Any, Any]) -> str | None:
    """Return the idempotency key, where there is one."""
    key = request.headers.get(IDEMPOTENCY_KEY)
    if key is not None and _KEY_FORM.fullmatch(key) is None:
        message = "A key has 16 to 64 letters, digits, hyphens and underscores."
        raise UnreadableRequest(MalformedRequestError(message, field=IDEMPOTENCY_KEY), rule="pattern")
    return key


async def read_content(request: Request[Any, Any, Any], decoder: msgspec.json.Decoder[Any]) -> Any:  # noqa: ANN401 - as it says
    """Return the body as the decoder's type."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != _JSON:
        raise UnreadableRequest(MediaTypeNotReadError(field="Content-Type"), rule="media_type", status=_MEDIA_TYPE)
    return decode(await request.body(), decoder)


@enforces(Rule.CLOSED_DATA)
def decode(content: bytes, decoder: msgspec.json.Decoder[Any]) -> Any:  # noqa: ANN401 - the decoder's type
    """Return JSON as the decoder's type; raise UnreadableRequest with the field and the rule."""
    try:
        return decoder.decode(content)
    except msgspec.ValidationError as error:
        raise _refusal_of(str(error)) from None
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise UnreadableRequest(MalformedRequestError("The body is not JSON.", field="body"), rule="json") from None


def _refusal_of(text: str) -> UnreadableRequest:
    said, _, path = text.partition(" - at `")
    rule, sentence = next((rule, sentence) for start, rule, sentence in _RULES if said.startswith(start))
    place = path.rstrip("`").removeprefix("$").removeprefix(".")
    named = _NAME.search(said)
    if named is not None:
        place = f"{place}.{named[1]}".removeprefix(".")
    return UnreadableRequest(MalformedRequestError(sentence, field=place or "body"), rule=rule)
