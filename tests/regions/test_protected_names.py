"""Protected names in texts of listings: spellings, scripts, orders of words; goods and places alone are free."""

import csv
from pathlib import Path

import pytest
from django.conf import settings

from regions.domain.protected_names import uses, variants

ROWS = list(csv.DictReader((Path(settings.BASE_DIR) / "data" / "gi_tags.csv").open(encoding="utf-8")))
NAMES = {place: row["name"] for place, row in enumerate(ROWS) if row["status"].startswith("registered")}

HELD = [
    ("Lakad\u200bong turmeric", "Lakadong Turmeric"),
    ("Laka\u200ddong hal\u00addi", "Lakadong Turmeric"),
    ("L\u0430kadong turmeric", "Lakadong Turmeric"),
    ("Lakad\u03bfng turmeric", "Lakadong Turmeric"),
    ("#LakadongTurmeric", "Lakadong Turmeric"),
    ("lakadongturmeric", "Lakadong Turmeric"),
    ("Laka-dong turmeric", "Lakadong Turmeric"),
    ("Darjeeling first flush black tea", "Darjeeling Tea"),
    ("Teas from the Darjeeling hills", "Darjeeling Tea"),
    ("basmatirice", "Basmati"),
    ("Lakadong turmeric", "Lakadong Turmeric"),
    ("lakadong haldi", "Lakadong Turmeric"),
    ("LAKADONG TURMERIC POWDER 200 g", "Lakadong Turmeric"),
    ("Laakadong haldi", "Lakadong Turmeric"),
    ("Turmeric from Lakadong", "Lakadong Turmeric"),
    ("Lakadong's finest turmeric", "Lakadong Turmeric"),
    ("Lakadong-turmeric", "Lakadong Turmeric"),
    ("लाकाडोंग हल्दी", "Lakadong Turmeric"),
    ("लकाडोंग की हल्दी", "Lakadong Turmeric"),
    ("हमारी लाकाडोंग हल्दी का पाउडर", "Lakadong Turmeric"),
    ("लाकाडोंग turmeric", "Lakadong Turmeric"),
    ("ལ་ཀ་དོང་ཡུང་བ།", "Lakadong Turmeric"),
    ("ལ་ཀ་དོང་གི་ག་སེར།", "Lakadong Turmeric"),
    ("Darjeeling tea", "Darjeeling Tea"),
    ("Darjiling chai", "Darjeeling Tea"),
    ("Darjeeling black tea, second flush", "Darjeeling Tea"),
    ("tea of the Darjeeling type", "Darjeeling Tea"),
    ("दार्जिलिंग चाय", "Darjeeling Tea"),
    ("दार्जिलिंग की चाय", "Darjeeling Tea"),
    ("རྡོ་རྗེ་གླིང་གི་ཇ།", "Darjeeling Tea"),
    ("རྡོ་རྗེ་གླིང་ཇ", "Darjeeling Tea"),
    ("Basmati rice", "Basmati"),
    ("Old basmathi, long grain", "Basmati"),
    ("बासमती चावल", "Basmati"),
    ("བ་ས་མ་ཏི་འབྲས།", "Basmati"),
    ("Banarasi saree in red", "Banaras Brocades and Sarees"),
    ("Varanasi silk brocade", "Banaras Brocades and Sarees"),
    ("बनारसी साड़ी", "Banaras Brocades and Sarees"),
    ("Kanjivaram silk", "Kancheepuram Silk"),
    ("Kanchipuram pattu saree", "Kancheepuram Silk"),
    ("Kashmiri saffron", "Kashmir Saffron"),
    ("कश्मीरी केसर", "Kashmir Saffron"),
    ("ཁ་ཆེའི་གུར་གུམ།", "Kashmir Saffron"),
    ("Pashmina shawl from Kashmir", "Kashmir Pashmina"),
    ("कश्मीर पश्मीना", "Kashmir Pashmina"),
    ("ཁ་ཆེའི་པཤྨི་ན།", "Kashmir Pashmina"),
    ("Muga silk stole", "Muga Silk of Assam"),
    ("मूगा सिल्क", "Muga Silk of Assam"),
    ("Assam tea", "Assam (Orthodox)"),
    ("Nagpur santra", "Nagpur Orange"),
    ("नागपुर संतरा", "Nagpur Orange"),
    ("Kolhapuri chappals", "Kolhapuri Chappal"),
    ("कोल्हापुरी चप्पल", "Kolhapuri Chappal"),
    ("Sikkim large cardamom", "Sikkim Large Cardamom"),
    ("འབྲས་ལྗོངས་སུག་སྨེལ་ཆེན་པོ།", "Sikkim Large Cardamom"),
    ("Alphonso mango pulp", "Alphonso"),
    ("Hapus aam", "Alphonso"),
    ("Feni from Goa", "Feni"),
    ("Phulkari dupatta", "Phulkari"),
    ("फुलकारी", "Phulkari"),
    ("Madhubani paintings on paper", "Madhubani Paintings"),
    ("मधुबनी चित्र", "Madhubani Paintings"),
    ("Joha rice", "Joha Rice of Assam"),
    ("Erode turmeric", "Erode Manjal (Erode Turmeric)"),
    ("Uttarakhand lal chawal", "Uttarakhand Lal Chawal (Red Rice)"),
    ("Blue pottery from Jaipur", "Blue Pottery of Jaipur"),
    ("Chanthaburi pepper", "Chanthaburi Pepper"),
    ("Kandhamal haldi", "Kandhamal Haladi"),
    ("Tezpur lychee", "Tezpur Litchi"),
    ("Patola from Patan", "Patan Patola"),
    ("Champagne", "Champangne"),
    ("Scotch whiskey", "Scotch Whisky"),
    ("Silver filigree from Karimnagar", "Silver Filigree of Karimnagar"),
]
FREE = [
    "Darjeeling bamboo basket of fine tea",
    "Red-rice and black-tea",
    "Handprint on cotton",
    "turmeric",
    "Turmeric powder 200 g",
    "haldi",
    "हल्दी",
    "हल्दी पाउडर",
    "ཡུང་བ།",
    "ག་སེར།",
    "Lakadong",
    "We live in Lakadong",
    "Ginger from Lakadong",
    "लाकाडोंग",
    "We live in Lakadong. Turmeric grows in all of our hills.",
    "tea",
    "चाय",
    "ཇ།",
    "Woollen shawl, woven near Darjeeling",
    "रेशम साड़ी",
    "Silk saree",
    "Basket of cane",
    "Red rice of Paro",
    "Bumthang honey",
    "བུམ་ཐང་སྦྲང་རྩི།",
    "བུམ་ཐང་གི་ཡ་ཐྲ།",
    "Kishuthara from Khoma",
    "Rice from Kashmir and saffron-coloured cloth",
    "The port of Kolkata",
    "Pashmina shawl",
    "Wild honey from the cliffs",
    "Orange marmalade",
    "Wooden toys",
    "Leather toys",
    "Terracotta cups",
    "Blue pottery",
    "Silver filigree earrings",
    "Padauk wood bowl",
    "Assam",
    "Large cardamom",
    "འབྲས།",
    "",
    "12345 !!",
]


@pytest.mark.parametrize(("text", "name"), HELD)
def test_text_that_uses_a_protected_name_is_found(text, name):
    assert name in [use.name for use in uses(text, NAMES)]


@pytest.mark.parametrize("text", FREE)
def test_goods_and_places_by_themselves_are_free(text):
    assert uses(text, NAMES) == []


def test_every_registered_name_finds_itself():
    unknown = [name for key, name in NAMES.items() if not uses(name, {key: name})]

    assert len(NAMES) == 707
    assert unknown == []
    assert all(variants(name) for name in NAMES.values())


def test_name_that_may_be_used_is_free_and_so_is_a_shorter_one_inside_it():
    keys = {name: key for key, name in NAMES.items()}
    text = "Conegliano Valdobbiadene Prosecco"

    with_nothing = {use.name for use in uses(text, NAMES)}
    with_the_long_one = uses(text, NAMES, free=[keys[text]])
    beside = uses(f"{text}. Darjeeling tea.", NAMES, free=[keys[text]])

    assert with_nothing == {"Prosecco", text}
    assert with_the_long_one == []
    assert [use.name for use in beside] == ["Darjeeling Tea"]


def test_name_that_is_registered_twice_is_free_with_either():
    rolls = [key for key, name in NAMES.items() if name == "Mysore Silk"]

    assert len(rolls) == 2
    assert uses("Mysore silk", NAMES, free=rolls[:1]) == []
