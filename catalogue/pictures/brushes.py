"""Brushes for the product drawings: flat shapes, light from the upper left, dyes instead of colours.

Arguments go by position here, place and size as in SVG: the drawings are hundreds of strokes to be read as lists.
"""

from math import cos, radians, sin

from regions.weave.dyes import DYES

# Short names keep the drawings readable: letter for the dye, then nothing (mid), L (light) or D (deep).
MA, MAL, MAD = DYES["madder"], DYES["madder-light"], DYES["madder-deep"]
IN, INL, IND = DYES["indigo"], DYES["indigo-light"], DYES["indigo-deep"]
TU, TUL, TUD = DYES["turmeric"], DYES["turmeric-light"], DYES["turmeric-deep"]
WA, WAL, WAD = DYES["walnut"], DYES["walnut-light"], DYES["walnut-deep"]
LA, LAL, LAD = DYES["lac"], DYES["lac-light"], DYES["lac-deep"]
SA, SAL, SAD = DYES["sage"], DYES["sage-light"], DYES["sage-deep"]
UN, UNL, UND = DYES["undyed"], DYES["undyed-light"], DYES["undyed-deep"]
SF, SFL, SFD = DYES["saffron"], DYES["saffron-light"], DYES["saffron-deep"]


def n(number: float) -> str:
    """A number as short as a picture needs it."""
    text = f"{number:.1f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def fill(colour: str, path: str) -> str:
    """A filled shape."""
    return f'<path fill="{colour}" d="{path}"/>'


def line(colour: str, width: float, path: str, dash: str = "") -> str:
    """A brush stroke with round ends; a dash such as "0 12" makes a row of dots."""
    dots = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<path fill="none" stroke="{colour}" stroke-width="{n(width)}" stroke-linecap="round" '
        f'stroke-linejoin="round"{dots} d="{path}"/>'
    )


def disc(colour: str, x: float, y: float, r: float) -> str:
    """A circle."""
    return f'<circle fill="{colour}" cx="{n(x)}" cy="{n(y)}" r="{n(r)}"/>'


def oval(colour: str, x: float, y: float, rx: float, ry: float, turn: float = 0) -> str:
    """An ellipse, turned clockwise by degrees."""
    turned = f' transform="rotate({n(turn)} {n(x)} {n(y)})"' if turn else ""
    return f'<ellipse fill="{colour}" cx="{n(x)}" cy="{n(y)}" rx="{n(rx)}" ry="{n(ry)}"{turned}/>'


def box(colour: str, x: float, y: float, w: float, h: float, r: float = 0) -> str:
    """A rectangle with round corners."""
    return f'<rect fill="{colour}" x="{n(x)}" y="{n(y)}" width="{n(w)}" height="{n(h)}" rx="{n(r)}"/>'


def at(x: float, y: float, *parts: str, turn: float = 0, size: float = 1, squash: float = 1) -> str:
    """Parts drawn round 0,0 set down at x,y, turned and scaled."""
    rotate = f" rotate({n(turn)})" if turn else ""
    scale = f" scale({size:g} {size * squash:g})" if squash != 1 else f" scale({size:g})" if size != 1 else ""
    return f'<g transform="translate({n(x)} {n(y)}){rotate}{scale}">{"".join(parts)}</g>'


def crescent(
    colour: str, x: float, y: float, r: float, start: float = -60, end: float = 140, bow: float = 1.35
) -> str:
    """The shaded side of a ball, from angle start to end (0 is right, clockwise)."""
    x1, y1 = x + r * cos(radians(start)), y + r * sin(radians(start))
    x2, y2 = x + r * cos(radians(end)), y + r * sin(radians(end))
    large = 1 if end - start > 180 else 0
    inner = n(r * bow)
    return fill(
        colour,
        f"M{n(x1)} {n(y1)}A{n(r)} {n(r)} 0 {large} 1 {n(x2)} {n(y2)}A{inner} {inner} 0 0 0 {n(x1)} {n(y1)}z",
    )


def ball(x: float, y: float, r: float, base: str, shade: str, light: str = "") -> str:
    """A round thing with its shade and, if wanted, a glint."""
    glint = oval(light, x - r * 0.42, y - r * 0.45, r * 0.2, r * 0.12, -42) if light else ""
    return disc(base, x, y, r) + crescent(shade, x, y, r) + glint


def leaf(
    x: float, y: float, length: float, width: float, turn: float, base: str = SA, shade: str = SAD
) -> str:
    """A leaf growing from x,y; the half away from the light is in shade."""
    tip, mid = n(length), n(length * 0.45)
    upper = fill(base, f"M0 0Q{mid} {n(-width)} {tip} 0z")
    lower = fill(shade, f"M0 0Q{mid} {n(width)} {tip} 0z")
    return at(x, y, upper, lower, turn=turn)


def ear(x: float, y: float, pairs: int, turn: float, base: str, shade: str, size: float = 1) -> str:
    """An ear of grain growing upwards from x,y."""
    left = "".join(f"M0 {n(-12.5 * i)}q-15-5-12-21q13 5 12 21z" for i in range(pairs))
    right = "".join(f"M0 {n(-12.5 * i)}q15-5 12-21q-13 5-12 21z" for i in range(pairs))
    top = f"M0 {n(-12.5 * pairs + 4)}q-8-12 0-24q8 12 0 24z"
    return at(x, y, fill(shade, right), fill(base, left + top), turn=turn, size=size)


def shadow(width: float = 74, x: float = 120, y: float = 207) -> str:
    """Where the thing stands."""
    return f'<ellipse cx="{n(x)}" cy="{n(y)}" rx="{n(width)}" ry="{n(max(5, width * 0.1))}" fill="{WAD}" opacity=".16"/>'


def bowl(
    base: str, shade: str, rim: str, *, top: float = 128, half: float = 78, depth: float = 72, x: float = 120
) -> str:
    """A bowl seen from the side, with foot and rim."""
    body = f"M{n(x - half)} {n(top)}h{n(2 * half)}c0 {n(depth * 0.62)}-{n(half * 0.42)} {n(depth)}-{n(half)} {n(depth)}"
    body += f"s-{n(half)}-{n(depth * 0.38)}-{n(half)}-{n(depth)}z"
    dark = f"M{n(x + half)} {n(top)}c0 {n(depth * 0.62)}-{n(half * 0.42)} {n(depth)}-{n(half)} {n(depth)}"
    dark += (
        f"c{n(half * 0.3)}-{n(depth * 0.1)} {n(half * 0.55)}-{n(depth * 0.5)} {n(half * 0.58)}-{n(depth)}z"
    )
    foot = fill(
        shade, f"M{n(x - half * 0.38)} {n(top + depth - 6)}h{n(half * 0.76)}l4 14h-{n(half * 0.76 + 8)}z"
    )
    return foot + fill(base, body) + fill(shade, dark) + box(rim, x - half - 5, top - 6, 2 * half + 10, 12, 6)
