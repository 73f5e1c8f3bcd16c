"""Stone, glaze and jewellery."""

from catalogue.pictures.brushes import (
    IN,
    IND,
    INL,
    LA,
    LAD,
    MA,
    MAD,
    MAL,
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
    line,
    oval,
    shadow,
)


def stone() -> str:
    """A pierced stone screen."""
    holes = "".join(
        at(x, y, fill(WAD, "M0-14L4-4 14 0 4 4 0 14-4 4-14 0-4-4z"))
        for x in (92, 120, 148)
        for y in (104, 144)
    )
    arch = "M48 202V96c0-40 40-54 72-74 32 20 72 34 72 74v106z"
    return (
        shadow(82)
        + fill(UND, arch)
        + fill(WAL, "M120 22c32 20 72 34 72 74v106h-22V98c0-34-30-50-50-76z")
        + fill(UN, "M66 186V100c0-26 28-40 54-56 26 16 54 30 54 56v86z")
        + fill(WAL, "M66 186V100c0-26 28-40 54-56v8c-22 14-46 28-46 52v82z")
        + holes
        + fill(WAD, "M120 60l4 10 10 4-10 4-4 10-4-10-10-4 10-4zM106 118l4 6-4 6-4-6zM134 118l4 6-4 6-4-6z")
        + line(WAL, 4, "M76 166h88", "0 11")
        + box(UND, 38, 190, 164, 17, 4)
        + box(WAL, 168, 190, 34, 17, 4)
    )


def mineral() -> str:
    """Cut blocks and slabs of stone."""
    return (
        shadow(92)
        + fill(UND, "M30 130l24-18h96l-24 18z")
        + fill(WAL, "M30 130h96v74H30z")
        + fill(WA, "M126 130l24-18v74l-24 18z")
        + fill(UN, "M68 82l22-16h84l-22 16z")
        + fill(UND, "M68 82h84v42H68z")
        + fill(WAL, "M152 82l22-16v42l-22 16z")
        + fill(INL, "M142 206l-6-34 14-40 18-16 20 22 8 40-10 28z")
        + fill(IN, "M168 116l20 22 8 40-10 28h-24l12-38z")
        + fill(IND, "M188 138l8 40-10 28h-10l2-36z")
        + fill(UN, "M150 132l18-16-4 30-16 18z")
        + fill(INL, "M190 206l-2-22 14-18 18 18-4 22z")
        + fill(IN, "M202 166l18 18-4 22h-16z")
        + line(WA, 4, "M44 150h1M62 170h1M84 148h1M104 178h1M54 190h1M90 192h1M112 156h1M72 152h1")
        + line(WAL, 4, "M82 98h1M104 108h1M126 96h1M140 112h1M94 114h1")
    )


def jewellery() -> str:
    """A silver necklace with coral and a stone pendant."""
    return (
        shadow(56, 120, 212)
        + line(WAL, 9, "M52 36C44 110 82 152 120 152S196 110 188 36")
        + line(UNL, 4.5, "M52 36C44 110 82 152 120 152S196 110 188 36", "0 9")
        + line(MA, 17, "M56 76C66 118 92 138 120 138S174 118 184 76", "0 21.5")
        + line(MAL, 5, "M52 72C62 114 88 134 116 134S170 114 180 72", "0 21.5")
        + fill(UND, "M98 152l22-16 22 16 12 30-34 28-34-28z")
        + fill(WAL, "M120 136l22 16 12 30-34 28z")
        + fill(UNL, "M104 158l16-12 16 12 8 22-24 20-24-20z")
        + oval(INL, 120, 174, 15, 18)
        + fill(IN, "M128 159c6 4 8 10 7 17-1 9-7 16-15 16-3 0-6-1-9-3 14-4 20-16 17-30z")
        + oval(UNL, 114, 166, 3, 5, 30)
        + ball(120, 216, 8, MA, MAD)
    )


def bangles() -> str:
    """Lacquer bangles."""

    def ring(x: float, y: float, base: str, shade: str, dots: str) -> str:
        circle = f"M{x - 52} {y}a52 52 0 1 0 104 0a52 52 0 1 0-104 0"
        return (
            line(shade, 19, circle)
            + line(base, 14, f"M{x - 53} {y - 1}a52 52 0 1 0 104 0a52 52 0 1 0-104 0")
            + line(dots, 5, circle, "0 13.62")
        )

    return (
        shadow(86, 122, 212)
        + ring(150, 84, IN, IND, UN)
        + ring(94, 106, TU, TUD, MA)
        + ring(148, 142, LA, LAD, TUL)
    )


def tile() -> str:
    """Four glazed tiles."""
    one = box(UND, 0, 0, 76, 76, 4) + box(UNL, 0, 0, 73, 73, 4)
    star = (
        fill(IN, "M36 8l9 19 19 9-19 9-9 19-9-19-19-9 19-9z")
        + disc(TU, 36, 36, 8)
        + fill(
            INL,
            "M0 4a16 16 0 0 0 16-4H4zM73 4a16 16 0 0 1-16-4h12zM0 69a16 16 0 0 1 16 4H4zM73 69a16 16 0 0 0-16 4h12z",
        )
    )
    return (
        shadow(84, 124, 210)
        + "".join(at(x, y, one + star) for x, y in ((42, 42), (122, 42), (42, 122)))
        + at(128, 132, one + star, turn=6)
    )


KINDS = (stone, mineral, jewellery, bangles, tile)
