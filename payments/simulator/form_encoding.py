"""Stripe's bracketed form fields, turned into nested values and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from payments.simulator.errors import ApiError

NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
MAXIMUM_DEPTH = 12


def unflatten(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Nest pairs such as ("line_items[0][quantity]", "2"); lists stay dicts of index until typed by a schema.

    Raises ApiError for a name that is not bracketed rightly or that is both a value and a group.
    """
    root: dict[str, Any] = {}
    for name, value in pairs:
        found = NAME.fullmatch(name)
        keys = [found[1], *re.findall(r"\[([^\[\]]*)\]", found[2])] if found else []
        if not 0 < len(keys) <= MAXIMUM_DEPTH:
            raise ApiError(400, f"Invalid parameter name: {name[:80]}", param=name[:80])
        group = root
        for key in keys[:-1]:
            group = group.setdefault(key or str(len(group)), {})
            if not isinstance(group, dict):
                raise ApiError(400, f"Invalid parameter: {name} is given twice", param=name)
        last = keys[-1] or str(len(group))
        if isinstance(group.get(last), dict):
            raise ApiError(400, f"Invalid parameter: {name} is given twice", param=name)
        group[last] = value
    return root


class Typing:
    """Gives nested text its types by a schema. components: the schemas that a $ref may name."""

    def __init__(self, components: Mapping[str, Any]) -> None:
        self._components = components

    def coerce(self, value: Any, schema: Mapping[str, Any]) -> Any:
        """The value with numbers, booleans and lists where the schema has them; what does not fit stays text."""
        schema = self._follow(schema)
        if "anyOf" in schema:
            branches = [self._follow(branch) for branch in schema["anyOf"]]
            schema = next((branch for branch in branches if _fits(value, branch)), branches[-1])
            if "anyOf" in schema:
                return self.coerce(value, schema)
        if isinstance(value, dict):
            return self._coerce_group(value, schema)
        return _coerce_text(value, schema.get("type", ""))

    def _follow(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in schema:
            schema = self._components[schema["$ref"].rsplit("/", 1)[-1]]
        return schema

    def _coerce_group(self, group: dict[str, Any], schema: Mapping[str, Any]) -> Any:
        if schema.get("type") == "array":
            if not all(key.isascii() and key.isdigit() for key in group):
                return group
            return [self.coerce(group[key], schema.get("items", {})) for key in sorted(group, key=int)]
        named = schema.get("properties", {})
        rest = schema.get("additionalProperties")
        other = rest if isinstance(rest, Mapping) else {}
        return {key: self.coerce(value, named.get(key, other)) for key, value in group.items()}


def _fits(value: Any, schema: Mapping[str, Any]) -> bool:
    if isinstance(value, dict):
        return schema.get("type") in ("object", "array")
    if schema.get("type") == "integer":
        return isinstance(_coerce_text(value, "integer"), int)
    if "enum" in schema:
        return value in schema["enum"]
    return schema.get("type") not in ("object", "array")


def _coerce_text(text: str, kind: str) -> Any:
    if kind == "integer" and re.fullmatch(r"-?[0-9]{1,18}", text):
        return int(text)
    if kind == "number" and re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,12})?", text):
        return float(text)
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    return text
