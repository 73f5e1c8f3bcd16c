"""Leather, wood, metal and toys."""

from catalogue.pictures.brushes import (
    IN,
    IND,
    INL,
    MA,
    MAD,
    SF,
    SFD,
    SFL,
    TU,
    TUD,
    TUL,
    UN,
    UND,
    WA,
    WAD,
    WAL,
    at,
    ball,
    box,
    crescent,
    disc,
    fill,
    line,
    oval,
    shadow,
)


def leather() -> str:
    """A leather satchel."""
    return (
        shadow(78)
        + line(WAD, 10, "M64 104C58 20 182 20 176 104")
        + line(WA, 5, "M62 100C60 34 110 36 120 36")
        + fill(SFD, "M44 92h152v100c0 10-6 14-14 14H58c-8 0-14-4-14-14z")
        + fill(WA, "M164 92h32v100c0 10-6 14-14 14h-28c10-30 14-70 10-114z")
        + fill(SF, "M40 88c0-8 6-12 12-12h136c6 0 12 4 12 12v32c0 26-36 38-80 38s-80-12-80-38z")
        + fill(SFD, "M168 76h20c6 0 12 4 12 12v32c0 26-36 38-80 38 34-10 54-40 48-82z")
        + line(TUL, 3, "M50 90v30c0 18 30 28 70 28s70-10 70-28V90", "5 6")
        + box(WAD, 110, 128, 20, 52, 6)
        + box(TU, 104, 148, 32, 20, 4)
        + box(WAD, 111, 153, 18, 10, 2)
        + line(SFL, 6, "M56 92c2-4 5-6 9-6")
    )


def shoes() -> str:
    """A pair of slippers with curled toes."""
    shoe = (
        fill(WAD, "M-92 44h150c26 0 34-14 40-34 8 8 8 44-30 46H-80c-8 0-12-4-12-12z")
        + fill(MA, "M-92-10c26 18 48 16 70 10 36-8 52-8 72 4 18 8 38 10 50-20 8 28-4 60-40 60H-92z")
        + fill(MAD, "M50 4c18 8 38 10 50-20 8 28-4 60-40 60H-92V28C-20 40 40 36 50 4z")
        + fill(UND, "M-92-10c26 18 48 16 70 10l-10 14c-20 6-44 4-60-8z")
        + line(TUL, 5, "M-22 4C2-2 20 0 36 8M-16 16c18-6 30-4 42 2")
        + line(TU, 6, "M-80 34H50", "0 13")
    )
    return shadow(92) + at(146, 106, shoe, size=0.84) + at(108, 150, shoe)


def toy() -> str:
    """A lacquered horse on wheels."""
    return (
        shadow(80)
        + fill(
            MA,
            "M54 112c18-14 66-14 88-6 4-24 10-44 22-58l-6-20 24 12c18 6 30 22 34 40-2 12-12 14-20 10l-18-8c-4 20-2 50-6 66l4 36h-24l-6-28c-18 4-40 4-54-2l-6 30H62l4-40c-10-8-14-20-12-32z",
        )
        + fill(
            MAD,
            "M178 82c-4 20-2 50-6 66l4 36h-24l-6-28c-18 4-40 4-54-2l-2 10c-4-8 0-14 6-18 40 8 70-18 74-66z",
        )
        + fill(
            WAD,
            "M142 106c2-30 10-46 22-58l-6-20c-22 12-34 44-32 74zM54 112c-22-2-30 24-24 52 8-4 12-20 14-34 4-8 6-10 12-8z",
        )
        + fill(TU, "M86 98c14-3 30-2 42 0l2 34c-16 6-32 6-46 0z")
        + line(UN, 5, "M88 124c12 4 26 4 38 0M96 110h1M108 112h1M120 110h1")
        + disc(UN, 188, 62, 5)
        + line(TU, 6, "M178 88l6-22M170 54l34 26")
        + box(TUD, 36, 182, 164, 12, 6)
        + ball(66, 196, 17, IN, IND)
        + disc(TUL, 66, 196, 6)
        + ball(168, 196, 17, IN, IND)
        + disc(TUL, 168, 196, 6)
    )


def wood() -> str:
    """A carved panel with a chisel."""
    petals = "".join(
        at(104, 122, fill(SFD if 0 < i < 5 else TUD, "M0-8C-20-24-16-46 0-56 16-46 20-24 0-8z"), turn=45 * i)
        for i in range(8)
    )
    return (
        shadow(82)
        + box(WA, 30, 40, 148, 164, 8)
        + box(WAD, 166, 40, 12, 164, 6)
        + box(SF, 42, 52, 124, 140, 4)
        + fill(SFD, "M42 56c0-3 1-4 4-4h116c3 0 4 1 4 4v6H52v130h-6c-3 0-4-1-4-4z")
        + petals
        + disc(WA, 104, 122, 15)
        + disc(TU, 102, 120, 10)
        + fill(
            SFD,
            "M60 70h22c-2 12-10 20-22 22zM148 70h-22c2 12 10 20 22 22zM60 176h22c-2-12-10-20-22-22zM148 176h-22c2-12 10-20 22-22z",
        )
        + at(
            196,
            120,
            box(MA, -11, -76, 22, 66, 9)
            + box(MAD, 1, -76, 10, 66, 8)
            + box(TU, -12, -18, 24, 14, 3)
            + fill(UND, "M-8-4H8v70l-16 16z")
            + fill(WAL, "M2-4h6v70l-6 6z"),
            turn=12,
        )
    )


def furniture() -> str:
    """A low chair with a woven seat."""
    return (
        shadow(70)
        + fill(WAD, "M158 48h14l8 156h-14z")
        + fill(WA, "M62 40h16v166H62zM150 130h16v76h-16z")
        + fill(WAD, "M72 40h6v166h-6zM160 130h6v76h-6z")
        + line(WA, 12, "M70 52C100 40 140 40 166 54")
        + line(WA, 10, "M72 92c30-8 66-8 94 0")
        + line(WAL, 7, "M92 52v36M112 48v38M132 48v38M150 52v36")
        + fill(TU, "M54 124h122l14 22H54z")
        + fill(TUD, "M54 146h136v10H54z")
        + line(UN, 4, "M66 130h108", "8 8")
        + line(UN, 4, "M62 139h120", "8 8")
        + line(WAL, 8, "M74 182h84")
    )


def instrument() -> str:
    """A hand drum and a flute."""
    return (
        shadow(84)
        + at(
            120,
            140,
            fill(SF, "M-66-44C-30-62 30-62 66-44V44C30 62-30 62-66 44z")
            + fill(SFD, "M-66 10C-30 30 30 30 66 10V44C30 62-30 62-66 44z")
            + line(UN, 4, "M-62-42L-40 52-16-56 10 57 36-54 60 46M-62 42L-40-51-16 56 10-57 36 54 60-42")
            + oval(WAD, -66, 0, 20, 46)
            + oval(UN, -68, 0, 16, 40)
            + oval(WAD, -68, 0, 8, 20)
            + oval(WAD, 66, 0, 20, 46)
            + oval(UND, 68, 0, 15, 40),
            turn=-10,
        )
        + line(TU, 15, "M38 62L202 28")
        + line(TUD, 5, "M40 68L202 34")
        + line(WAD, 6, "M92 51h.1M112 47h.1M132 43h.1M152 39h.1M64 57h.1")
        + line(MA, 16, "M178 33l6-1.2")
    )


def works() -> str:
    """A toothed wheel and a spanner: made in a workshop."""
    teeth = "".join(at(108, 126, fill(IN, "M-18-58l5-28h26l5 28z"), turn=45 * i + 10) for i in range(8))
    return (
        shadow(78)
        + teeth
        + disc(IN, 108, 126, 66)
        + crescent(IND, 108, 126, 66)
        + disc(INL, 108, 126, 42)
        + crescent(IN, 108, 126, 42, 120, 320)
        + disc(UN, 108, 126, 18)
        + disc(IND, 108, 126, 12)
        + at(
            182,
            138,
            fill(TUD, "M-12-22h24V50c0 8-5 14-12 14s-12-6-12-14z")
            + fill(TU, "M-12-22H2V60c-8 2-14-4-14-10z")
            + fill(TU, "M-26-48c-2-16 6-26 16-30v26H10v-26c10 4 18 14 16 30-2 14-14 22-26 22s-24-8-26-22z")
            + fill(TUD, "M10-52v-26c10 4 18 14 16 30-2 14-14 22-26 22 10-6 14-14 14-26z")
            + disc(WA, 0, 48, 5),
            turn=14,
            size=1.05,
        )
    )


def sword() -> str:
    """A sword beside its sheath."""
    return (
        shadow(84)
        + at(
            140,
            124,
            box(WA, -13, -84, 26, 168, 10)
            + box(WAD, 1, -84, 12, 168, 8)
            + box(UND, -15, -84, 30, 22, 5)
            + box(UND, -15, 8, 30, 12, 3)
            + fill(UND, "M-13 62h26v14c0 8-6 12-13 12s-13-4-13-12z")
            + line(MA, 4, "M-12-40h24M-12-30h24"),
            turn=34,
        )
        + at(
            92,
            120,
            fill(INL, "M-10 30V-96L10-76V30z")
            + fill(IN, "M1 30V-86l9 10V30z")
            + line(UN, 3, "M-5 20V-70")
            + box(TU, -24, 28, 48, 11, 5)
            + box(MA, -9, 38, 18, 48, 4)
            + line(TUL, 4, "M-8 48l16 6M-8 60l16 6M-8 72l16 6")
            + disc(TU, 0, 92, 12)
            + crescent(TUD, 0, 92, 12),
            turn=-24,
        )
    )


KINDS = (leather, shoes, toy, wood, furniture, instrument, works, sword)
