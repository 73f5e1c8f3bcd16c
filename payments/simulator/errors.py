"""Refusals in the shape that Stripe gives them."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A refusal of one request: HTTP status and Stripe's error object.

    type: Stripe's class of error ("invalid_request_error", "idempotency_error", "api_error", ...).
    code, param: Stripe's own words, empty where it gives none.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        type: str = "invalid_request_error",  # noqa: A002 - Stripe's name of the field
        code: str = "",
        param: str = "",
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.type = type
        self.code = code
        self.param = param

    def body(self) -> dict[str, Any]:
        """The answer's JSON."""
        error = {"type": self.type, "message": self.message}
        if self.code:
            error["code"] = self.code
        if self.param:
            error["param"] = self.param
        return {"error": error}


def missing_resource(kind: str, object_id: str, param: str = "id") -> ApiError:
    """There is no such object: 404."""
    noun = kind.replace("_", " ")
    return ApiError(404, f"No such {noun}: '{object_id}'", code="resource_missing", param=param)
