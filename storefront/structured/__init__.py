"""What pages say of themselves in the words of schema.org: plain dicts, and the script element that holds them."""

from storefront.structured.lists import crumb_list, item_list
from storefront.structured.pages import article, group, place, shop
from storefront.structured.product import product
from storefront.structured.script import Thing, script

__all__ = ["Thing", "article", "crumb_list", "group", "item_list", "place", "product", "script", "shop"]
