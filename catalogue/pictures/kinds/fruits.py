"""Fruit."""

from catalogue.pictures.brushes import (
    IN,
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
    bowl,
    disc,
    fill,
    leaf,
    line,
    oval,
    shadow,
)


def mango() -> str:
    """A ripe mango and a smaller one behind."""
    shape = "M-64 30C-84-20-40-76 18-74 66-72 86-24 70 20 58 56 24 72-10 70-36 68-56 54-64 30z"
    dark = "M70 20C58 56 24 72-10 70-36 68-56 54-64 30-20 62 58 30 62-42 78-24 78-4 70 20z"
    blush = "M18-74C50-72 70-52 74-24 50-20 20-36 2-73 8-74 12-74 18-74z"
    fruit = (
        fill(TU, shape)
        + fill(SF, blush)
        + fill(TUD, dark)
        + oval(TUL, -30, -26, 17, 8, -46)
        + line(WA, 7, "M12-73c-2-8-2-13 2-19")
    )
    small = fill(SA, shape) + fill(TU, blush) + fill(SAD, dark)
    return (
        shadow(84) + at(158, 150, small, turn=26, size=0.72) + leaf(106, 56, 82, 38, -12) + at(98, 136, fruit)
    )


def citrus() -> str:
    """An orange with its leaf and a cut half."""
    wedges = "".join(at(0, 0, fill(SFL, "M0-6L-15-34Q0-45 15-34z"), turn=45 * i) for i in range(8))
    return (
        shadow(84)
        + ball(96, 124, 66, SF, SFD, SFL)
        + line(SFD, 4, "M88 86h1M120 96h1M72 112h1M104 116h1M84 144h1M112 156h1M62 136h1")
        + leaf(98, 62, 70, 34, -28)
        + leaf(94, 62, 44, 24, -150, SAL, SA)
        + line(WA, 6, "M96 66v-12")
        + disc(SFD, 164, 158, 51)
        + disc(SF, 162, 157, 49)
        + disc(UNL, 162, 157, 43)
        + at(162, 157, wedges, size=0.95)
    )


def apple() -> str:
    """A red apple."""
    shape = "M120 84C98 64 44 66 40 124c-2 42 32 82 58 82 10 0 14-5 22-5s12 5 22 5c26 0 60-40 58-82-4-58-58-60-80-40z"
    dark = "M168 72c20 8 31 26 32 52 2 42-32 82-58 82-10 0-14-5-22-5s-12 5-22 5c-8 0-18-4-26-11 62 14 118-44 96-123z"
    return (
        shadow(66)
        + fill(MA, shape)
        + fill(MAD, dark)
        + oval(MAL, 74, 106, 21, 12, -46)
        + oval(MAD, 120, 86, 20, 7)
        + line(WA, 8, "M120 86c-2-20 2-34 12-46")
        + leaf(126, 62, 66, 36, -20)
        + line(TUL, 4, "M74 150h1M92 134h1M98 166h1M118 146h1M62 130h1")
    )


def banana() -> str:
    """A hand of bananas."""

    def finger(base: str, shade: str) -> str:
        return (
            fill(base, "M-8-4C-34 40-30 104 22 142c10 4 16-4 12-12C6 100 4 48 14 2z")
            + fill(shade, "M14 2C4 48 6 100 34 130c4 8-2 16-12 12-4-2-8-5-11-8C-8 96-8 44 0-1z")
            + fill(WAD, "M22 142c10 4 16-4 12-12l6 8c3 6-1 11-7 10z")
        )

    return (
        shadow(70, 116)
        + at(116, 58, finger(TU, TUD), turn=-44, size=0.88)
        + at(112, 56, finger(TUL, TU), turn=-24)
        + at(106, 54, finger(TU, TUD), turn=2)
        + at(98, 54, finger(TUL, TU), turn=26)
        + fill(WA, "M86 66c2-16 4-30 2-42l22-4c0 16 6 30 18 42-12 14-30 14-42 4z")
        + fill(WAD, "M100 22l10-2c0 16 6 30 18 42-6 6-12 9-20 9 0-18-2-34-8-49z")
    )


def pineapple() -> str:
    """A pineapple with its crown."""
    crown = "".join(
        leaf(120, 92, length, 22, turn, base, SAD)
        for length, turn, base in (
            (52, -156, SA),
            (52, -24, SA),
            (66, -132, SA),
            (66, -48, SA),
            (78, -110, SAL),
            (78, -70, SAL),
            (84, -90, SAL),
        )
    )
    net = "M70 118L150 198M82 98L168 184M106 88L174 156M66 148L118 200M170 118L90 198M158 98L72 184M134 88L66 156M174 148L122 200"
    return (
        shadow(54)
        + crown
        + fill(TU, "M120 82c36 0 56 28 56 62s-22 62-56 62-56-28-56-62 20-62 56-62z")
        + fill(TUD, "M120 82c36 0 56 28 56 62s-22 62-56 62c-8 0-16-2-22-5 34-8 54-30 54-62 0-26-10-48-32-57z")
        + line(SFD, 3.5, net)
        + line(
            TUL,
            6,
            "M94 122h1M120 98h1M120 122h1M94 146h1M120 146h1M146 122h1M107 134h1M133 134h1M107 110h1M133 110h1M120 170h1M107 158h1M82 134h1",
        )
    )


def grapes() -> str:
    """A bunch of grapes."""
    berries = (
        (84, 96),
        (120, 90),
        (156, 96),
        (68, 122),
        (102, 120),
        (138, 120),
        (170, 122),
        (86, 148),
        (120, 148),
        (152, 148),
        (104, 174),
        (136, 174),
        (120, 196),
    )
    drawn = "".join(
        ball(x, y, 19, LA if i % 3 else LAL, LAD if i % 3 else LA) + oval(UN, x - 7, y - 8, 4, 2.6, -40)
        for i, (x, y) in enumerate(berries)
    )
    return (
        line(WA, 8, "M92 40c18 0 26 10 28 46")
        + leaf(116, 70, 82, 62, -28)
        + leaf(114, 68, 58, 44, -152, SAL, SA)
        + drawn
    )


def berry() -> str:
    """Two strawberries."""
    fruit = (
        fill(MA, "M0 74C-44 50-64 2-50-26c10-18 34-16 50-6 16-10 40-12 50 6C64 2 44 50 0 74z")
        + fill(MAD, "M34-35c8 1 13 4 16 9C64 2 44 50 0 74c-4-2-8-5-12-8C26 44 44 4 34-35z")
        + line(
            TUL, 5, "M-34-4v3M-14-10v3M8-6v3M28-8v3M-24 16v3M-4 12v3M16 16v3M-12 36v3M6 36v3M-2 56v2M34 10v3"
        )
        + fill(
            SA,
            "M0-30c-12 12-30 14-44 4 8-4 12-8 14-14-8-2-12-6-16-12 14-4 26-2 36 6 2-10 8-16 14-20 2 8 2 14-2 20 10-8 24-10 38-6-4 8-10 12-18 14 4 6 10 10 18 12-14 10-30 8-40-4z",
        )
    )
    return shadow(80) + at(154, 122, fruit, turn=-20, size=0.86) + at(92, 128, fruit, turn=10)


def pomegranate() -> str:
    """A pomegranate, opened."""
    seeds = "".join(
        ball(x, y, 10.5, MAL, MA)
        for x, y in (
            (96, 136),
            (116, 126),
            (136, 132),
            (88, 158),
            (108, 150),
            (128, 150),
            (148, 152),
            (98, 176),
            (120, 172),
            (140, 172),
            (118, 192),
        )
    )
    return (
        shadow(70)
        + fill(LA, "M104 62L98 30l14 10 8-14 8 14 14-10-6 32z")
        + fill(LAD, "M124 62l4-22 14-10-6 32z")
        + ball(120, 132, 74, LA, LAD, LAL)
        + fill(UN, "M82 118c26-20 60-22 80 2 8 30-8 66-42 86-32-12-50-52-38-88z")
        + fill(UND, "M162 120c8 30-8 66-42 86 16-26 32-50 30-98 4 3 8 7 12 12z")
        + seeds
    )


def fruit() -> str:
    """A bowl of mixed fruit."""
    return (
        shadow()
        + ball(84, 92, 38, SF, SFD, SFL)
        + leaf(96, 52, 54, 28, -150)
        + ball(158, 94, 36, SA, SAD, SAL)
        + ball(122, 80, 42, MA, MAD, MAL)
        + line(WA, 7, "M122 42c0-8 3-14 8-18")
        + leaf(126, 36, 50, 28, -8)
        + ball(70, 116, 17, LA, LAD, LAL)
        + ball(100, 118, 16, LAL, LA)
        + ball(172, 116, 18, LA, LAD, LAL)
        + bowl(UND, WAL, UN)
        + line(IN, 7, "M56 150c10 4 18 4 26 0s18-4 26 0 18 4 26 0 18-4 26 0 16 4 22 2")
    )


KINDS = (mango, citrus, apple, banana, pineapple, grapes, berry, pomegranate, fruit)
