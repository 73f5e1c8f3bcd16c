"""Baskets, bowls, pots and other vessels."""

from catalogue.pictures.brushes import (
    IND,
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
    UN,
    WA,
    WAD,
    WAL,
    at,
    bowl,
    box,
    disc,
    fill,
    leaf,
    line,
    oval,
    shadow,
)


def basket() -> str:
    """A cane basket with a handle."""
    rows = "".join(
        line(WA if i % 2 else WAD, 6, f"M{60 + i * 3} {126 + i * 14}H{180 - i * 3}", "9 11") for i in range(6)
    )
    return (
        shadow(72)
        + line(WA, 12, "M54 112C54 14 186 14 186 112")
        + line(WAL, 5, "M52 108C54 30 100 32 120 33")
        + fill(WAL, "M46 112h148l-16 82c-2 8-6 12-14 12H76c-8 0-12-4-14-12z")
        + fill(WA, "M158 112h36l-16 82c-2 8-6 12-14 12h-24c14-20 20-54 18-94z")
        + rows
        + box(WA, 40, 102, 160, 18, 9)
        + line(TU, 8, "M50 111h142", "10 14")
    )


def lidded_basket() -> str:
    """A round two-part basket of split bamboo, dyed in checks."""
    return (
        shadow(80)
        + fill(TU, "M40 124h160c2 50-30 82-80 82s-82-32-80-82z")
        + fill(TUD, "M200 124c2 50-30 82-80 82-6 0-10 0-15-1 44-8 62-40 62-81z")
        + line(MA, 11, "M46 146h150", "11 11")
        + line(IND, 11, "M64 163h122", "11 11")
        + line(MA, 11, "M72 180h96", "11 11")
        + fill(TUL, "M36 120c0-54 36-84 84-84s84 30 84 84z")
        + fill(TU, "M204 120c0-54-36-84-84-84 34 16 52 44 52 84z")
        + line(MA, 11, "M48 102h148", "11 11")
        + line(IND, 11, "M66 84h118", "11 11")
        + line(MA, 11, "M78 66h84", "11 11")
        + line(IND, 9, "M102 50h36", "9 9")
        + box(WA, 32, 114, 176, 14, 7)
        + line(UN, 4, "M44 121h152", "8 12")
    )


def turned_bowl() -> str:
    """A turned wooden bowl with its lid ajar."""
    return (
        shadow(82)
        + bowl(SF, SFD, TU, top=130, half=74, depth=66, x=112)
        + oval(WAD, 112, 130, 74, 16)
        + oval(WA, 112, 133, 64, 11)
        + line(SFD, 4, "M52 160c36 14 84 14 120 0M64 180c30 10 66 10 96 0")
        + line(SFL, 5, "M48 150c2 10 6 18 12 24")
        + at(
            146,
            94,
            fill(SF, "M-78 10C-70-30-36-46 0-46S70-30 78 10C50 24-50 24-78 10z")
            + fill(SFD, "M26-43C54-36 72-18 78 10 50 24 10 22-10 20 24 12 40-12 26-43z")
            + line(SFD, 4, "M-60-4c40 12 80 12 120 0")
            + line(SFL, 6, "M-56-14c6-8 12-14 20-18")
            + box(TU, -14, -62, 28, 18, 7)
            + box(TUD, 2, -62, 12, 18, 6),
            turn=24,
            size=0.92,
        )
    )


def bamboo() -> str:
    """Bamboo culms and leaves."""

    def culm(x: float, top: float, joints: tuple[int, ...]) -> str:
        nodes = "".join(f"M{x - 12} {y}h24" for y in joints)
        return (
            box(SA, x - 12, top, 24, 206 - top, 4)
            + box(SAD, x + 2, top, 10, 206 - top, 4)
            + line(SAL, 4, f"M{x - 6} {top + 8}V196", "30 18")
            + line(SAL, 5, nodes)
        )

    return (
        shadow(64)
        + culm(80, 60, (104, 156))
        + culm(158, 76, (118, 168))
        + culm(118, 32, (82, 136, 182))
        + leaf(128, 82, 78, 20, -34)
        + leaf(128, 82, 76, 20, 6, SAL, SA)
        + leaf(70, 104, 58, 18, -150)
        + leaf(70, 104, 54, 18, 164, SAL, SA)
        + leaf(168, 118, 52, 18, -40)
    )


def pottery() -> str:
    """An earthen pot with painted bands."""
    return (
        shadow(66)
        + fill(MAL, "M92 70h56c0 16 46 28 46 76 0 38-34 60-74 60s-74-22-74-60c0-48 46-60 46-76z")
        + fill(
            MA,
            "M126 70h22c0 16 46 28 46 76 0 38-34 60-74 60-8 0-16-1-23-3 40-6 63-28 63-63 0-42-32-52-34-70z",
        )
        + fill(MAL, "M82 52c0-8 6-12 14-12h48c8 0 14 4 14 12v6c0 8-6 12-14 12H96c-8 0-14-4-14-12z")
        + fill(MA, "M134 40h10c8 0 14 4 14 12v6c0 8-6 12-14 12h-14c8-8 8-22 4-30z")
        + oval(MAD, 120, 46, 28, 5)
        + line(UN, 5, "M53 122c40 14 94 14 134 0M48 160c42 14 102 14 144 0")
        + line(UN, 5, "M58 140l12 10 12-8 12 12 13-10 13 12 13-12 13 10 12-12 12 8 12-10")
        + line(SFL, 7, "M70 108c4-8 8-12 14-17")
    )


def brass() -> str:
    """A brass water pot and an oil lamp."""
    return (
        shadow(88)
        + fill(TU, "M66 78h60c0 14 40 26 40 70 0 36-30 58-70 58s-70-22-70-58c0-44 40-56 40-70z")
        + fill(
            TUD,
            "M104 78h22c0 14 40 26 40 70 0 36-30 58-70 58-8 0-14-1-20-2 36-8 56-30 56-62 0-38-26-48-28-64z",
        )
        + fill(TU, "M52 60c14-10 74-10 88 0l-10 20H62z")
        + fill(TUD, "M112 53c12 1 22 3 28 7l-10 20h-24c8-8 10-18 6-27z")
        + oval(WA, 96, 58, 38, 6)
        + line(TUL, 9, "M46 122c4-10 8-15 14-20M42 148c0 8 1 12 3 18")
        + line(TUD, 4, "M32 128c36 10 92 10 128 0M30 140c38 10 94 10 132 0")
        + fill(SF, "M192 98c10 12 12 18 12 24a12 12 0 0 1-24 0c0-6 2-12 12-24z")
        + disc(TUL, 192, 123, 6)
        + fill(TU, "M166 134h52c0 14-10 22-20 24v30h14l6 18h-52l6-18h14v-30c-10-2-20-10-20-24z")
        + fill(TUD, "M202 134h16c0 14-10 22-20 24v30h14l6 18h-22c-6-24-2-50 6-72z")
    )


KINDS = (basket, lidded_basket, turned_bowl, bamboo, pottery, brass)
