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


def write_categories() -> dict[str, Any]:
    """Write the tree where it is missing; the lower categories by their short names."""
    found: dict[str, Any] = {}
    for top, below in TREE.items():
        parent = Category.objects.filter(depth=1, name=top).first()
        parent = parent or Category.objects.add_root({"name": top, "is_public": True})
        for word, name in below.items():
            parent.refresh_from_db()
            child = Category.objects.get_children(parent).filter(name=name).first()
            found[word] = child or Category.objects.add_child(parent, {"name": name, "is_public": True})
    return found
