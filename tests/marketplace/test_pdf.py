"""Papers: readable text, whole pages, the same bytes for the same words."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from marketplace.lib.pdf import Column, Sheet

MADE_AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
WORDS = {
    "en": "Kishuthara stole",
    "hi": "हस्तनिर्मित शॉल",
    "dz": "ཁོ་མ་སྐྱིད་ཤུ་ཐ་ར།",
}


def paper(language="en", rows=3, title="Invoice 1/2026/0001"):
    sheet = Sheet(title, language=language, made_at=MADE_AT, foot="The programme")
    sheet.facts([("Order", "7K3M-2291-9X"), ("Not given", "")])
    sheet.beside([("From", "Khoma Weavers\nLhuentse"), ("To", "Dema\nThimphu")])
    sheet.heading("Goods")
    sheet.text("As ordered.")
    sheet.table(
        [Column("What", 5), Column("Amount", 2, is_number=True)],
        [[f"{WORDS[language]} {number}", "₹6,800.00"] for number in range(rows)],
    )
    sheet.sums([(WORDS[language], "₹60.00")], total=(WORDS[language], "₹6,860.00"))
    sheet.note(WORDS[language])
    return sheet.bytes()


def text_of(content):
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def test_everything_written_can_be_read_again():
    text = text_of(paper())

    for words in (
        "Invoice 1/2026/0001",
        "7K3M-2291-9X",
        "Khoma Weavers",
        "Thimphu",
        "₹6,800.00",
        "₹6,860.00",
    ):
        assert words in text
    assert "Not given" not in text
    assert "1 / 1" in text


@pytest.mark.parametrize("language", WORDS)
def test_the_same_words_give_the_same_bytes(language):
    assert paper(language) == paper(language)


def test_the_file_says_when_its_row_was_made_not_when_it_was_printed():
    assert PdfReader(BytesIO(paper())).metadata.creation_date == MADE_AT


@pytest.mark.parametrize("language", WORDS)
def test_amounts_and_foot_can_be_read_whatever_script_stood_before_them(language):
    content = paper(language, rows=60)
    text, pages = text_of(content), len(PdfReader(BytesIO(content)).pages)

    assert text.count("The programme") == pages > 1
    assert all(f"{page + 1} / {pages}" in text for page in range(pages))
    assert text.count("₹6,800.00") == 60
    assert "₹60.00" in text
    assert "₹6,860.00" in text


@pytest.mark.parametrize(("language", "font"), [("hi", "Devanagari"), ("dz", "Tibetan")])
def test_each_script_is_drawn_in_its_own_font_and_no_letter_is_missing(language, font, caplog):
    content = paper(language)

    fonts = PdfReader(BytesIO(content)).pages[0]["/Resources"]["/Font"].values()
    assert any(font in each.get_object()["/BaseFont"] for each in fonts)
    assert "missing" not in caplog.text


def test_a_long_table_goes_on_with_its_heading_on_the_next_page():
    reader = PdfReader(BytesIO(paper(rows=60)))

    assert len(reader.pages) == 2
    assert all("Amount" in page.extract_text() for page in reader.pages)
    assert "2 / 2" in reader.pages[1].extract_text()
