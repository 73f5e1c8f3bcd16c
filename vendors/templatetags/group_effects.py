"""What a state of a group means, for pages and notices; the words are in vendors.effects."""

from django import template

from vendors.effects import EFFECTS, Effect

register = template.Library()


@register.simple_tag
def effect_lines(state: str) -> str:
    """The lines as plain text, for a notice; empty for a state that there is not."""
    effect = EFFECTS.get(state)
    return "\n".join(f"{head}: {words}" for head, words in effect.lines) if effect else ""


@register.simple_tag
def group_effect(state: str) -> Effect | None:
    """The effect of a state, for a page."""
    return EFFECTS.get(state)
