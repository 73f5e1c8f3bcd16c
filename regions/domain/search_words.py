"""What shoppers call goods and places beyond goods_words, for finding alone: nothing here is said of protected names.

Lines of SAME are one meaning each; of a line with "+" the first word already has a meaning in goods_words, which it widens.
A line of PHRASES says what words mean when they stand beside each other.
"""

SAME = """
pepper gol golmirch milagu
spices spice masala masale masaala
powder powdered pawdar pavdar paudar churna chura
blanket blankets kambal kammal kamblee
handkerchief rumal
red lal laal
black kala kali kaala
green hara hari hariyali
white safed safaid
yellow peela pila
dried dry sukha sukhi sookha
large big badi bada
rose gulab
buckwheat kuttu kotu
peanut peanuts mungphali moongphali groundnut groundnuts
makhana foxnut foxnuts makhan makhane
ghee ghi clarified
jam jams murabba
juice juices sharbat ras
cookies cookie biscuit biscuits biskut
sword talwar
knife knives chaku chaaku
bag bags jhola thaila
cap hat topi
belt kera
bowl bowls katori
bell ghanti
horse ghoda
elephant hathi haathi
fish machhli
mushroom mushrooms khumb sisha shamu
bidri bidriware bidari bidariware
tarakasi tarakashi filigree
king bhut raja
cheese datshi
flour atta aata
toy khilaune khilona rattle
nettle bichhu sisno pagay
+turmeric manchal manjal yungwa
+incense agarbatti agarbathi sang poe
+butter makkhan maar mar
+jewellery jewelry jewelery gehna gehne aabhushan
+carpet carpets galicha galeecha
+basket baskets tokri tokari
+mat mats
+shawl shawls
+toy toys
+mango mangos
+painting paintings
+cardamom cardamoms elaichee
+coriander dhaniya
+soap sabun saabun
"""
# Meanings in which a word of goods_words is another thing for who buys: pepper is no chilli.
PHRASES = """
kali mirch = black pepper
kalee mirch = black pepper
lal mirch = chilli
lal chawal = red rice
laal chaval = red rice
kala chawal = black rice
kale chawal = black rice
bhut jolokia = king chilli
raja mircha = king chilli
naga jolokia = naga chilli
ghost pepper = king chilli
badi elaichi = large cardamom
choti elaichi = green cardamom
hari chai = green tea
kali chai = black tea
fox nut = makhana
fox nuts = makhana
lotus seed = makhana
lotus seeds = makhana
bell metal = dhokra
raw silk = bura
hand made = handmade
"""
# Said in a search and of no listing in particular.
PASSED_OVER = frozenset(
    [
        "of",
        "the",
        "a",
        "an",
        "from",
        "in",
        "with",
        "by",
        "for",
        "to",
        "at",
        "and",
        "or",
        "some",
        "any",
        "buy",
        "ka",
        "ki",
        "ke",
        "se",
        "mein",
        "me",
        "aur",
        "wala",
        "wali",
        "vala",
        "vali",
        "ka",
        "kee",
        "ke",
        "se",
        "men",
        "mein",
        "aur",
        "vala",
        "valee",
    ]
)
# Tibetan syllables; "/" parts words of which either may be said, a space those that all are.
TIBETAN = {
    "དར་ཚིལ": "datshi/cheese",
    "མར": "butter",
    "སྤོས": "incense",
    "ཕྱེ": "flour",
    "དྲོ་མ": "sword",
    "བང་ཆུང": "bangchung",
    "སྐུ་ཤུ་ཐ་ར": "kishuthara",
    "ཀི་ཤུ་ཐ་ར": "kishuthara",
    "སྐྱིད་ཤུ་ཐ་ར": "kishuthara",
    "ཡ་ཐྲ": "yathra",
    "བུ་ར": "bura",
    "ཚ་ཛོ": "tshazo",
    "ཚྭ": "salt",
    "ཞོ": "yogurt",
    "ཨ་མ་ཁ་རང": "ama kharang",
    "གེ་ཟ": "maize",
    "འབྲས་ནག": "black rice",
    "ཤིང་འབྲས": "fruit",
    "སྡེ་ཤོག": "dezo/paper",
    "ལྡེ་ཤོག": "dezo/paper",
    "ཤ་མུ": "mushroom",
    "ཀོ་ཕི": "coffee",
    "ཁབ་ཟེ": "sweets",
}
_THAI = """
ข้าวแดง=red|rice ข้าวดำ=black|rice ข้าวเหนียวดำ=black|rice ชาเขียว=green|tea ชาดำ=black|tea ชาขาว=white|tea ผงขมิ้น=turmeric|powder
พริกแห้ง=dried|chilli พริกป่น=chilli|powder พริกไทยดำ=black|pepper ธูป=incense ชีส=cheese เนยแข็ง=cheese เนย=butter สบู่=soap
ถั่วลิสง=peanut เนยถั่ว=peanut|butter แยม=jam น้ำแอปเปิล=apple|juice ผลไม้แห้ง=dried|fruit เห็ด=mushroom แป้ง=flour คุกกี้=cookies
เม็ดมะม่วงหิมพานต์=cashew ลูกเกด=raisins ยี่หร่า=cumin ผักชี=coriander กานพลู=cloves ไม้ไผ่=bamboo ของเล่น=toy ตุ๊กตา=doll เสื่อ=mat
ภูฏาน=bhutan อินเดีย=india พาโร=paro บุมทัง=bumthang ฮา=haa เครื่องเทศ=spices ผ้าห่ม=blanket แดง=red ดำ=black เขียว=green ขาว=white แห้ง=dried ผง=powder
"""
THAI = dict(pair.split("=") for pair in _THAI.split())
