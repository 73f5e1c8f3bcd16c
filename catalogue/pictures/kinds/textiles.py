"""Cloth, yarn and what is sewn of it."""

from catalogue.pictures.brushes import (
    IN,
    IND,
    INL,
    LA,
    LAD,
    LAL,
    MA,
    MAD,
    MAL,
    SAD,
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
    box,
    crescent,
    disc,
    fill,
    leaf,
    line,
    oval,
    shadow,
)


def cloth() -> str:
    """A bolt of striped cloth, partly unrolled."""
    return (
        shadow(88)
        + fill(IN, "M48 92h118v104c-14 8-26-4-40 0s-26 10-40 4-26 4-38-2z")
        + fill(IND, "M142 92h24v104c-8 4-16 2-24 0z")
        + line(TUL, 5, "M62 112v80M152 112v82")
        + line(MAL, 9, "M80 112v84M134 112v82")
        + line(UN, 4, "M107 114v82", "0 10")
        + line(UN, 3, "M95 112v85M119 112v85")
        + box(IN, 40, 58, 148, 56, 26)
        + box(IND, 40, 88, 148, 26, 13)
        + line(TUL, 5, "M62 62v48M152 62v48")
        + line(MAL, 9, "M80 62v48M134 62v48")
        + line(UN, 3, "M95 62v48M119 62v48")
        + oval(IND, 186, 86, 16, 28)
        + oval(INL, 186, 86, 11, 21)
        + oval(IND, 187, 86, 7, 14)
        + oval(UND, 188, 86, 4, 8)
    )


def shawl() -> str:
    """A folded shawl with fringe."""
    fringe = "".join(f"M{x} 182v22" for x in range(60, 184, 9))
    return (
        shadow(84)
        + line(LA, 4, fringe)
        + fill(LAD, "M62 60c40-10 100-10 130 4l-6 122H56z")
        + fill(LA, "M44 56c0-10 8-16 18-16h100c12 0 18 8 18 18v126H52z")
        + fill(LAD, "M150 40h12c12 0 18 8 18 18v126h-30z")
        + fill(TUL, "M50 150h130v8H50zM50 172h130v4H50z")
        + line(TUL, 7, "M60 165h114", "0 12")
        + fill(
            LAL,
            "M96 128c-14-10-18-26-8-38 8-10 24-10 30 2 4 8-2 16-10 14 2-4 0-8-4-8-8 0-10 12-2 20 8 6 20 2 26-8-2 16-18 26-32 18z",
        )
        + oval(TUL, 70, 78, 8, 12, 30)
        + oval(LAL, 138, 70, 8, 12, -30)
        + oval(TUL, 140, 120, 7, 10, 30)
        + oval(LAL, 68, 126, 7, 10, -20)
    )


def saree() -> str:
    """Two folded saris, the end of the upper one hanging in pleats."""
    pleats = "".join(
        fill(MA if i % 2 else MAL, f"M{92 + 20 * i} 70h20v{94 + 6 * (i % 2)}l-10 6-10-6z") for i in range(4)
    )
    border = "".join(
        fill(TU if i % 2 else TUL, f"M{92 + 20 * i} 150h20v{22 + 6 * (i % 2)}l-10 6-10-6z") for i in range(4)
    )
    return (
        shadow(90)
        + fill(INL, "M34 160c-10 0-10 46 4 46h160c12 0 12-46 2-46z")
        + fill(IN, "M34 178c-2 14 0 28 6 28h158c6 0 8-14 8-26z")
        + line(TUL, 5, "M40 192h160", "0 11")
        + fill(MAL, "M40 106c-14 0-16 58 0 58h158c14 0 14-58 0-58z")
        + fill(MA, "M30 132c-2 16 2 32 10 32h158c8 0 11-16 10-32z")
        + fill(MA, "M40 66c-16 0-18 44 0 44h160c12 0 12-44 0-44z")
        + fill(MAD, "M29 88c0 12 3 22 11 22h160c7 0 10-12 9-24z")
        + fill(TU, "M160 66h22v44h-22zM160 110h22v54h-22z")
        + fill(TUD, "M160 88h22v22h-22zM160 134h22v30h-22z")
        + line(MA, 4, "M171 72v90", "0 10")
        + pleats
        + border
        + line(MAD, 4, "M102 162h.1M122 166h.1M142 162h.1M162 166h.1")
        + line(
            TUL, 5, "M102 90h.1M122 100h.1M142 90h.1M162 100h.1M102 120h.1M122 130h.1M142 120h.1M162 130h.1"
        )
        + fill(MAD, "M92 66h80v8H92z")
    )


def garment() -> str:
    """A woven jacket."""
    return (
        shadow(70)
        + fill(
            IN, "M88 40c10 10 54 10 64 0l34 16 32 76-30 14-16-34v88c-30 8-74 8-104 0v-88l-16 34-30-14 32-76z"
        )
        + fill(IND, "M152 40l34 16 32 76-30 14-16-34v88c-16 4-34 6-52 6 24-40 36-100 32-166z")
        + fill(TU, "M114 48h12v158h-12z")
        + fill(TUL, "M114 48h6v158h-6z")
        + fill(MA, "M88 40c4 14 16 32 32 40 16-8 28-26 32-40l-12-8c-4 14-12 26-20 32-8-6-16-18-20-32z")
        + fill(MAD, "M152 40c-4 14-16 32-32 40V64c8-6 16-18 20-32z")
        + line(TUL, 6, "M28 126l26 12M212 126l-26 12")
        + fill(MA, "M68 176c14 3 28 5 40 5v10c-13 0-27-2-40-5zM132 181c14 0 28-2 40-5v10c-13 3-27 5-40 5z")
        + line(UN, 5, "M120 102h.1M120 126h.1M120 150h.1")
    )


def cotton() -> str:
    """Cotton bolls on the branch."""
    boll = (
        disc(UND, 18, 10, 30)
        + disc(UND, 6, 22, 28)
        + disc(UNL, -20, 4, 30)
        + disc(UNL, 4, -18, 30)
        + disc(UN, 24, -4, 26)
        + disc(UNL, -4, 12, 28)
        + line(UND, 4, "M-2-44C-10-20-8 0-2 12M-48 8C-30 2-14 6-2 12M10 36C10 26 4 18-2 12")
    )
    husk = fill(WA, "M-40 30C-20 34 20 34 40 26 36 50 14 54 0 50-16 54-34 50-40 30z") + fill(
        WAD, "M40 26C36 50 14 54 0 50 8 44 12 38 14 32z"
    )
    return (
        shadow(54)
        + line(WA, 7, "M104 206C112 170 108 150 92 118M112 172C130 160 150 156 158 142")
        + leaf(108, 190, 66, 36, -160)
        + leaf(112, 176, 80, 38, 12)
        + at(88, 80, husk + boll, turn=-10)
        + at(164, 118, husk + boll, turn=18, size=0.72)
    )


def yarn() -> str:
    """Balls of dyed wool and a spindle."""

    def skein(base: str, shade: str, light: str) -> str:
        return (
            disc(base, 0, 0, 50)
            + crescent(shade, 0, 0, 50)
            + line(light, 4, "M-44-18C-20-34 10-38 34-34M-49 0C-24-22 14-30 46-20M-46 18C-26-6 16-18 50-4")
            + line(shade, 4, "M-30 36C-28 10-10-20 14-46M-12 46C-12 20 4-12 32-36")
        )

    return (
        shadow(88)
        + line(WAL, 8, "M196 36L120 196")
        + line(WA, 8, "M150 133L120 196")
        + at(94, 86, skein(TU, TUD, TUL), size=0.84)
        + at(82, 156, skein(MA, MAD, MAL))
        + at(162, 158, skein(IN, IND, INL), size=0.96)
        + line(IN, 4, "M186 200c14 6 26 4 32-6")
    )


def carpet() -> str:
    """A rug, one end rolled."""
    fringe = "".join(f"M{x} 196v14" for x in range(52, 180, 8))
    return (
        shadow(92, 124)
        + line(WAL, 4, fringe)
        + fill(MAD, "M44 66h140v132H44z")
        + fill(TU, "M54 66h120v120H54z")
        + fill(MA, "M60 66h108v114H60z")
        + fill(IND, "M114 76l42 46-42 46-42-46z")
        + fill(UN, "M114 90l29 32-29 32-29-32z")
        + fill(MA, "M114 104l16 18-16 18-16-18z")
        + disc(TU, 114, 122, 6)
        + fill(TUL, "M66 156l12 12-12 6zM162 156l-12 12 12 6zM66 88l10-10-10-6zM162 88l-10-10 10-6z")
        + box(MA, 34, 38, 172, 46, 22)
        + box(MAD, 34, 62, 172, 22, 11)
        + line(TU, 6, "M54 42v38M174 42v38")
        + oval(MAD, 202, 61, 14, 23)
        + oval(UND, 202, 61, 10, 17)
        + oval(MA, 203, 61, 6, 11)
    )


def embroidery() -> str:
    """A hoop with a flower being stitched."""
    petals = "".join(at(112, 116, oval(MA, 0, -24, 11, 18), turn=60 * i) for i in range(6))
    return (
        shadow(78)
        + disc(WA, 112, 120, 86)
        + disc(UN, 112, 120, 76)
        + crescent(UND, 112, 120, 76, -50, 130, 1.2)
        + line(WAL, 10, "M112 39a81 81 0 0 0-76 54")
        + box(TUD, 100, 22, 24, 18, 4)
        + line(SAD, 5, "M112 132C108 156 100 170 86 178M110 142C120 158 132 166 146 166")
        + leaf(96, 170, 34, 18, 178)
        + leaf(130, 164, 34, 18, 8)
        + petals
        + disc(TU, 112, 116, 11)
        + line(IN, 5, "M64 96h.1M72 78h.1M160 96h.1M152 76h.1M62 138h.1M164 134h.1")
        + line(MA, 3, "M132 96C170 60 190 80 206 112")
        + line(WAL, 5, "M206 108L224 158")
    )


def cocoon() -> str:
    """Silk cocoons on mulberry leaves."""

    def one(base: str, shade: str) -> str:
        body = fill(
            base,
            "M-50 0c0-24 16-36 32-34 12 1 24 1 36 0 18-2 32 10 32 34s-14 36-32 34c-12-1-24-1-36 0-16 2-32-10-32-34z",
        )
        return (
            body
            + fill(
                shade,
                "M40-24C48-18 50-8 50 0c0 24-14 36-32 34-12-1-24-1-36 0-12 2-24-6-29-18C-10 26 38 22 40-24z",
            )
            + line(shade, 3, "M-36-12C-20-26 10-22 24-26M-40 4C-20-12 10-8 30-14M-30 16C-10 4 10 6 22 0")
        )

    return (
        shadow(86)
        + leaf(116, 150, 112, 84, -152)
        + leaf(128, 150, 104, 78, -36)
        + at(86, 124, one(UNL, UND), turn=-20)
        + at(154, 132, one(TUL, TU), turn=22)
        + at(118, 178, one(UNL, UND), turn=4, size=1.05)
        + line(UND, 3, "M166 180c18 6 18 20 36 18s14-16 26-14")
    )


KINDS = (cloth, shawl, saree, garment, cotton, yarn, carpet, embroidery, cocoon)
