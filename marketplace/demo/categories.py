"""The tree of kinds of goods."""

from typing import Any

from oscar.core.loading import get_model

Category = get_model("catalogue", "Category")
TREE: dict[str, dict[str, str]] = {
    "Food": {
        "spices": "Spices and herbs",
        "grains": "Rice, grain and pulses",
        "tea": "Tea and coffee",
        "honey": "Honey, jam and pickles",
        "nuts": "Nuts, fruit and vegetables",
        "dairy": "Cheese and butter",
        "sweets": "Sweets and snacks",
        "oils": "Juices, oils and essences",
    },
    "Textiles": {
        "sarees": "Sarees, cloth and yarn",
        "shawls": "Shawls and things to wear",
        "home": "Carpets and home textiles",
    },
    "Craft": {
        "baskets": "Baskets and bamboo",
        "wood": "Wood, lacquer and toys",
        "pottery": "Pottery",
        "metal": "Metalwork",
        "jewellery": "Jewellery",
        "painting": "Painting and paper",
        "care": "Incense, soap and care",
    },
}
# Name -> Hindi, Dzongkha. Nobody who speaks them has read these.
ELSEWHERE: dict[str, tuple[str, str]] = {
    "Food": ("खाने की चीज़ें", "བཞེས་སྒོ།"),
    "Spices and herbs": ("मसाले और जड़ी-बूटियाँ", "སྨན་སྣ།"),
    "Rice, grain and pulses": ("चावल, अनाज और दालें", "འབྲུ་རིགས།"),
    "Tea and coffee": ("चाय और कॉफ़ी", "ཇ་དང་ཀོ་ཕི།"),
    "Honey, jam and pickles": ("शहद, मुरब्बा और अचार", "སྦྲང་རྩི་དང་ཨེ་ཛེ།"),
    "Nuts, fruit and vegetables": ("मेवे, फल और सब्ज़ियाँ", "ཤིང་འབྲས་དང་ཚོད་བསྲེ།"),
    "Cheese and butter": ("पनीर और मक्खन", "དར་ཚིལ་དང་མར།"),
    "Sweets and snacks": ("मिठाई और नमकीन", "མངར་ཟས།"),
    "Juices, oils and essences": ("रस, तेल और अर्क", "ཁུ་བ་དང་སྣུམ།"),
    "Textiles": ("कपड़ा", "འཐག་ཆས།"),
    "Sarees, cloth and yarn": ("साड़ी, कपड़ा और सूत", "རས་དང་སྐུད་པ།"),
    "Shawls and things to wear": ("शॉल और पहनने की चीज़ें", "གོ་ལ།"),
    "Carpets and home textiles": ("कालीन और घर का कपड़ा", "གདན་དང་ཁྱིམ་གྱི་རས།"),
    "Craft": ("शिल्प", "བཟོ་རིག"),
    "Baskets and bamboo": ("टोकरियाँ और बाँस", "བང་ཅུང་དང་ཤིང་ཅན།"),
    "Wood, lacquer and toys": ("लकड़ी, लाख और खिलौने", "ཤིང་བཟོ།"),
    "Pottery": ("मिट्टी के बर्तन", "རྫ་བཟོ།"),
    "Metalwork": ("धातु का काम", "ལྕགས་བཟོ།"),
    "Jewellery": ("गहने", "རྒྱན་ཆ།"),
    "Painting and paper": ("चित्र और काग़ज़", "ལྷ་བྲིས་དང་ཤོག་གུ"),
    "Incense, soap and care": ("धूप, साबुन और देखभाल", "སྤོས་དང་ལུས་སྦྱིན།"),
}


def write_categories() -> dict[str, Any]:
    """Write the tree where it is missing; the lower categories by their short names."""
    found: dict[str, Any] = {}
    for top, below in TREE.items():
        parent = Category.objects.filter(depth=1, name=top).first()
        parent = parent or Category.objects.add_root(_values(top))
        for word, name in below.items():
            parent.refresh_from_db()
            child = Category.objects.get_children(parent).filter(name=name).first()
            found[word] = child or Category.objects.add_child(parent, _values(name))
    return found


def _values(name: str) -> dict[str, Any]:
    hindi, dzongkha = ELSEWHERE[name]
    return {
        "name": name,
        "is_public": True,
        "translations": {"hi": {"name": hindi}, "dz": {"name": dzongkha}},
    }
