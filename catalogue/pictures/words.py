"""Which drawing stands for which product, by words in its name, else by its category."""

import re

# First line that matches wins, so the narrower word stands above the wider one.
_WORDS = """
works: machineries
vegetable: dried vegetables
basket: wheat stalk
embroidery: applique
basket: areca leaf, leaf sheath
paper: paper, dezo
fruit: custard apple, litchi, lychee, seabuckthorn, jamun
apple: apple juice
cloth: kishuthara, bura
areca: arecanut, areca nut
red-rice: red rice, matta rice
prawn: prawn, shrimp
fish: fish, marine, trout, mussel, seafood, queen fish
honey: honey, beeswax
pickle: pickle
jam: jam., murabba, squash, preserve
dairy: butter, cheese, yogurt, ghee, milk, dairy, zoetey, datshi
walnut: walnut, pecan
cashew: cashew, feni
peanut: peanut, groundnut
coconut: coconut, coir
oil: mustard oil, edible oil, vegetable oil, oil - mustard, oil-himachali, oil seed, oil cake, de-oiled, mustard, sesame, cotton seed oil, oilseed
essence: essential oil, oil - agar, agarwood, perfume, attar, natural oils, lavender, mentha, menthol, lemon grass, lemongrass, aromatic plant, oleo
banana: banana
pineapple: pineapple
mango: mango, hafus
apple: apple
pomegranate: pomegranate
grapes: grape, raisin
berry: strawberr, berries
citrus: orange, mandarin, lemon, kinnow, citrus, lime
potato: potato, tapioca, tuber, yam
onion: onion, garlic
tomato: tomato
chilli: chilli, chili, chilly, mircha, jholokia, urka
turmeric: turmeric, haladi, haldi
ginger: ginger
seed-spice: cardamom, cumin, coriander, fennel, fenugreek, asafoetida, hing, cilantro
spice: spice, masala, pepper, vanilla, dry fruits & spices
tea: tea., tea leaf
coffee: coffee, chicory
black-rice: black rice, rice- black, chakao
rice: rice, chura, poha
maize: maize, corn, kharang
millet: millet, ragi, kodo, nagali, bajra, jowar
pulses: pulse, gram, lentil, dal., daal, pea., urad, kholar, bean, soya, masoor, arhar, toor
bakery: cookie, biscuit, bakery, confection, noodle, namkeen, bhujia, peda, petha, mithai, candy, sweet, chocolate
jaggery: jaggery, sugar
grain: makhana, poultry feed, wheat, buckwheat, buck wheat, barley, gonthok, flour, cereal
mushroom: mushroom
toy: toy, doll, gollabama, laiphadibi
basket: wheat stalk, moonj, golden grass, wicker, willow, sital pati, sal leaf, areca leaf, leaf sheath, sabai, straw, natural fibre, water hyacinth
lidded-basket: bangchung, sikki
basket: tshazo, bamboo craft, bamboo art, bamboo based, cane & bamboo
bamboo: bamboo
basket: cane, tshazo, jute, basket
bangles: bangle
turned-bowl: wood-turned, shazo, dapa, cutlery, lacquer, lac., lac product, lac & lac
furniture: furniture
instrument: veena, flute, dholak, musical
wood: wood, teak, carving craft, mask, temple imit
jewellery: jewel, jewll, pearl, bead, filigree, filgree, gems, tarakashi, tarkashi, agate, gold, silver
carpet: carpet, dari, durrie, rug, tapestry, wall hanging
shawl: shawl, pashmina, muffler, scarf, stole
saree: saree, sari, doria, patan, kanchi, jamdani, patta., chanderi, paithani, ilkal
embroidery: embroider, zari, zardo, chikan, phulkari, kasheedakari, applique, rumal, crochet, aipan, crewal, sonamukhi
cocoon: silk, tasar, kosa, eri, muga
yarn: yarn, wool, yathra, nettle, spinning, carded
garment: garment, jean, apparel, jacket, clothe, tailor, hosiery, fanek, risha, ready-made, readymade
cotton: cotton, gauze
cloth: ikat, ikkat, textile, handloom, cloth, bandhani, bagh, batik, kalamkari, bedsheet, towel, fabric, weav, booti, prints, furnish, kishuthara, bura, pagay, phee, powerloom
shoes: shoe, footwear, sandal, jutti, chappal
leather: leather, bags, saddle
pottery: pottery, terracotta, clay, earthen
tile: tile, ceramic, sanitary, glass, refractory
sword: sword, knife, dao, blade
stone: stone carv, stone craft, marble, stone work, allagadda, carved stone, stone based, gaura, durgi, shazar, yellow stone, stone product
mineral: granite, stone, sandstone, quartz, mica, coal, cement, mineral, fuller, feldspar, slate
brass: brass, bell metal, dhokra, dokra, copper, utensil, bidri, bidari, metal work, metal craft, thewa, bastar, zinc, bells, steel utensil, moradabad
works: engineer, auto, machine, motor, tractor, lock, foundry, forg, steel, fasten, fastner, tool, implement, metal, iron, aluminium, esdm, equipment, pump, fitting, farm, it/ites, software, rim.
painting: painting, patachitra, pattachitra, bindi, tikuli, miniature art, decorative, home decorative
incense: incense, sang., agarbatti
soap: soap, cosmetic, lip balm, fmcg, chemical
medicine: pharma, ayurved, herbal, medicin, isabgol, biotech, wellness, forest produce, resin, mahua, amla, aamla, aonla, hirda
herb: moringa, betel, mint., basil, tulsi, spinach, meethi
flower: flower, floricult, orchid, rose, saffron, marigold
vegetable: vegetable, carrot, cucumber, gherkin, agro, agri, horticult
fruit: fruit, papaya, guava, sapota, chikoo, kiwi, jackfruit, watermelon, dragon, gooseberr, apricot, tamarind, kair, food process, food product, chironji, chirounji, date palm
place: touris, sightseeing
"""
_CATEGORIES = {
    "Handloom & Textiles": "cloth", "Textiles": "cloth", "Wood, cane & bamboo": "basket", "Agricultural produce": "vegetable",
    "Leather & Footwear": "leather", "Gems & Jewellery": "jewellery", "Marine & Fisheries": "fish", "Forest & Medicinal": "medicine",
    "Minerals & Stone": "mineral", "Manufacturing & Engineering": "works", "Tourism & Services": "place",
    "Animal Husbandry & Dairy": "dairy", "Agriculture & Horticulture": "vegetable", "Food Processing": "fruit", "Food": "fruit",
    "Cosmetics & wellness": "soap",
}  # fmt: skip
GENERIC = "parcel"


def _rules() -> list[tuple[re.Pattern[str], str]]:
    lines = (entry.split(": ", 1) for entry in _WORDS.strip().splitlines())
    return [
        (re.compile(r"\b(?:" + "|".join(map(_word, words.split(", "))) + ")"), kind) for kind, words in lines
    ]


def _word(word: str) -> str:
    # A full stop closes the word, so that "tea." does not find teak.
    return re.escape(word.removesuffix(".")) + (r"s?\b" if word.endswith(".") else "")


_RULES = _rules()


def kind_by_name(product: str) -> str:
    """The kind that the words of a name point to, or "" when none does."""
    name = product.lower()
    return next((kind for words, kind in _RULES if words.search(name)), "")


def kind_for(product: str, category: str = "") -> str:
    """The drawing for a product: by its name, else by its category, else a parcel."""
    return kind_by_name(product) or _CATEGORIES.get(category, GENERIC)
