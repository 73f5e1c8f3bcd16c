"""Paper, pictures, scents, remedies; and what stands for a place or for anything at all."""

from catalogue.pictures.brushes import (
    IN,
    IND,
    INL,
    LA,
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
    box,
    crescent,
    disc,
    fill,
    leaf,
    line,
    oval,
    shadow,
)


def paper() -> str:
    """Sheets of handmade paper and a roll tied with thread."""
    return (
        shadow(90)
        + fill(UND, "M34 188c2-30 0-62 4-92 30 4 70-4 120 2l24 12c4 30-2 60 2 92-50 4-100-2-150-2z")
        + fill(UN, "M42 178c2-30-2-66 2-98 34 6 80-4 116 2 4 30-2 66 2 100-40 2-80-4-120-4z")
        + fill(UNL, "M50 168c4-34-2-66 0-102 38 4 76-2 112 0 2 34-2 70 2 104-38 2-78-4-114-2z")
        + line(UND, 3, "M66 92c10-4 16 2 24-2M110 84c8 4 14-2 22 2M72 140c8-4 14 4 22-2M96 116c6-4 12 2 18-1")
        + leaf(112, 152, 36, 18, -58, SAL, SA)
        + oval(LAL, 82, 108, 8, 5, 30)
        + oval(MAL, 128, 106, 7, 4.5, -30)
        + oval(TU, 90, 152, 6, 4, 20)
        + at(
            156,
            168,
            box(UN, -82, -19, 150, 38, 19)
            + fill(UND, "M-63 4H64v15H-63c-10 0-17-6-19-15z")
            + oval(UND, 66, 0, 13, 19)
            + oval(UNL, 66, 0, 9, 13)
            + oval(UND, 67, 0, 5, 8)
            + box(MA, -12, -20, 12, 40, 2)
            + line(MA, 4, "M-6-18c-10-16-24-10-18 0 4 6 12 4 18 0 6-16 22-16 20-4-2 8-14 6-20 4"),
            turn=-16,
        )
    )


def painting() -> str:
    """A painted scroll: a bird on a branch."""
    return (
        shadow(64, 120, 214)
        + line(WA, 4, "M70 30L120 12 170 30")
        + fill(IN, "M62 34h116v168H62z")
        + fill(IND, "M160 34h18v168h-18z")
        + fill(UN, "M74 52h92v132H74z")
        + line(MA, 5, "M80 58h80v120H80z", "0 8")
        + line(WA, 5, "M86 160C104 150 132 142 152 116")
        + leaf(128, 140, 26, 15, 40)
        + leaf(146, 124, 22, 14, -96)
        + leaf(104, 151, 24, 14, 60)
        + fill(TU, "M98 98c10-16 34-14 40 4 4 14-4 26-18 30l-30 16 8-20c-4-8-6-20 0-30z")
        + fill(MA, "M104 128l-22 32-2-24 18-18z")
        + fill(SF, "M110 108c10-2 20 4 22 12-8 8-18 8-26 2z")
        + disc(TU, 132, 92, 13)
        + fill(MA, "M142 88l14 4-13 5z")
        + disc(WAD, 134, 90, 3)
        + box(WAD, 50, 26, 140, 13, 6)
        + box(WAD, 50, 198, 140, 13, 6)
        + disc(TU, 50, 32, 8)
        + disc(TU, 190, 32, 8)
        + disc(TU, 50, 204, 8)
        + disc(TU, 190, 204, 8)
    )


def incense() -> str:
    """Incense sticks in a burner, with smoke."""
    return (
        shadow(66)
        + line(UND, 9, "M98 58c-14-14 12-20 0-36M124 48c14-12-8-18 4-32")
        + line(WA, 5, "M112 138L98 68M122 138L124 60M132 138L154 76")
        + line(WAD, 8, "M106 106L98 68M123 106L124 60M142 106L154 76")
        + disc(MAL, 98, 67, 5)
        + disc(MAL, 124, 59, 5)
        + disc(MAL, 154, 75, 5)
        + fill(TU, "M54 134h132c2 36-22 56-44 60H98c-22-4-46-24-44-60z")
        + fill(TUD, "M186 134c2 36-22 56-44 60h-24c24-8 40-28 42-60z")
        + box(TUL, 48, 126, 144, 14, 7)
        + box(TUD, 160, 126, 32, 14, 7)
        + fill(TUD, "M88 190h64l12 16H76z")
        + line(WA, 4, "M72 158q12-12 24 0t24 0 24 0 24 0")
        + line(TUL, 6, "M66 150c2 8 4 12 8 17")
        + box(UND, 76, 120, 88, 9, 4)
    )


def soap() -> str:
    """Bars of soap with a herb sprig."""

    def bar(base: str, shade: str, light: str) -> str:
        return (
            box(shade, -64, -14, 128, 46, 14)
            + box(base, -64, -22, 128, 42, 14)
            + line(light, 5, "M-48-10c4-4 8-5 14-5")
        )

    return (
        shadow(84)
        + at(116, 174, bar(SA, SAD, SAL))
        + at(126, 128, bar(UN, UND, UNL), turn=-3)
        + at(114, 84, bar(LAL, LA, UN), turn=4)
        + line(SAD, 4, "M98 86c30-6 60-18 84-44")
        + leaf(128, 78, 38, 20, -74)
        + leaf(146, 70, 40, 20, 14, SAL, SA)
        + leaf(160, 60, 38, 18, -82)
        + leaf(174, 48, 36, 18, -16, SAL, SA)
    )


def essence() -> str:
    """A small bottle of essential oil with lavender."""
    sprigs = "".join(
        at(
            x,
            206,
            line(SAD, 4, "M0 0V-96")
            + "".join(
                oval(LA if i % 2 else LAL, -6 if i % 2 else 6, -78 - i * 11, 7, 9, 24 if i % 2 else -24)
                for i in range(6)
            )
            + oval(LAL, 0, -146, 6, 9),
            turn=turn,
            size=s,
        )
        for x, turn, s in ((160, 4, 1.1), (182, 12, 0.9))
    )
    return (
        shadow(84)
        + sprigs
        + fill(SFD, "M52 106c0-14 12-16 20-20h44c8 4 20 6 20 20v84c0 10-6 16-14 16H66c-8 0-14-6-14-16z")
        + fill(WA, "M104 86h12c8 4 20 6 20 20v84c0 10-6 16-14 16h-24c10-30 14-80 6-120z")
        + box(WAD, 70, 42, 48, 40, 6)
        + box(WA, 70, 42, 16, 40, 6)
        + box(UND, 66, 78, 56, 10, 4)
        + box(UN, 60, 122, 68, 54, 4)
        + fill(UND, "M108 122h20v54h-20z")
        + leaf(94, 168, 40, 24, -90)
        + line(SFL, 6, "M62 108c1-5 4-8 9-10")
    )


def medicine() -> str:
    """Mortar and pestle with healing leaves."""
    return (
        shadow(74)
        + leaf(76, 112, 74, 40, -122)
        + leaf(100, 108, 78, 40, -96, SAL, SA)
        + line(WAL, 20, "M132 116L184 34")
        + line(WA, 8, "M140 116L190 38")
        + disc(WAL, 186, 32, 15)
        + crescent(WA, 186, 32, 15)
        + leaf(64, 116, 44, 30, -160)
        + fill(UND, "M50 112h140c0 44-22 66-44 74v10h20v10H74v-10h20v-10c-22-8-44-30-44-74z")
        + fill(WAL, "M190 112c0 44-22 66-44 74v10h20v10h-42c2-30 26-44 30-94z")
        + box(UN, 42, 102, 156, 17, 8)
        + box(UND, 158, 102, 40, 17, 8)
        + line(UNL, 6, "M62 132c2 10 5 17 10 23")
    )


def place() -> str:
    """Hills, a river and the sun: a journey rather than a thing."""
    return (
        disc(TU, 160, 82, 32)
        + fill(INL, "M12 176L84 62l44 68 26-34 74 80z")
        + fill(IN, "M84 62l44 68 14-18 20 64H84c20-40 16-76 0-114z")
        + fill(UNL, "M84 62l18 28-12 8-8-8-10 10-6-10z")
        + fill(SA, "M12 176c50-30 90-24 120-4 32-16 64-16 96 4v18c0 10-6 14-14 14H26c-8 0-14-4-14-14z")
        + fill(SAD, "M132 172c32-16 64-16 96 4v18c0 10-6 14-14 14h-90c20-6 24-22 8-36z")
        + fill(UN, "M126 176c-30 6-34 12-18 18s10 10-18 14h50c16-8 12-14-4-18s-18-8-10-14z")
    )


def parcel() -> str:
    """A wrapped parcel with cord and tag."""
    return (
        shadow(84)
        + fill(UND, "M40 94l34-32h126l-34 32z")
        + fill(WAL, "M40 94h126v112H48c-6 0-8-3-8-8z")
        + fill(WA, "M166 94l34-32v104l-34 40z")
        + line(UN, 7, "M104 94v112M40 148h126M104 94l34-32M166 148l34-36")
        + line(UN, 6, "M120 78c-22-30-50-16-38-2 8 8 26 4 38 2 4-26 34-36 38-18 2 14-22 18-38 18z")
        + at(
            122,
            164,
            fill(MA, "M0 0l12-12h44v28H12z") + fill(MAD, "M34-12h22v28H34z") + disc(UN, 12, 2, 4),
            turn=14,
        )
    )


KINDS = (paper, painting, incense, soap, essence, medicine, place, parcel)
