"""What a larder holds: jars, drinks, oil, milk, sugar and bread."""

from catalogue.pictures.brushes import (
    IN,
    IND,
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
    UN,
    UND,
    UNL,
    WA,
    WAD,
    WAL,
    at,
    ball,
    box,
    disc,
    fill,
    leaf,
    line,
    oval,
    shadow,
)


def _jar(inside: str, shade: str, light: str, cloth: str, cloth_shade: str, tie: str) -> str:
    glass = "M64 92c-12 10-16 22-16 36v54c0 16 10 24 24 24h96c14 0 24-8 24-24v-54c0-14-4-26-16-36z"
    return (
        shadow(74)
        + fill(inside, glass)
        + fill(
            shade,
            "M150 92h26c12 10 16 22 16 36v54c0 16-10 24-24 24h-34c18-6 26-16 26-34v-44c0-16-2-26-10-36z",
        )
        + line(light, 8, "M64 126c0-8 2-13 6-18M63 144v20")
        + fill(
            cloth, "M58 92c-8-30 8-54 30-56h64c22 2 38 26 30 56-16 8-32-2-44 4-14 4-28-4-42 0-12 2-24 2-38-4z"
        )
        + fill(cloth_shade, "M152 36c22 2 38 26 30 56-12 6-24 2-34 2 10-18 12-40 4-58z")
        + box(tie, 58, 72, 124, 9, 4)
    )


def honey() -> str:
    """A jar of honey with comb cells and a bee."""
    cells = "".join(
        f"M{x} {y}l13-7.5 13 7.5v15l-13 7.5-13-7.5z"
        for x, y in ((80, 128), (110, 128), (95, 154), (125, 154))
    )
    bee = (
        oval(UNL, 4, -17, 16, 9, -58)
        + oval(UND, 19, -13, 14, 8, -28)
        + oval(TUL, 0, 0, 22, 14)
        + line(WAD, 6, "M-4-11V11M9-10V10")
        + disc(WAD, -19, 0, 7)
    )
    return _jar(TU, TUD, TUL, UN, UND, MA) + fill(TUL, cells) + at(182, 122, bee, turn=-24, size=1.1)


def jam() -> str:
    """A jar of fruit preserve with a berry on it."""
    return (
        _jar(LA, LAD, LAL, UN, UND, SAD)
        + box(UNL, 76, 116, 76, 64, 8)
        + fill(MA, "M114 172c-18-8-26-24-22-34 4-8 16-8 22-2 6-6 18-6 22 2 4 10-4 26-22 34z")
        + line(TUL, 4, "M104 146v1M118 144v1M112 156v1M125 153v1")
        + fill(SAD, "M114 138c-8 0-14-4-16-10 8-2 12 0 16 4 4-4 8-6 16-4-2 6-8 10-16 10z")
    )


def pickle() -> str:
    """The two-coloured pickle jar of a kitchen shelf, with chilli and lime beside it."""
    return (
        shadow(80)
        + fill(UNL, "M56 116h112v66c0 16-8 24-22 24H78c-14 0-22-8-22-24z")
        + fill(UND, "M132 116h36v66c0 16-8 24-22 24h-34c14-6 20-14 20-30z")
        + fill(WA, "M56 128c0-34 12-50 28-56h56c16 6 28 22 28 56-14 8-24-4-38 0s-24 8-36 2-24 4-38-2z")
        + fill(WAD, "M132 72h8c16 6 28 22 28 56-12 6-22-2-32 0 6-20 4-40-4-56z")
        + box(UN, 80, 60, 64, 14, 5)
        + fill(UNL, "M72 62c0-18 16-30 40-30s40 12 40 30z")
        + fill(UND, "M120 32c20 2 32 14 32 30h-20c2-12-2-22-12-30z")
        + disc(WA, 112, 30, 9)
        + line(WAL, 6, "M76 96c2-6 4-9 8-12")
        + ball(178, 184, 24, TU, TUD, TUL)
        + fill(MA, "M116 196c26 14 62 14 92-8 4 8-2 16-12 20-30 12-66 6-82-6z")
        + line(SAD, 6, "M114 199c-8-2-12-6-14-12")
    )


def tea() -> str:
    """A bowl of tea, two leaves and a bud."""
    return (
        shadow(70, 108)
        + line(SAD, 5, "M176 150C178 116 178 92 176 62")
        + leaf(176, 118, 62, 34, -158)
        + leaf(177, 104, 58, 34, -24)
        + leaf(176, 72, 52, 24, -104, SAL, SA)
        + fill(UNL, "M36 122h140c0 40-20 70-44 78H80c-24-8-44-38-44-78z")
        + fill(UND, "M176 122c0 40-20 70-44 78h-22c22-16 34-40 34-78z")
        + fill(IN, "M39 142h134c-2 8-4 15-6 20H45c-3-6-5-13-6-20z")
        + fill(IND, "M143 142h30c-2 8-4 15-6 20h-27c2-6 3-13 3-20z")
        + oval(UN, 106, 122, 70, 15)
        + oval(WA, 106, 123, 60, 10.5)
        + oval(SF, 98, 122, 38, 5.5)
        + box(UND, 80, 198, 52, 10, 4)
        + line(TUL, 5, "M58 152h1M80 152h1M102 152h1M124 152h1")
    )


def coffee() -> str:
    """A twig with cherries and three roasted beans."""
    bean = (
        oval(WA, 0, 0, 40, 29)
        + fill(WAD, "M34-15C46 2 36 29 0 29c-18 0-30-6-36-16 28 8 62 0 70-28z")
        + line(WAD, 5, "M-38-2C-16-16 14 16 38 0")
    )
    bean += line(WAL, 5, "M-24-16c6-5 12-7 18-7")
    return (
        shadow(76)
        + line(WAL, 6, "M40 58C84 50 140 54 204 78")
        + leaf(66, 54, 70, 32, -36)
        + leaf(150, 58, 68, 34, -30)
        + leaf(172, 66, 54, 30, 58)
        + ball(92, 80, 18, MA, MAD, MAL)
        + ball(124, 84, 18, MA, MAD, MAL)
        + ball(108, 104, 18, MAL, MA, UN)
        + at(82, 178, bean, turn=-18)
        + at(164, 176, bean, turn=24)
        + at(124, 148, bean, turn=-30, size=0.85)
    )


def oil() -> str:
    """A bottle of cold-pressed oil and a sprig of mustard."""
    return (
        shadow(66, 112)
        + fill(
            TU, "M90 72h44v20c0 14 26 20 26 46v54c0 10-6 14-16 14H80c-10 0-16-4-16-14v-54c0-26 26-32 26-46z"
        )
        + fill(
            TUD,
            "M118 72h16v20c0 14 26 20 26 46v54c0 10-6 14-16 14h-24c10-4 14-10 14-22v-46c0-26-16-34-16-52z",
        )
        + box(UND, 86, 56, 52, 18, 5)
        + box(WAL, 94, 28, 36, 30, 6)
        + box(WA, 116, 28, 14, 30, 6)
        + line(TUL, 7, "M76 140c0-8 3-13 8-18M76 158v18")
        + box(UNL, 84, 138, 56, 44, 5)
        + fill(SF, "M112 144c12 14 14 20 14 23a14 14 0 0 1-28 0c0-3 2-9 14-23z")
        + line(SAD, 5, "M178 206c4-40 2-70-4-104")
        + leaf(180, 176, 44, 24, -42)
        + leaf(180, 158, 40, 22, -140)
        + disc(TU, 174, 94, 9)
        + disc(TU, 162, 108, 8)
        + disc(TUL, 186, 106, 8)
        + disc(TUL, 170, 120, 7)
        + disc(TU, 187, 124, 7)
    )


def dairy() -> str:
    """A jug of milk and a block of butter."""
    return (
        shadow(86)
        + fill(
            UNL, "M56 60h64c-4 22 18 40 18 78v50c0 12-6 18-16 18H54c-10 0-16-6-16-18v-50c0-38 22-56 18-78z"
        )
        + line(UND, 11, "M132 96c30-6 40 46 6 60")
        + fill(
            UND, "M96 60h24c-4 22 18 40 18 78v50c0 12-6 18-16 18H94c12-4 16-10 16-24v-44c0-36-20-56-14-78z"
        )
        + fill(UN, "M46 50c14 4 24 2 34-2 16-4 32-2 44 6 0 8-4 10-10 10H62c-8 0-14-4-16-14z")
        + fill(IN, "M38 142h100v14H38z")
        + fill(IND, "M110 142h28v14h-28z")
        + fill(WA, "M96 198h124v9c0 2-1 3-3 3H99c-2 0-3-1-3-3z")
        + fill(TUL, "M112 164l16-16h80l-8 16z")
        + fill(TUL, "M112 164h88v34h-88z")
        + fill(TU, "M200 164l10-16v36l-10 14z")
        + line(TU, 3, "M134 164v34M156 164v34")
    )


def jaggery() -> str:
    """Sugar cane and blocks of jaggery."""

    def cane(base: str, shade: str) -> str:
        return (
            box(base, -13, -92, 26, 184, 8)
            + box(shade, 1, -92, 12, 184, 6)
            + line(UN, 5, "M-12-46H12M-12 4H12M-12 52H12")
        )

    lump = (
        fill(SF, "M-44 38l6-52c2-14 14-22 38-22s36 8 38 22l6 52c-10 8-78 8-88 0z")
        + fill(SFD, "M16-34C30-31 37-24 38-14l6 52c-6 5-26 7-44 7 20-16 28-50 16-79z")
        + line(SFL, 6, "M-26-8c1-7 4-11 9-14")
    )
    return (
        shadow(84)
        + leaf(66, 62, 50, 22, -118, SAL, SA)
        + leaf(64, 60, 48, 20, 168)
        + leaf(118, 50, 72, 24, -24)
        + leaf(168, 62, 46, 20, 20, SAL, SA)
        + at(76, 126, cane(LAL, LA), turn=-9, size=0.86)
        + at(114, 120, cane(SA, SAD), turn=3, size=0.92)
        + at(150, 128, cane(LAL, LA), turn=13, size=0.84)
        + at(98, 174, lump, size=0.8)
        + at(164, 172, lump, size=0.86)
    )


def bakery() -> str:
    """A pile of round biscuits."""

    def flat(y: float, base: str, shade: str) -> str:
        return box(shade, 48, y, 108, 24, 12) + box(base, 48, y - 3, 98, 20, 10)

    return (
        shadow(84)
        + flat(184, WAL, WA)
        + flat(160, TU, TUD)
        + flat(136, WAL, WA)
        + flat(112, TU, TUD)
        + oval(TUD, 102, 108, 54, 17)
        + oval(TU, 100, 105, 52, 16)
        + line(WA, 5, "M76 102h1M96 98h1M118 102h1M88 110h1M110 111h1M130 107h1")
        + ball(172, 162, 44, TUL, TU)
        + line(WAL, 4, "M172 162m-31 0a31 31 0 1 0 62 0a31 31 0 1 0-62 0", "0 9.74")
        + line(WA, 6, "M160 150h1M180 148h1M158 172h1M176 168h1M188 162h1")
    )


KINDS = (honey, jam, pickle, tea, coffee, oil, dairy, jaggery, bakery)
