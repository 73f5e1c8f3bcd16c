"""Names of products as they are compared: what is read as one name is one, however it was typed."""

import unicodedata


def same_name(name: str) -> str:
    """What two spellings of one name share: letters with their vowel signs and figures, in one case and one encoding.

    Spaces, hyphens, full widths and joiners that nobody sees make no other name: "Red Rice" is "red-rice".
    """
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(sign for sign in plain if unicodedata.category(sign)[0] in "LMN") or plain
