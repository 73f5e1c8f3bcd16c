"""The published contract: which calls exist, what may be asked and what every answer must look like."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from payments.simulator.errors import ApiError
from payments.simulator.form_encoding import Typing, unflatten

PUBLISHED = Path(__file__).parent / "published" / "spec3.trimmed.json"
DROPPED_KEYWORDS = frozenset(["nullable", "description", "format"])
FORM = "application/x-www-form-urlencoded"
REMEMBERED = 100_000
NO_PARAMETERS = {"type": "object", "additionalProperties": False}

Schema = dict[str, Any]


@dataclass(frozen=True)
class Operation:
    """One call of the contract. template: its path with {names}; arguments: what stood in their place."""

    method: str
    template: str
    arguments: Mapping[str, str]
    schema: Mapping[str, Any]


class Contract:
    """Checks requests as strictly as Stripe does and answers more strictly: no field that it does not publish."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.version: str = document["info"]["version"]
        self._components: Schema = document["components"]["schemas"]
        self._typing = Typing(self._components)
        self._asked = _converted(self._components, _strict_request)
        self._answered = _converted(self._components, _strict_answer)
        self._routes = _routes(document["paths"])
        self._validators: dict[str, Draft202012Validator] = {}
        self._faultless: set[bytes] = set()

    def match(self, method: str, path: str) -> Operation | None:
        """The operation of a call, or None when the contract has no such call."""
        for route_method, pattern, template, schema in self._routes:
            found = pattern.fullmatch(path) if route_method == method.lower() else None
            if found:
                return Operation(method.upper(), template, found.groupdict(), schema)
        return None

    def parameters(self, operation: Operation, pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
        """Typed parameters of a call. Raises ApiError (400) in Stripe's words for the first that is wrong."""
        data: dict[str, Any] = self._typing.coerce(unflatten(pairs), operation.schema)
        name = f"{operation.method} {operation.template}"
        validator = self._validator(
            name, lambda: _convert(operation.schema, _strict_request), components=self._asked
        )
        error = best_match(validator.iter_errors(data))
        if error is not None:
            raise _refusal(error)
        return data

    def violations(self, answer: Mapping[str, Any]) -> list[str]:
        """What is wrong with an object, list or error of ours; empty when it keeps to the contract."""
        if answer.get("object") == "list":
            return [found for entry in answer["data"] for found in self.violations(entry)]
        # Most objects are shown many times as they are: a list of events is nothing else, and of an event only
        # the count of its deliveries changes.
        compared = {**answer, "pending_webhooks": 0} if answer.get("object") == "event" else answer
        digest = hashlib.sha256(json.dumps(compared).encode()).digest()
        if digest in self._faultless:
            return []
        found = self._violations_of(answer)
        if not found:
            if len(self._faultless) >= REMEMBERED:
                self._faultless.clear()
            self._faultless.add(digest)
        return found

    def _violations_of(self, answer: Mapping[str, Any]) -> list[str]:
        kind = answer.get("object", "error")
        if kind not in self._components:
            return [f"{kind}: not an object of the contract"]
        validator = self._validator(
            kind, lambda: {"$ref": f"#/components/schemas/{kind}"}, components=self._answered
        )
        found = [
            f"{kind}.{'.'.join(map(str, error.path))}: {error.message[:200]}"
            for error in validator.iter_errors(answer)
        ]
        if kind == "event" and not found:
            found = self.violations(answer["data"]["object"])
        return found

    def blank(self, kind: str) -> dict[str, Any]:
        """A new object of a kind with every field that may be null set to null, as Stripe returns them."""
        fields: Schema = self._components[kind]["properties"]
        hidden = {"line_items", "refunds"}  # only there when asked for by expand[]
        return {name: None for name, field in fields.items() if field.get("nullable") and name not in hidden}

    def _validator(
        self, name: str, schema: Callable[[], Mapping[str, Any]], *, components: Schema
    ) -> Draft202012Validator:
        if name not in self._validators:
            whole = {"components": {"schemas": components}, **schema()}
            self._validators[name] = Draft202012Validator(whole)
        return self._validators[name]


@cache
def published_contract() -> Contract:
    """The contract of the pinned SDK's version; one for the whole process."""
    return Contract(json.loads(PUBLISHED.read_text(encoding="utf-8")))


def _routes(paths: Mapping[str, Any]) -> list[tuple[str, re.Pattern[str], str, Schema]]:
    routes = []
    # Fixed paths before those with a name in them: /payment_intents/search before /payment_intents/{intent}.
    for template in sorted(paths, key=lambda path: path.count("{")):
        pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template))
        for method, operation in paths[template].items():
            routes.append((method, pattern, template, _parameter_schema(method, operation)))
    return routes


def _parameter_schema(method: str, operation: Mapping[str, Any]) -> Schema:
    if method == "post":
        schema: Schema = operation.get("requestBody", {}).get("content", {}).get(FORM, {}).get("schema")
        return schema or NO_PARAMETERS
    asked = [parameter for parameter in operation["parameters"] if parameter["in"] == "query"]
    return {
        "type": "object",
        "properties": {parameter["name"]: parameter["schema"] for parameter in asked},
        "required": [parameter["name"] for parameter in asked if parameter.get("required")],
        "additionalProperties": False,
    }


def _converted(components: Schema, tighten: Callable[[Mapping[str, Any], Schema], None]) -> Schema:
    return {name: _convert(schema, tighten) for name, schema in components.items()}


def _convert(schema: Any, tighten: Callable[[Mapping[str, Any], Schema], None]) -> Any:
    """OpenAPI 3.0 as JSON Schema 2020-12."""
    if isinstance(schema, list):
        return [_convert(entry, tighten) for entry in schema]
    if not isinstance(schema, Mapping):
        return schema
    result: Schema = {}
    for key, value in schema.items():
        if key == "properties":
            # Names of fields, not keywords: a field may well be called "description".
            result[key] = {name: _convert(field, tighten) for name, field in value.items()}
        elif key not in DROPPED_KEYWORDS and not key.startswith("x-"):
            result[key] = _convert(value, tighten)
    tighten(schema, result)
    return _or_null(result) if schema.get("nullable") and result else result


def _or_null(schema: Schema) -> Schema:
    if not isinstance(schema.get("type"), str):
        return {"anyOf": [schema, {"type": "null"}]}
    # The same, but three times as fast to check: the other keywords say nothing about null.
    allowed = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, "type": [schema["type"], "null"], **allowed}


def _strict_request(schema: Mapping[str, Any], result: Schema) -> None:
    # An empty text unsets a field at Stripe; where that is allowed the contract lists "" itself.
    if schema.get("type") == "string" and "enum" not in schema:
        result["minLength"] = 1
    if isinstance(result.get("additionalProperties"), dict):
        result["additionalProperties"].pop("minLength", None)


def _strict_answer(schema: Mapping[str, Any], result: Schema) -> None:
    if "properties" in schema and "additionalProperties" not in schema and "x-stub" not in schema:
        result["additionalProperties"] = False


def _refusal(error: ValidationError) -> ApiError:
    path = [str(step) for step in error.absolute_path]
    schema: Any = error.schema
    expected: Any = error.validator_value
    if error.validator == "additionalProperties":
        unknown = next(name for name in _names(error) if name not in schema.get("properties", {}))
        param = _bracketed([*path, unknown])
        return ApiError(400, f"Received unknown parameter: {param}", code="parameter_unknown", param=param)
    if error.validator == "required":
        absent = next(name for name in expected if name not in _names(error))
        param = _bracketed([*path, absent])
        return ApiError(400, f"Missing required param: {param}.", code="parameter_missing", param=param)
    param = _bracketed(path)
    if error.validator == "minLength":
        message = f"You passed an empty string for '{param}'. Leave the parameter out instead."
        return ApiError(400, message, code="parameter_invalid_empty", param=param)
    if error.validator == "type" and expected == "integer":
        message = f"Invalid integer: {str(error.instance)[:80]}"
        return ApiError(400, message, code="parameter_invalid_integer", param=param)
    return ApiError(400, f"Invalid {param}: {error.message[:160]}", param=param)


def _names(error: ValidationError) -> list[str]:
    instance: Any = error.instance
    return list(instance)


def _bracketed(path: Sequence[str]) -> str:
    return "".join(path[:1]) + "".join(f"[{step}]" for step in path[1:])
