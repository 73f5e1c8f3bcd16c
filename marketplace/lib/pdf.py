"""Papers as PDF: A4 sheets with headings, facts, tables and sums, in Latin, Devanagari, Tibetan and Thai letters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, WrapMode, XPos, YPos
from fpdf.fonts import FontFace

FONTS = Path(__file__).resolve().parents[2] / "data" / "fonts"
MARGIN, WIDTH = 18.0, 174.0
SMALL, TEXT, LARGE, TITLE = 8.0, 9.5, 12.0, 19.0
INK, QUIET, RULE, TINT = (36, 28, 22), (92, 79, 67), (218, 205, 184), (248, 243, 233)
# Letters of these stand taller and hang lower than Latin ones.
_LINE = {"dz": 1.95, "hi": 1.7}


@dataclass(frozen=True)
class Column:
    """A column of a table. share: of the width, beside the others'; numbers stand at the right."""

    heading: str
    share: float
    is_number: bool = False


class _Pages(FPDF):
    """Pages with a line at the foot of each."""

    foot = ""

    def choose(self, size: float, *, is_bold: bool = False, colour: tuple[int, int, int] = INK) -> None:
        """Take up a font, size in points."""
        # fpdf2 2.8 forgets that a line in a fallback font has put back the font before it; this makes it name it anew.
        self.font_family = ""
        self.set_font("text", style="B" if is_bold else "", size=size)
        self.set_text_color(*colour)

    def footer(self) -> None:
        """Who wrote the paper, and which page of how many it is."""
        self.set_y(-15)
        self.choose(SMALL, colour=QUIET)
        self.cell(WIDTH - 20, 6, self.foot)
        self.cell(20, 6, f"{self.page_no()} / {{nb}}", align="R")


class Sheet:
    """One paper, written from top to bottom; the same calls in the same order give the same bytes.

    made_at: what the file says about its making, taken from the row it is about, never from the clock.
    language: of the words ("en", "hi", "dz"), for the height of lines.
    """

    def __init__(self, title: str, *, language: str, made_at: datetime, foot: str) -> None:
        self._line = _LINE.get(language, 1.5)
        pages = self._pages = _Pages(format="A4")
        pages.foot = foot
        pages.set_margins(MARGIN, MARGIN, MARGIN)
        pages.set_auto_page_break(auto=True, margin=22)
        pages.set_creation_date(made_at)
        pages.set_title(title)
        pages.set_lang(language)
        pages.add_font("text", fname=FONTS / "NotoSans-Regular.ttf")
        pages.add_font("text", style="B", fname=FONTS / "NotoSans-Bold.ttf")
        pages.add_font("devanagari", fname=FONTS / "NotoSansDevanagari-Regular.ttf")
        pages.add_font("thai", fname=FONTS / "NotoSansThai-Regular.ttf")
        pages.add_font("tibetan", fname=FONTS / "NotoSerifTibetan-Regular.ttf")
        # There is no bold of these; a letter in its own script is worth more than its weight.
        pages.set_fallback_fonts(["devanagari", "tibetan", "thai"], exact_match=False)
        pages.set_text_shaping(use_shaping_engine=True)
        pages.add_page()
        self._font(TITLE, is_bold=True)
        self._text(title)
        self.gap(1)

    def gap(self, millimetres: float = 4) -> None:
        """Air."""
        self._pages.ln(millimetres)

    def heading(self, text: str) -> None:
        """A heading within the paper, kept with what follows it."""
        if self._pages.will_page_break(30):
            self._pages.add_page()
        self.gap()
        self._font(LARGE, is_bold=True)
        self._text(text)
        self.gap(1)

    def note(self, text: str) -> None:
        """Words in small letters; line breaks are kept."""
        self._font(SMALL, colour=QUIET)
        self._text(text)

    def text(self, text: str) -> None:
        """Words; line breaks are kept."""
        self._font(TEXT)
        self._text(text)

    def beside(self, blocks: Sequence[tuple[str, str]]) -> None:
        """Blocks of a heading and lines of text side by side, such as seller and buyer."""
        pages = self._pages
        self.gap()
        top, lowest, width = pages.get_y(), pages.get_y(), WIDTH / len(blocks)
        for place, (heading, text) in enumerate(blocks):
            pages.set_y(top)
            for words, size, colour in ((heading, SMALL, QUIET), (text, TEXT, INK)):
                pages.set_x(MARGIN + place * width)
                self._font(size, colour=colour)
                self._text(words, width=width - 5)
            lowest = max(lowest, pages.get_y())
        pages.set_xy(MARGIN, lowest)
        self.gap()

    def facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Names and values, line by line, where there is a value."""
        for name, value in facts:
            if value:
                self._font(TEXT, colour=QUIET)
                self._pages.cell(48, self._height(TEXT), name)
                self._font(TEXT)
                self._text(value, width=WIDTH - 48)

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
        """A table whose heading is repeated on each page. rows: as many cells as columns."""
        self.gap(2)
        self._font(TEXT)
        pages = self._pages
        pages.set_draw_color(*RULE)
        with pages.table(
            width=int(WIDTH),
            col_widths=[column.share for column in columns],
            text_align=["RIGHT" if column.is_number else "LEFT" for column in columns],
            line_height=self._height(TEXT),
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            headings_style=FontFace(emphasis="BOLD", color=INK, fill_color=TINT, size_pt=SMALL),
            padding=(0.6, 1.2),
            wrapmode=WrapMode.WORD,
        ) as table:
            table.row([column.heading for column in columns])
            for cells in rows:
                table.row(list(cells))
        self.gap(2)

    def sums(self, sums: Sequence[tuple[str, str]], *, total: tuple[str, str] | None = None) -> None:
        """Names and amounts at the right edge; the total, last, in bold between lines."""
        for name, amount in sums:
            self._sum(name, amount, is_bold=False)
        if total is not None:
            self._sum(*total, is_bold=True)
        self.gap(2)

    def bytes(self) -> bytes:
        """The file."""
        return bytes(self._pages.output())

    def _sum(self, name: str, amount: str, *, is_bold: bool) -> None:
        pages, size = self._pages, LARGE if is_bold else TEXT
        self._font(size, is_bold=is_bold)
        pages.set_x(MARGIN + WIDTH / 3)
        border: Literal[0] | str = "T" if is_bold else 0
        height = self._height(size)
        pages.cell(WIDTH * 2 / 3 - 45, height, name, align="R", border=border)
        self._font(size, is_bold=is_bold)
        pages.cell(45, height, amount, align="R", border=border, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _font(self, size: float, *, is_bold: bool = False, colour: tuple[int, int, int] = INK) -> None:
        self._pages.choose(size, is_bold=is_bold, colour=colour)

    def _height(self, size: float) -> float:
        # Points to millimetres.
        return size * self._line * 0.3528

    def _text(self, text: str, *, width: float = WIDTH) -> None:
        height = self._height(self._pages.font_size_pt)
        self._pages.multi_cell(width, height, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
