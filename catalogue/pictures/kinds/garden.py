"""Vegetables, mushrooms, herbs and flowers."""

from catalogue.pictures.brushes import (
    LA,
    LAD,
    LAL,
    MA,
    MAD,
    MAL,
    SA,
    SAD,
    SAL,
    SF,
    SFD,
    SFL,
    TU,
    TUD,
    UN,
    UND,
    UNL,
    WA,
    WAD,
    WAL,
    at,
    box,
    crescent,
    disc,
    fill,
    leaf,
    line,
    oval,
    shadow,
)


def vegetable() -> str:
    """A bunch of carrots."""
    root = (
        fill(SF, "M-21-2C-22 40-12 92 2 132 14 92 24 40 21-2 12-12-12-12-21-2z")
        + fill(SFD, "M21-2C24 40 14 92 2 132-1 92 8 40 6-9 13-8 18-6 21-2z")
        + line(SFD, 3, "M-18 22h12M-15 54h10M14 38H4M-10 84h8")
    )
    greens = "".join(
        leaf(x, 80, length, 26, turn, base, SAD)
        for x, length, turn, base in (
            (104, 62, -138, SA),
            (136, 62, -42, SA),
            (110, 72, -114, SA),
            (130, 72, -66, SA),
            (120, 78, -90, SAL),
        )
    )
    return (
        shadow(62)
        + greens
        + at(86, 84, root, turn=18)
        + at(154, 84, root, turn=-18)
        + at(120, 82, root)
        + box(MA, 92, 70, 56, 13, 6)
        + box(MAD, 126, 70, 22, 13, 6)
    )


def potato() -> str:
    """Three potatoes."""
    tuber = "M-56 8C-62-24-30-48 8-44 44-42 66-16 58 14 50 42 10 48-16 42-36 38-52 30-56 8z"
    dark = "M58 14C50 42 10 48-16 42-36 38-52 30-56 8-20 30 38 18 44-28 58-18 62 0 58 14z"

    def one(base: str, shade: str) -> str:
        return (
            fill(base, tuber)
            + fill(shade, dark)
            + line(shade, 4, "M-28-10q6-4 10 0M4-24q6-4 10 0M-6 6q6-4 10 0M22-4q6-3 9 0")
        )

    return (
        shadow(84)
        + at(146, 108, one(WA, WAD), turn=-14, size=0.9)
        + at(78, 152, one(WAL, WA))
        + at(162, 166, one(UND, WAL), turn=14, size=0.84)
    )


def onion() -> str:
    """An onion and two bulbs of garlic."""
    bulb = "M0-58C6-40 58-30 58 16 58 46 30 62 0 62S-58 46-58 16C-58-30-6-40 0-58z"
    dark = "M0-58C6-40 58-30 58 16 58 46 30 62 0 62 40 40 36-20 0-58z"
    red = (
        fill(LAL, bulb)
        + fill(LA, dark)
        + line(LA, 3.5, "M-4-34C-40-14-46 26-24 56M-2-30C-18-6-18 30-6 60")
        + line(LAD, 7, "M0-58c-2-12-6-20-12-26M0-56c4-10 8-16 14-20")
    )
    garlic = (
        fill(UNL, bulb)
        + fill(UND, dark)
        + line(WAL, 3.5, "M-3-30C-28-10-32 28-16 58M3-28C18-6 20 28 8 60")
        + line(UND, 13, "M0-52c-2-14-2-20-6-30")
        + line(WAL, 4, "M-22 63h44")
    )
    return shadow(84) + at(84, 140, red, size=1.05) + at(164, 160, garlic, size=0.76)


def tomato() -> str:
    """Tomatoes on the vine."""

    def one(x: float, y: float, r: float) -> str:
        star = fill(
            SAD,
            "M0 0C-14-4-26-2-34 8c14 4 24 0 30-4-4 10-4 18 2 26 8-6 8-16 6-26 8 6 18 8 30 4C26-2 14-6 4-2 6-10 4-18 2-24l-8 2c2 8 4 14 6 22z",
        )
        return (
            oval(MA, x, y, r * 1.08, r)
            + fill(
                MAD,
                f"M{x + r * 0.6} {y - r * 0.82}c{r * 0.9} {r * 0.8} {r * 0.2} {r * 1.9}-{r * 1.2} {r * 1.72}c{r * 0.9}-{r * 0.2} {r * 1.4}-{r} {r * 1.2}-{r * 1.72}z",
            )
            + oval(MAL, x - r * 0.5, y - r * 0.35, r * 0.22, r * 0.13, -45)
            + at(x, y - r * 0.78, star, size=r / 60)
        )

    return (
        shadow(84)
        + line(SAD, 7, "M50 60C90 44 150 46 196 66M92 54v30M152 54v46")
        + one(158, 146, 48)
        + one(86, 140, 58)
    )


def mushroom() -> str:
    """Two mushrooms."""

    def one(cap: str, shade: str, light: str) -> str:
        return (
            fill(UN, "M-22 0c2 40-2 70-12 92 10 10 58 10 68 0-10-22-14-52-12-92z")
            + fill(UND, "M22 0c-2 40 2 70 12 92-6 6-20 8-34 8 10-30 8-70 4-100z")
            + fill(cap, "M-80 4C-76-52-38-76 0-76S76-52 80 4C50 18-50 18-80 4z")
            + fill(shade, "M30-71C58-62 77-38 80 4 62 12 20 15-12 14 34 2 50-34 30-71z")
            + oval(light, -34, -40, 17, 9, -42)
            + fill(UND, "M-66 9C-40-2 40-2 66 9 30 17-30 17-66 9z")
        )

    return (
        shadow(78)
        + at(162, 138, one(WA, WAD, WAL), turn=8, size=0.68)
        + at(98, 114, one(MAL, MA, SFL))
        + line(SA, 6, "M196 206c2-12 6-20 12-26M190 206c-2-8-6-14-10-18")
    )


def herb() -> str:
    """A tied bunch of leaves."""

    def sprig(base: str, shade: str) -> str:
        pairs = "".join(
            leaf(0, -34 - 30 * i, 42 - 6 * i, 26, turn, base, shade) for i in range(3) for turn in (-152, -28)
        )
        return line(SAD, 5, "M0 40V-104") + pairs + leaf(0, -104, 34, 22, -90, base, shade)

    return (
        shadow(50)
        + at(112, 150, sprig(SA, SAD), turn=-26)
        + at(128, 150, sprig(SA, SAD), turn=26)
        + at(120, 150, sprig(SAL, SA), size=1.06)
        + line(SAD, 5, "M114 168l-18 38M120 168v40M126 168l18 38")
        + box(MA, 98, 160, 44, 14, 6)
        + box(MAD, 124, 160, 18, 14, 6)
    )


def flower() -> str:
    """An open blossom with leaves."""

    def ring(count: int, r: float, w: float, base: str, shade: str, offset: float = 0) -> str:
        petal = fill(base, f"M0 0C{-w} {-r * 0.4} {-w} {-r} 0 {-r}z") + fill(
            shade, f"M0 0C{w} {-r * 0.4} {w} {-r} 0 {-r}z"
        )
        return "".join(at(0, 0, petal, turn=offset + 360 / count * i) for i in range(count))

    return (
        shadow(50)
        + line(SAD, 7, "M120 110c4 40 4 70 0 96")
        + leaf(122, 186, 74, 40, -36)
        + leaf(120, 196, 70, 38, -148, SAL, SA)
        + at(
            120,
            96,
            ring(8, 74, 46, LAL, LA),
            ring(8, 48, 32, LA, LAD, 22.5),
            disc(TU, 0, 0, 16),
            crescent(TUD, 0, 0, 16),
        )
    )


KINDS = (vegetable, potato, onion, tomato, mushroom, herb, flower)
