"""Cuts the names of places out of a font: python docs/fonts/subset_names.py FULL.woff2 NAMES.txt OUT.woff2.

Needs brotli beside fontTools and uharfbuzz, which the project's own packages bring.
NAMES.txt holds one name a line. Only the glyphs that these names are shaped with are kept, so that the file
is a tenth of the font; tests/storefront/test_fonts.py says when a name of the reference data is missing.
"""

import io
import sys
from pathlib import Path

import uharfbuzz
from fontTools import subset
from fontTools.ttLib import TTFont


def plain_bytes(path: Path) -> bytes:
    """The font without compression, as the shaper wants it."""
    font, out = TTFont(path), io.BytesIO()
    font.flavor = None
    font.save(out)
    return out.getvalue()


def glyphs_of(font_bytes: bytes, names: list[str]) -> set[int]:
    """Every glyph that shaping the names ends with or passes through; raises ValueError for a letter not drawn."""
    font = uharfbuzz.Font(uharfbuzz.Face(font_bytes))
    last = len(TTFont(io.BytesIO(font_bytes)).getGlyphOrder())
    seen: set[int] = set()
    for name in names:
        buffer = uharfbuzz.Buffer()
        buffer.add_str(name)
        buffer.guess_segment_properties()

        def look(_message: str, now: uharfbuzz.Buffer = buffer) -> bool:
            seen.update(glyph.codepoint for glyph in now.glyph_infos if glyph.codepoint < last)
            return True

        buffer.set_message_func(look)
        uharfbuzz.shape(font, buffer)
        if any(glyph.codepoint == 0 for glyph in buffer.glyph_infos):
            raise ValueError(f"the font does not draw {name}")
        look("end")
    return seen


def main(full: Path, names_file: Path, target: Path) -> None:
    """Write the subset."""
    names = names_file.read_text("utf-8").split("\n")[:-1]
    font_bytes = plain_bytes(full)
    options = subset.Options(layout_features=["*"], layout_closure=False, notdef_outline=True, name_IDs=["*"])
    font = TTFont(io.BytesIO(font_bytes))
    cutter = subset.Subsetter(options)
    cutter.populate(gids=sorted(glyphs_of(font_bytes, names)), text="".join(names))
    cutter.subset(font)
    font.flavor = "woff2"
    font.save(target)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
