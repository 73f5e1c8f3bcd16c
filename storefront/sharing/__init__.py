"""Pictures that chats and networks show beside a link to a page: drawn once, with the cloth of the place."""

from storefront.sharing.cards import Card
from storefront.sharing.keeping import Busy, picture_of

__all__ = ["Busy", "Card", "picture_of"]
