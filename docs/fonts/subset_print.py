"""Cut the fonts of printed papers out of Debian's package fonts-noto-core: python docs/fonts/subset_print.py.

Writes data/fonts/*.ttf. fpdf2 brings fontTools. Run it again when letters of another script are wanted.
"""

from pathlib import Path

from fontTools import subset, ttLib

SOURCE = Path("/usr/share/fonts/truetype/noto")
TARGET = Path(__file__).resolve().parents[2] / "data" / "fonts"
LATIN = "U+0020-024F,U+02BC,U+0300-036F,U+1E00-1EFF,U+2010-2027,U+202F,U+2030-205E,U+20A0-20BF,U+2122,U+2190-2193,U+2212"
DEVANAGARI = "U+0020,U+00A0,U+0900-097F,U+1CD0-1CFF,U+200C-200D,U+20B9,U+25CC,U+A8E0-A8FF"
THAI = "U+0020,U+00A0,U+0E01-0E5B,U+25CC"
TIBETAN = "U+0020,U+00A0,U+0F00-0FFF,U+25CC"
FONTS = {
    "NotoSans-Regular": LATIN,
    "NotoSans-Bold": LATIN,
    "NotoSansDevanagari-Regular": DEVANAGARI,
    "NotoSansThai-Regular": THAI,
    "NotoSerifTibetan-Regular": TIBETAN,
}


def main() -> None:
    """Cut every font to its letters and the rules that join them."""
    options = subset.Options(layout_features=["*"], name_IDs=["*"], notdef_outline=True, hinting=False)
    for name, letters in FONTS.items():
        font = ttLib.TTFont(SOURCE / f"{name}.ttf", recalcTimestamp=False)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=subset.parse_unicodes(letters))
        cutter.subset(font)
        font.save(TARGET / f"{name}.ttf")


if __name__ == "__main__":
    main()
