"""What the resolver knows: a walk over all of its addresses."""

from collections.abc import Iterator

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver


def own_routes() -> set[str]:
    """Names of all routes outside the admin; an address without a name is named by its pattern."""
    return {name for name, _pattern in _walk(get_resolver()) if not name.startswith("admin:")}


def admin_routes() -> set[str]:
    """Names of the admin's routes that belong to no model."""
    about_models = tuple(f"admin:{_model_key(model)}_" for model in admin.site._registry)
    names = {name for name, _pattern in _walk(get_resolver()) if name.startswith("admin:")}
    return {name for name in names if not name.startswith(about_models) and not name.endswith(":")}


def admin_model_routes() -> dict[str, set[str]]:
    """Pages of the admin by model: "partner.partner" -> changelist, add and so on."""
    names = {name for name, _pattern in _walk(get_resolver())}
    found: dict[str, set[str]] = {}
    for model in admin.site._registry:
        prefix = f"admin:{_model_key(model)}_"
        found[model._meta.label_lower] = {
            name.removeprefix(prefix) for name in names if name.startswith(prefix)
        }
    return found


def _model_key(model: type) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}"


def _walk(resolver: URLResolver, spaces: tuple[str, ...] = (), before: str = "") -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        pattern = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, (*spaces, entry.namespace) if entry.namespace else spaces, pattern)
        elif isinstance(entry, URLPattern):
            # Old addresses of the admin have no name, and lead to others that have.
            yield ":".join([*spaces, entry.name or ("" if spaces else pattern)]), pattern
