"""The register: for every model with a column that names or reaches a person, what of it is the person's own.

A new model with such a column is named here, as told or as untold with the reason; a test walks all of them.
"""

from privacy.register.base import ByService, Erased, Stays, Told, Untold, Wiped, contacts_of
from privacy.register.shopping import SHOPPING
from privacy.register.untold import UNTOLD
from privacy.register.working import ACCOUNT, WORKING

# In the order of the file. What is wiped by way of an order comes before nothing that needs its owner: the owner stays.
TOLD: tuple[Told, ...] = (*ACCOUNT, *SHOPPING, *WORKING)

__all__ = [
    "TOLD",
    "UNTOLD",
    "ByService",
    "Erased",
    "Stays",
    "Told",
    "Untold",
    "Wiped",
    "contacts_of",
]
