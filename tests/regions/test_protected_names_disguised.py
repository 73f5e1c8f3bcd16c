"""Protected names in disguise, and innocent texts of listings that are near one: each verdict as a reader would give it."""

# ruff: noqa: RUF001 (the letters that look alike are what is tested)

import csv
import time
from pathlib import Path

import pytest
from django.conf import settings

from regions.domain.protected_names import uses, uses_across

ROWS = list(csv.DictReader((Path(settings.BASE_DIR) / "data" / "gi_tags.csv").open(encoding="utf-8")))
NAMES = {place: row["name"] for place, row in enumerate(ROWS) if row["status"].startswith("registered")}

LAKADONG, DARJEELING, SAFFRON = "Lakadong Turmeric", "Darjeeling Tea", "Kashmir Saffron"
DISGUISED = [
    # Signs between the letters.
    ("L.a.k.a.d.o.n.g turmeric", LAKADONG),
    ("L a k a d o n g turmeric", LAKADONG),
    ("L-a-k-a-d-o-n-g haldi", LAKADONG),
    ("L a k a d o n g   t u r m e r i c", LAKADONG),
    ("l_a_k_a_d_o_n_g turmeric", LAKADONG),
    ("Haldi of L * a * k * a * d * o * n * g", LAKADONG),
    ("L\na\nk\na\nd\no\nn\ng turmeric", LAKADONG),
    ("Laka dong turmeric", LAKADONG),
    ("La ka dong turmeric", LAKADONG),
    ("Dar jeeling tea", DARJEELING),
    ("Phul kari dupatta", "Phulkari"),
    ("Lak·adong turmeric", LAKADONG),
    ("Lak*dong turmeric", LAKADONG),
    ("Lakadong_turmeric", LAKADONG),
    ("lakadong.turmeric", LAKADONG),
    ("haldilakadong", LAKADONG),
    ("LaKaDoNg TuRmErIc", LAKADONG),
    ("दा र्जि लिं ग चाय", DARJEELING),
    # Digits and signs for letters.
    ("Lak4dong turmeric", LAKADONG),
    ("L@kadong haldi", LAKADONG),
    ("L4k4d0ng turmer1c", LAKADONG),
    ("1akadong turmeric", LAKADONG),
    ("Darj33ling tea", DARJEELING),
    ("@ssam tea", "Assam (Orthodox)"),
    # Letters of other alphabets that look alike.
    ("Ｌａｋａｄｏｎｇ ｔｕｒｍｅｒｉｃ", LAKADONG),
    ("L\u0430k\u0430d\u043eng tu\u0433meric", LAKADONG),
    ("L\u03b1k\u03b1d\u03bfng turmeric", LAKADONG),
    ("Dаrjееling tеа", DARJEELING),
    ("ʟᴀᴋᴀᴅᴏɴɢ turmeric", LAKADONG),
    ("𝐋𝐚𝐤𝐚𝐝𝐨𝐧𝐠 𝐭𝐮𝐫𝐦𝐞𝐫𝐢𝐜", LAKADONG),
    ("🅛🅐🅚🅐🅓🅞🅝🅖 turmeric", LAKADONG),
    ("L\u00e1k\u00e0d\u00f6ng turmeric", LAKADONG),
    # Lines.
    ("Lakadong\nturmeric", LAKADONG),
    ("From the hills, our Lakadong\r\nturmeric in a tin.", LAKADONG),
    ("Laka-\ndong turmeric", LAKADONG),
    ("LAKADONG\n\nTurmeric from our fields", LAKADONG),
    # Lists, and words between.
    ("Turmeric and ginger from Lakadong", LAKADONG),
    ("Turmeric, rice and ginger from Lakadong", LAKADONG),
    ("Lakadong ginger and turmeric", LAKADONG),
    ("Turmeric, dried and ground, from Lakadong", LAKADONG),
    ("Tea, green and black, from Darjeeling", DARJEELING),
    ("Turmeric powder, Lakadong", LAKADONG),
    ("Not only Lakadong turmeric: ginger too", LAKADONG),
    ("Nothing but Darjeeling tea", DARJEELING),
    ("Why not Darjeeling tea?", DARJEELING),
    ("Like Darjeeling tea, only lighter", DARJEELING),
    ("Darjeeling tea, not from the plains", DARJEELING),
    ("Saffron threads of Kashmir, one gram", SAFFRON),
    ("A saffron coloured box of Kashmir saffron", SAFFRON),
    ("Sweets made with saffron from Kashmir", SAFFRON),
    ("Nagpur orange marmalade", "Nagpur Orange"),
    ("Tea for all, from Darjeeling", DARJEELING),
    # Other scripts.
    ("लाकाडोंग अदरक और हल्दी", LAKADONG),
    ("कश्मीर का शुद्ध केसर", SAFFRON),
    ("कांचीपुरम सिल्क साड़ी", "Kancheepuram Silk"),
    ("ཨ་སམ་གྱི་ཇ།", "Assam (Orthodox)"),
    ("ཀང་ར་ཇ།", "Kangra Tea"),
    ("བ་ས་མ་ཏི་ཡི་འབྲས།", "Basmati"),
    ("ชาดาร์จีลิง", DARJEELING),
    ("ขมิ้นจากลากาดอง", LAKADONG),
    ("ข้าวบาสมาติ 1 กก.", "Basmati"),
    ("กาแฟดอยช้าง", "Doi Chaang Coffee"),
    ("มะขามหวานเพชรบูรณ์", "Phetchabun Sweet Tamarind"),
    ("หญ้าฝรั่นแคชเมียร์", SAFFRON),
    ("ผ้าไหมไทยยกดอกลำพูน", "Lamphun Brocade Thai Silk"),
    ("দার্জিলিং চা", DARJEELING),
    ("লাকাডং হলুদ", LAKADONG),
]
INNOCENT = [
    # Colours, pictures, vessels, uses.
    "Kashmir shawl, saffron coloured",
    "Shawl from Kashmir in saffron and red",
    "Saffron-yellow shawl, woven in Kashmir",
    "Walnut bowl from Kashmir with a silver rim",
    "Cotton scarf from Nagpur with orange stripes",
    "Turmeric-dyed cotton from Lakadong",
    "Turmeric-yellow shawl from Lakadong",
    "Tea cosy of wool, woven in Darjeeling",
    "Bamboo mug from Assam for tea",
    "Darjeeling is famous for tea, and our village for wool.",
    "Bed cover from Goa with a mango pattern",
    # Comparisons and what goes beside.
    "Red rice of Paro, not to be confused with basmati rice",
    "Unlike Darjeeling tea, ours is roasted over wood",
    "Our turmeric is not from Lakadong",
    "It is different from Lakadong turmeric: paler, and sweeter",
    "यह लाकाडोंग हल्दी नहीं है",
    "Goes well with Darjeeling tea",
    "Serve with basmati rice",
    "Eaten with a bowl of basmati rice",
    # Recipes and lists.
    "Boil two cups of rice with a pinch of turmeric and ginger; add salt and butter.",
    "Ema datshi: chillies and cheese, eaten with red rice",
    "1. Wash the rice. 2. Add turmeric. 3. Cook for ten minutes.",
    "We sell:\n- Ginger of Lakadong\n- Turmeric, dried\n- Rice",
    "Wild honey of the Naga hills, cucumber salad",
    "Turmeric, Lakadong ginger",
    "Silk from Assam and tea from Bhutan",
    "Honey from Bumthang with ginger",
    "Ginger sweets 200g, 5kg and 10 kg packs",
    "100% cotton, 4-ply wool; write to sales@druk.bt",
    "Tea, coffee and honey of our own",
    # Places.
    "Our village lies between Darjeeling and Sikkim. We spin wool.",
    "We live in Lakadong and grow ginger",
    "Green Valley Weavers, Tea Garden Road, Siliguri, Darjeeling 734001",
    "Silk Board Road 12, Mysore",
    "Tea Research Institute, Jorhat, Assam",
    "A. B. C. D. Rao, Post Box 12, Assam",
    "We send to Kolkata, Assam, Nagaland and Sikkim within five days.",
    "Sikkim, Darjeeling and Assam: we send to all three. Tea is packed apart.",
    "Our grandmother came from Kancheepuram. She taught us to weave silk.",
    "Khasi Hills Women, Shillong, Meghalaya\n\nMandarin peel, dried in the sun.",
    "We learned to weave in Varanasi and now live in Paro",
    "The market in Goa opens at nine; our cashew is from Bhutan.",
    "Wooden bowl from Bumthang, turned by hand",
    "Bag of cotton with a lining of silk, sewn in Thimphu",
    "Yathra blanket from Chumey, natural dyes",
    # Other scripts.
    "घर की बनी हल्दी, अदरक और नमक",
    "सिक्किम से ऊनी टोपी",
    "हमारा गाँव दार्जिलिंग के पास है। चाय हम नहीं उगाते।",
    "सूती साड़ी, केसरिया रंग",
    "སྦྲང་རྩི་དང་ཇ།",
    "འབྲས་དམར་དང་ཨེ་མ།",
    "ཤོག་བུ་དང་བལ།",
    "ข้าวแดงจากภูฏาน",
    "น้ำผึ้งป่าของชาวบ้าน",
    "ผ้าไหมทอมือ",
]
ACROSS = [
    ("Turmeric powder", "From the fields of Lakadong. We dry it in the sun.", LAKADONG),
    ("Lakadong", "Turmeric, ground by hand.", LAKADONG),
    ("Lakadong's best", "\n\nOur turmeric is dried in the sun", LAKADONG),
    ("Black tea", "Picked by us on the hills of Darjeeling every spring.", DARJEELING),
    ("हल्दी पाउडर", "लाकाडोंग से। धूप में सुखाया।", LAKADONG),
    ("ཇ།", "རྡོ་རྗེ་གླིང་ལས།", DARJEELING),
]
NOT_ACROSS = [
    ("Turmeric powder", "We dry it in the sun. Our ginger comes from Lakadong."),
    ("Ginger from Lakadong", "We grow turmeric too."),
    ("Turmeric powder", "Our rice grows in Lakadong."),
    ("Tea cosy", "Woven of wool in Darjeeling."),
    ("Kashmir shawl", "Saffron coloured, of the finest wool."),
    ("Wool socks", "Knitted between the hills of Darjeeling and Sikkim."),
    ("Turmeric powder", ""),
    ("", "Turmeric powder from our fields"),
    ("Turmeric", "Turmeric from our own fields"),
]
# Each would take a second or more if the time grew with the square of its length.
PATHOLOGICAL = {
    "one letter": "a" * 10_000,
    "letters apart": "l " * 5_000,
    "full stops": "l." * 5_000,
    "separators": ". , - _ " * 2_000,
    "one name": "lakadong " * 2_000,
    "names apart": "lakadong x y z q w turmeric " * 300,
    "and": "tea and " * 2_000,
    "commas": "tea, " * 3_000,
    "signs": "l@4" * 3_000,
    "lines": "lakadong\n" * 2_000,
    "one word": "lakadongturmeric" * 600,
    "Tibetan": "ལ་" * 4_000,
    "Thai": "ชา" * 4_000,
    "marks": "a\u0301" * 5_000,
}


@pytest.mark.parametrize(("text", "name"), DISGUISED)
def test_name_is_found_in_disguise(text, name):
    assert name in [use.name for use in uses(text, NAMES)]


@pytest.mark.parametrize("text", INNOCENT)
def test_innocent_text_passes(text):
    assert [use.name for use in uses(text, NAMES)] == []


@pytest.mark.parametrize(("title", "story", "name"), ACROSS)
def test_name_is_found_across_title_and_first_sentence(title, story, name):
    assert [use.name for use in (*uses(title, NAMES), *uses(story, NAMES))] == []
    assert name in [use.name for use in uses_across(title, story, NAMES)]


@pytest.mark.parametrize(("title", "story"), NOT_ACROSS)
def test_title_and_first_sentence_that_speak_of_other_things_pass(title, story):
    assert uses_across(title, story, NAMES) == []


def test_name_across_is_free_for_who_may_use_it():
    keys = {name: key for key, name in NAMES.items()}

    assert uses_across("Turmeric", "From Lakadong.", NAMES, free=[keys[LAKADONG]]) == []


def test_title_may_not_compare_itself_with_a_name():
    text = "Unlike Darjeeling tea"

    assert [use.name for use in uses(text, NAMES, is_title=True)] == [DARJEELING]
    assert uses(text, NAMES) == []


@pytest.mark.parametrize("text", PATHOLOGICAL.values(), ids=PATHOLOGICAL)
def test_no_text_takes_long(text):
    uses("warm", NAMES)
    start = time.process_time()

    uses(text, NAMES)

    assert time.process_time() - start < 0.2
