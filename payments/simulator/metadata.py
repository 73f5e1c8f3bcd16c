"""Metadata: up to 50 short texts on an object."""

from __future__ import annotations

from payments.simulator.errors import ApiError
from payments.simulator.store import JsonObject

MAXIMUM_KEYS = 50
MAXIMUM_KEY_LENGTH = 40
MAXIMUM_VALUE_LENGTH = 500


def apply_metadata(subject: JsonObject, params: JsonObject) -> JsonObject:
    """Add to the metadata of an object, or take from it; returns the fields as they were, empty for no change.

    params: "metadata" of the call; an empty text unsets a key, or all of them.
    """
    if "metadata" not in params:
        return {}
    before = dict(subject["metadata"] or {})
    change = params["metadata"]
    subject["metadata"] = checked_metadata({**before, **change}) if change else {}
    return {"metadata": before} if subject["metadata"] != before else {}


def checked_metadata(metadata: dict[str, str]) -> dict[str, str]:
    """The metadata without the keys that an empty text unsets. Raises ApiError (400) beyond Stripe's limits."""
    kept = {key: value for key, value in metadata.items() if value != ""}
    if len(kept) > MAXIMUM_KEYS:
        raise ApiError(400, f"Metadata can have up to {MAXIMUM_KEYS} keys.", param="metadata")
    for key, value in kept.items():
        if len(key) > MAXIMUM_KEY_LENGTH:
            raise ApiError(
                400, f"Metadata keys can be up to {MAXIMUM_KEY_LENGTH} characters.", param="metadata"
            )
        if len(value) > MAXIMUM_VALUE_LENGTH:
            message = f"Metadata values can be up to {MAXIMUM_VALUE_LENGTH} characters."
            raise ApiError(400, message, param=f"metadata[{key}]")
    return kept
