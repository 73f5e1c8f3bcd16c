"""Grain, rice and pulses."""

from catalogue.pictures.brushes import (
    LAD,
    LAL,
    MA,
    MAD,
    MAL,
    SA,
    SAD,
    SAL,
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
    bowl,
    box,
    ear,
    fill,
    leaf,
    line,
    shadow,
)

_HEAP = "M48 126c8-36 40-58 72-58s64 22 72 58z"
_HEAP_SHADE = "M192 126c-8-36-40-58-72-58 30 12 44 32 44 58z"


def _heap(base: str, shade: str, grain: str, grains: str = "") -> str:
    spots = "M78 112l9-6M96 94l8-7M104 114l11-3M122 98l10 4M124 80l9 4M136 116l10 3M150 102l8 6M168 116l8 4"
    return fill(base, _HEAP) + fill(shade, _HEAP_SHADE) + line(grain, 4.5, grains or spots)


_RICE_EAR = (
    line(SAD, 4, "M196 134C204 96 196 60 170 44 150 32 122 32 98 42")
    + leaf(200, 108, 66, 20, -72)
    + ear(112, 38, 4, -108, TU, TUD, 0.72)
    + ear(150, 33, 3, -84, TU, TUD, 0.6)
    + ear(176, 48, 2, -60, TU, TUD, 0.6)
)


def rice() -> str:
    """A turned bowl heaped with white rice, an ear behind it."""
    return shadow() + _RICE_EAR + _heap(UNL, UND, WAL) + bowl(WA, WAD, WAL)


def red_rice() -> str:
    """Red rice in a pale bowl."""
    return shadow() + _RICE_EAR + _heap(MAL, MA, UND) + bowl(UND, WAL, UN)


def black_rice() -> str:
    """Black rice in a pale bowl."""
    return shadow() + _RICE_EAR + _heap(LAD, WAD, LAL) + bowl(UND, WAL, UN)


def grain() -> str:
    """A tied sheaf of wheat or buckwheat."""
    stems = "M120 140L62 206M120 140L84 208M120 140L108 209M120 140L134 209M120 140L158 208M120 140L180 205"
    tops = "M120 140L76 92M120 140L98 78M120 140V74M120 140L144 78M120 140L166 94"
    return (
        shadow(66)
        + line(TUD, 5, stems)
        + line(TUD, 4, tops)
        + ear(78, 96, 3, -42, TU, TUD)
        + ear(164, 96, 3, 42, TU, TUD)
        + ear(98, 82, 4, -17, TUL, TU)
        + ear(144, 82, 4, 17, TU, TUD)
        + ear(120, 80, 4, 0, TUL, TU)
        + box(MA, 100, 133, 40, 17, 7)
        + box(MAD, 124, 133, 16, 17, 7)
    )


def millet() -> str:
    """Two heads of finger millet."""
    fingers = (
        "M0 0C-34-10-46-44-28-70",
        "M0 0C-18-22-24-56-8-84",
        "M0 0C0-26 4-56 10-88",
        "M0 0C20-20 28-50 28-76",
        "M0 0C36-10 48-34 44-60",
    )
    head = "".join(line(WA, 17, finger) for finger in fingers) + "".join(
        line(TUL, 7, finger, "0 10") for finger in fingers
    )
    return (
        shadow(60)
        + line(SAD, 6, "M98 120C104 150 106 180 106 206M160 132C150 160 136 186 128 206")
        + fill(SA, "M106 196C80 178 58 176 38 186c22-22 54-18 70-4z")
        + fill(SAD, "M122 200c18-32 44-40 74-34-28 2-50 14-66 36z")
        + at(162, 134, head, turn=16, size=0.82)
        + at(96, 124, head, turn=-8)
    )


def maize() -> str:
    """A cob half out of its husk."""
    rows = "M96 66V190M112 44V196M128 44V196M144 66V190"
    return (
        shadow(58)
        + fill(SAD, "M150 206c38-20 46-68 44-122-32 26-48 66-44 122z")
        + fill(TU, "M120 28c28 0 44 44 44 92s-16 84-44 84-44-36-44-84 16-92 44-92z")
        + fill(TUD, "M120 28c28 0 44 44 44 92s-16 84-44 84c22-14 28-44 28-84s-6-76-28-92z")
        + line(TUL, 12, rows, "0 15")
        + fill(SAL, "M114 208C62 196 44 144 48 82c40 26 62 66 66 126z")
        + fill(SA, "M112 208c-10-48 8-86 26-98 22 40 22 78-4 98z")
        + fill(SAD, "M128 209c-2-40 10-70 42-92 10 50-8 84-42 92z")
    )


def pulses() -> str:
    """An open pod and some lentils."""
    peas = "".join(
        ball(x, y, r, TU, TUD, TUL)
        for x, y, r in ((70, 142, 17), (102, 122, 20), (138, 102, 20), (171, 84, 17))
    )
    loose = "".join(
        ball(x, y, 12, c, d)
        for x, y, c, d in ((142, 194, MAL, MA), (170, 188, TU, TUD), (116, 198, TU, TUD), (188, 166, MAL, MA))
    )
    return (
        shadow(70, 132)
        + fill(SAD, "M30 172C36 96 116 40 206 52 206 112 120 188 30 172z")
        + peas
        + fill(SA, "M30 172c60 0 146-46 176-120 10 74-92 156-176 120z")
        + line(SAD, 5, "M206 52l14-16")
        + loose
    )


KINDS = (rice, red_rice, black_rice, grain, millet, maize, pulses)
