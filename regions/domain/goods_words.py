"""Words for goods that mean the same, in Latin letters; and words of Tibetan script that stand for them or for places.

A line is one meaning. By itself none of these words is protected: only together with the name of an origin.
"""

GOODS = """
tea chai chay cha phalap
coffee kaffi kapi kofi kophi
rice chawal chaval chaul dhan akki arisi
turmeric haldi haladi halad halud holud manjal haridra
ginger adrak adarak ada kekir
chilli chili chillies chilies chilly mirch mirchi mircha ema bharwamirch pepper
cardamom elaichi ilaichi ilayachi
saffron kesar zafran
honey shahad shahed madhu
salt namak
sugar chini
jaggery gur gud guda sharkara vellam
garlic lahsun lahasun poondu
onion pyaz piyaz
coriander dhania
clove laung grambu
cumin jeera zeera
asafoetida hing
tamarind imli
mango aam manga mangoes
banana kela vazhai
orange santra santara narang narangi mandarin
lemon lime nimbu limbe nemu
litchi lychee lichi
guava amrud amrood
grapes grape angoor
apple seb
apricot khubani khumani
peach aadu aaru
pineapple ananas
pomegranate anar
pomelo pomello
coconut nariyal copra
cashew kaju caju
walnut akhrot akharot
raisins raisin kishmish
strawberry strawberries
jamun jambul
chikoo sapota
fig anjeer
betel pan paan vetrilai vettila
brinjal eggplant aubergine baingan bhanta
cucumber kheera
tomato tamatar
wheat gehu gehun
millet
mandua
jowar
bajra
ragi
dal daal pulse lentil
maize corn makka
cheese churpi chhurpi paneer
butter makhan
oil tel
wine
whisky whiskey
beer bier pivo
sweet mithai
laddu ladoo laddoo
peda pedha
pickle achar
silk resham pattu pat
wool woolen woollen oon
cotton kapas suti
yarn sut thread
cloth fabric fabrics kapda textile textiles kapra handloom
saree sari saris sarees sadi shari
shawl shal shol shawls stole
scarf dupatta
carpet kaleen kalin rug
durrie dari dhurrie durries
brocade brocades
embroidery kadhai kashida kashidakari needlework
print prints printing printed
painting paintings penting chitra
thangka thanka thangkas
pottery potteries ceramics mitti
terracotta
toy toys khilona khilaune
doll dolls gudia
mask masks mukhauta
basket baskets
bamboo bans baans
cane rattan bent
wood wooden lakdi
carving carvings
furniture
leather chamda
metal dhatu
brass pital
silver chandi rupa
gold sona
bronze bronzeware kansa
iron lohe loha
glass kanch
stone patthar pathar
marble sangmarmar
paper kagaz kagaj
lamp diya
jewellery jewelry gahne gohona
bangles bangle
footwear shoes juta
chappal chappals sandals
soap sabun
perfume attar itr
incense agarbatti agarbathi
candle mombatti
mat chatai chatrai
flower phool
pashmina
lace
"""
# Parts of names that say nothing by themselves: a name keeps them only where little else is left of it.
_LOOSE = """
craft crafts work works art goods product products handmade hand made handloom traditional logo known as
fabrics fabric leaf wool pure shilp hastashlip cum
"""
LOOSE = frozenset(_LOOSE.split())
# What stands on the other side of these is another thing, but for goods that are named one after the other.
PARTING = frozenset({"and", "or", "aur", "ya", "but"})
# After the word for some goods these say that it is a colour.
_COLOURED = "coloured colored colour color colours colors hued hue toned tone dyed dye tint tinted shade shades rang rangi rangin"
COLOURED = frozenset(_COLOURED.split())
# So do these, where other goods follow: "turmeric yellow shawl".
_COLOURS = "yellow red orange pink green brown blue black white cream gold golden grey gray purple violet"
COLOURS = frozenset(_COLOURS.split())
# So do these after the words for a few, whose picture or colour stands on cloth and wood.
_PICTURED = "border borders stripe stripes striped motif motifs pattern patterns butta buti buttas zari checks checked"
PICTURED = frozenset(_PICTURED.split())
_PICTURES = "saffron kesar orange santra mango aam silver gold honey wine peach lemon lime flower"
PICTURES = frozenset(_PICTURES.split())
# And these, that it is a vessel or a tool for them.
_VESSELS = """
cosy cozy cosies towel towels light lights strainer strainers tray trays table tables bowl bowls caddy caddies mug mugs
cup cups kettle kettles spoon spoons infuser infusers cellar cellars shaker shakers dish dishes dipper husk husks
"""
VESSELS = frozenset(_VESSELS.split())
_HELD_IN_VESSELS = "tea chai coffee kaffi rice chawal salt namak sugar honey butter"
HELD_IN_VESSELS = frozenset(_HELD_IN_VESSELS.split())
# Where one of these stands between, it is an address.
_ADDRESS = """
road rd street lane marg chowk nagar colony market bazaar bazar post office auction board research institute college
museum station junction
"""
ADDRESS = frozenset(_ADDRESS.split())
# Before a name these say that the goods are not it.
DENIALS = frozenset(
    {
        "not",
        "unlike",
        "confused",
        "confuse",
        "mistaken",
        "different",
        "differs",
        "instead",
        "nahin",
        "nahee",
        "naheen",
    }
)
DENIALS_AFTER = frozenset({"nahin", "nahi", "nahee", "naheen"})
# "Why not ...": no denial.
NO_DENIALS = frozenset({"why"})
# "Serve with": something else that goes beside it. The word before "with".
_SERVED = "serve served serves eat eaten well pair pairs paired drink"
SERVED = frozenset(_SERVED.split())
# Passed over in names and texts alike.
_STOP = """
of the a an from in with by for its our ki ka ke se di de ni na wala wali vala vali genuine original real best
fresh
"""
STOP = frozenset(_STOP.split())
# Registered names that are used in other words than they are written in.
WRITTEN = {
    "Assam (Orthodox)": ("Assam Orthodox", "Assam Tea"),
    "Nilgiri (Orthodox)": ("Nilgiri Orthodox", "Nilgiri Tea"),
    "Salem Silk known as Salem Venpattu": ("Salem Silk", "Salem Venpattu"),
    "Kapadaganda: Dungaria Kondh Embroidery Shawl": ("Kapadaganda Shawl", "Dungaria Kondh Embroidery Shawl"),
    "Nihonshu / Japanese Sake": ("Nihonshu", "Japanese Sake"),
    "Balaramapuram Sarees and Fine Cotton Fabrics": ("Balaramapuram Sarees", "Balaramapuram Cotton"),
    "Dharmavaram Handloom Pattu Sarres And Paavadas": ("Dharmavaram Pattu", "Dharmavaram Sarees"),
    "Bell Metal Ware of Datia and Tikamgarh": ("Bell Metal Ware of Datia", "Bell Metal Ware of Tikamgarh"),
    # Without the last words two places would be left.
    "Assam Mishing Handloom Products": ("Mishing Handloom",),
    "Meghalaya Khasi Handloom Products": ("Khasi Handloom",),
    "Irish Cream / Irish Cream Liqueur": ("Irish Cream",),
}
# Other names of an origin, and other words for a name that is no place.
ALIKE = """
banaras banarasi banarsi varanasi benares kashi
kancheepuram kanchipuram conjeevaram kanjivaram
orissa odisha
coorg kodagu
alleppey alappuzha
thanjavur tanjore
bangalore bengaluru
mysore mysuru
bengal bangla banglar
basmati
champangne champagne
alphonso hapus
kutch kachchh kachchhi
kashmir kashmiri
assam axomiya
goa goan
naga nagaland
khasi
pattachitra patachitra
pochampalli pochampally
tussar tasar tussah
chikan chikankari
puanchei puan
joha
"""
# Syllables of Tibetan script, and what they stand for.
TIBETAN = {
    "ཇ": "tea",
    "འབྲས": "rice",
    "འབྲས་དམར": "red rice",
    "སྦྲང་རྩི": "honey",
    "གུར་གུམ": "saffron",
    "ཡུང་བ": "turmeric",
    "ག་སེར": "turmeric",
    "སྒ": "ginger",
    "ཨེ་མ": "chilli",
    "སུག་སྨེལ": "cardamom",
    "དར": "silk",
    "བལ": "wool",
    "ཤོག་བུ": "paper",
    "ཤོག་ཤོག": "paper",
    "པཤྨི་ན": "pashmina",
    "པ་ཤི་མི་ན": "pashmina",
    "གདན": "carpet",
    "ཚ": "salt",
    "རྡོ་རྗེ་གླིང": "darjeeling",
    "དར་ཇི་ལིང": "darjeeling",
    "ཁ་ཆེ": "kashmir",
    "ཀཤྨིར": "kashmir",
    "འབྲས་ལྗོངས": "sikkim",
    "ཨ་སམ": "assam",
    "ལ་དྭགས": "ladakh",
    "ལ་ཀ་དོང": "lakadong",
    "བཱ་ར་ཎ་སི": "varanasi",
    "བ་ས་མ་ཏི": "basmati",
    "བས་མ་ཏི": "basmati",
    "ཀང་ར": "kangra",
    "མུ་ག": "muga",
    "ན་ག": "naga",
    "ཆེན་པོ": "large",
    "བུམ་ཐང": "bumthang",
    "ཡ་ཐྲ": "yathra",
}
_TIBETAN_STOP = "གི གྱི ཀྱི ཡི འི ལས དང ནང གིས"
TIBETAN_STOP = frozenset(_TIBETAN_STOP.split())
