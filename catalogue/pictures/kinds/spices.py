"""Spices and roots that are ground."""

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
    TUL,
    UND,
    UNL,
    WA,
    WAD,
    WAL,
    at,
    bowl,
    box,
    crescent,
    disc,
    fill,
    line,
    oval,
    shadow,
)


def chilli() -> str:
    """Three ripe chillies tied by their stalks."""
    body = "M-17 0C-24 40-20 92 14 134 16 94 22 40 17 0 8-8-8-8-17 0z"
    dark = "M17 0C22 40 16 94 14 134 10 92 10 40 2-5 8-6 13-4 17 0z"
    cap = "M-19 6C-20-10-8-16-3-18c0-10-1-18-6-26l9-2c4 9 5 18 5 28 6 2 16 8 16 24C8 0-8 0-19 6z"

    def pod(base: str, shade: str, glint: str) -> str:
        return (
            fill(base, body) + fill(shade, dark) + line(glint, 5, "M-9 20c-1 12 0 24 2 34") + fill(SAD, cap)
        )

    return (
        shadow(60)
        + at(88, 78, pod(MA, MAD, MAL), turn=24)
        + at(154, 78, pod(MA, MAD, MAL), turn=-32)
        + at(120, 74, pod(MAL, MA, SFL), turn=-4, size=1.02)
        + box(TU, 98, 36, 46, 13, 6)
    )


def turmeric() -> str:
    """A bowl of ground turmeric with a cut root."""
    root = (
        line(SFD, 34, "M0 0h62M34-2l20-26")
        + line(SF, 26, "M0-3h58M34-5l18-22")
        + oval(SFD, -10, 0, 15, 18)
        + oval(TU, -11, -1, 11, 14)
        + oval(TUL, -12, -2, 5, 7)
        + line(SFD, 3, "M14-14c4 8 4 14 2 20M32-13c4 8 4 14 2 20M50-12c4 8 4 12 2 16")
    )
    return (
        shadow()
        + fill(TU, "M46 112C66 92 96 44 114 40c16-2 60 44 80 72z")
        + fill(SF, "M194 112C174 84 130 38 114 40c24 18 42 44 44 72z")
        + line(TUL, 4, "M92 84l6-9M112 66l4-6M84 100l3-3")
        + bowl(WA, WAD, WAL, top=114, depth=80)
        + at(120, 190, root)
    )


def ginger() -> str:
    """A knobbly root of ginger."""
    body = "M66 152L120 146 168 158M92 148L78 100M136 148L150 92M150 92L178 78M66 152L48 176M160 156L186 178"
    skin = "M66 148L118 142 160 152M90 144L76 100M132 144L146 92M146 92L174 78M62 150L46 172M162 152L180 174"
    rings = "M90 166c-6-10-6-22-2-34M116 164c-5-10-5-24-1-36M140 168c-4-12-2-24 4-36M66 116c8-2 16-4 22-10M130 112c8 4 18 6 26 6"
    return (
        shadow(80, 118, 204)
        + line(WAL, 46, body)
        + line(UND, 38, skin)
        + line(WAL, 3.5, rings)
        + oval(TUL, 77, 84, 17, 12, -14)
        + oval(TU, 77, 85, 11, 7, -14)
        + oval(TUL, 187, 74, 12, 16, 20)
        + oval(TU, 188, 74, 7, 11, 20)
    )


def spice() -> str:
    """The round box of seven spices, seen from above."""
    cups = (
        (120, 120, TU, TUL),
        (120, 66, MA, MAL),
        (167, 93, WA, WAL),
        (167, 147, SA, SAL),
        (120, 174, SF, SFL),
        (73, 147, WAD, WA),
        (73, 93, UND, UNL),
    )
    drawn = "".join(
        disc(UND, x, y, 26) + disc(colour, x, y, 22) + oval(light, x - 5, y - 6, 9, 6, -35)
        for x, y, colour, light in cups
    )
    return (
        shadow(88, 124, 210)
        + disc(TUD, 120, 120, 94)
        + crescent(WA, 120, 120, 94)
        + disc(TU, 119, 119, 86)
        + disc(WAD, 120, 120, 82)
        + drawn
    )


def seed_spice() -> str:
    """Cardamom pods and a star of anise."""

    def pod(base: str, shade: str, rib: str) -> str:
        body = fill(base, "M0-46c26 14 34 60 0 92-34-32-26-78 0-92z") + fill(
            shade, "M0-46c26 14 34 60 0 92 12-30 12-62 0-92z"
        )
        return body + line(rib, 3, "M-6-34c-12 20-12 44-4 66M8-30c8 18 8 38 2 58") + line(WAD, 6, "M0-46v-10")

    star = "".join(
        at(0, 0, fill(WA, "M0 0C-12-14-10-36 0-52c10 16 12 38 0 52z") + oval(TU, 0, -26, 5, 8), turn=45 * i)
        for i in range(8)
    )
    return (
        shadow(80)
        + at(78, 136, pod(LA, LAD, LAL), turn=-38, size=1.25)
        + at(104, 88, pod(SA, SAD, SAL), turn=24, size=1.1)
        + at(158, 154, star + disc(WAD, 0, 0, 9))
    )


KINDS = (chilli, turmeric, ginger, spice, seed_spice)
