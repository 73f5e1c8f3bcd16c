"""Nuts and palms."""

from catalogue.pictures.brushes import (
    MA,
    MAD,
    MAL,
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
    crescent,
    disc,
    fill,
    leaf,
    line,
    oval,
    shadow,
)


def walnut() -> str:
    """A walnut and an opened half."""
    return (
        shadow(84)
        + fill(SAD, "M30 92C60 40 110 30 150 44 130 92 80 112 30 92z")
        + line(SAL, 4, "M38 90C74 72 110 56 142 48")
        + ball(86, 142, 58, WAL, WA)
        + line(WA, 5, "M86 84c-14 22-14 88 0 116M62 100c-16 20-18 54-4 82M108 92c14 22 18 62 4 98")
        + line(WA, 3.5, "M40 132c8 4 14 2 18-4M66 150c6 4 10 2 14-2M96 122c6 6 10 4 14-2M52 164c6 0 8-2 12-6")
        + oval(WA, 168, 160, 48, 44)
        + oval(UND, 168, 160, 40, 36)
        + fill(
            WAL,
            "M168 128c8 0 10 8 18 8 12 2 18 12 14 22 2 12-4 22-16 22-6 8-12 10-16 10s-10-2-16-10c-12 0-18-10-16-22-4-10 2-20 14-22 8 0 10-8 18-8z",
        )
        + line(
            WA,
            4,
            "M168 130v58M148 148c8 0 10 4 10 10M188 148c-8 0-10 4-10 10M150 172c6-4 8-4 10-2M186 172c-6-4-8-4-10-2",
        )
    )


def peanut() -> str:
    """Peanuts in and out of the shell."""
    shell = "M-70 0c0-26 22-38 42-34 12 2 18 10 28 10s16-10 30-12C54-40 76-24 76 2S54 42 32 40C18 38 12 28 0 28s-18 10-30 10C-50 40-70 26-70 0z"
    dark = "M76 2C76 28 54 42 32 40 18 38 12 28 0 28s-18 10-30 10C-50 40-70 26-70 0-50 34 60 30 66-22c6 6 10 15 10 24z"
    nut = (
        fill(TUL, shell)
        + fill(WAL, dark)
        + line(
            WAL,
            4,
            "M-56-8h1M-40-18h1M-40 4h1M-24-8h1M-8 4h1M-8-12h1M12-6h1M28-18h1M28 6h1M44-6h1M58-14h1M-26 16h1M12 14h1",
        )
    )
    kernel = (
        oval(MA, 0, 0, 24, 17)
        + fill(MAD, "M21-8C30 6 16 18 0 17c-8 0-16-2-20-7 16 3 36 0 41-18z")
        + line(MAL, 4, "M-12-8c3-2 6-3 9-3")
    )
    return (
        shadow(84)
        + at(98, 92, nut, turn=-32)
        + at(128, 156, nut, turn=12, size=0.96)
        + at(56, 178, kernel, turn=-20)
        + at(182, 92, kernel, turn=30)
    )


def cashew() -> str:
    """A cashew apple with its nut, and shelled nuts."""
    nut = "M-40-24C-64 0-48 46 0 46c44 0 60-34 46-58-8-14-26-8-26 6 0 14-8 22-22 18-16-4-12-20-12-28 0-14-16-20-26-8z"
    dark = "M46-12C60 12 44 46 0 46c-22 0-38-10-46-24C-16 40 44 36 46-12z"
    return (
        shadow(80)
        + leaf(104, 46, 84, 40, -14)
        + fill(
            TU,
            "M104 44c26-2 40 14 42 44 2 28 8 40 2 56-6 14-24 18-46 18s-40-4-46-18c-6-16 0-28 2-56 2-28 18-42 46-44z",
        )
        + fill(
            SF, "M124 48c14 6 21 20 22 40 2 28 8 40 2 56-6 14-24 18-46 18-6 0-12 0-18-1 44-10 56-60 40-113z"
        )
        + fill(MAL, "M104 44c-26 0-42 18-46 48-2 22-4 34-4 44 34-10 60-42 66-90-6-2-10-2-16-2z")
        + oval(SFL, 78, 76, 7, 13, 22)
        + line(WA, 7, "M104 46c0-10-2-16-6-22")
        + at(102, 178, fill(WAL, nut) + fill(WA, dark), size=0.62, turn=-10)
        + at(180, 166, fill(TUL, nut) + fill(WAL, dark), turn=-16, size=0.72)
    )


def coconut() -> str:
    """A coconut and its half."""
    return (
        shadow(86)
        + ball(92, 112, 66, WA, WAD)
        + line(
            WAL,
            4,
            "M48 76c8-12 18-20 30-24M38 108c0-6 1-12 3-18M60 96c8-16 20-26 36-30M52 140c-4-8-5-16-4-24M76 84c8-8 16-12 24-13",
        )
        + disc(WAD, 104, 76, 6)
        + disc(WAD, 124, 84, 6)
        + disc(WAD, 108, 94, 6)
        + disc(WAD, 156, 152, 57)
        + disc(WAL, 155, 151, 53)
        + disc(UNL, 155, 151, 47)
        + disc(UND, 156, 153, 33)
        + crescent(UN, 156, 153, 33, -20, 150, 1.3)
    )


def areca() -> str:
    """Ripe areca nuts and one cut across."""
    cap = fill(SAD, "M-26-34C-10-58 10-58 26-34 14-26-14-26-26-34z") + line(WA, 7, "M0-48v-12")
    veins = line(
        WA,
        4.5,
        "M168 130v20M168 190v-20M138 160h20M198 160h-20M147 139l14 13M189 139l-14 13M147 181l14-13M189 181l-14-13",
    )
    return (
        shadow(84)
        + at(
            126,
            98,
            oval(SF, 0, 8, 40, 46)
            + fill(SFD, "M18-33C36-24 40-6 40 8 40 34 22 54 0 54-8 54-14 52-20 48 14 44 34 8 18-33z")
            + cap,
            turn=14,
        )
        + at(
            80,
            146,
            oval(TU, 0, 8, 44, 52)
            + fill(TUD, "M20-38C38-28 44-8 44 8 44 38 24 60 0 60-8 60-16 58-22 53 16 48 36 8 20-38z")
            + oval(TUL, -18, -10, 8, 13, 24)
            + cap,
            turn=-12,
        )
        + disc(WA, 168, 160, 49)
        + disc(WAL, 167, 159, 45)
        + disc(UN, 167, 159, 38)
        + veins
        + disc(WAL, 168, 160, 8)
    )


KINDS = (walnut, peanut, cashew, coconut, areca)
