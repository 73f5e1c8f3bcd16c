"""What somebody means who types words: other words for the same, places by their other names, words written nearly right."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from django.contrib.postgres.search import SearchQuery

from catalogue.selectors.known_words import Known, known_words, near_words
from regions.domain.search_words import PASSED_OVER
from regions.domain.typed import Term, cleaned, terms

# How like one word must be to be taken for another, 0 to 1 by letters, and by how many letters longer or shorter.
_LIKENESS_OF_LETTERS = 0.7
_LIKENESS_BEGUN_OTHERWISE = 0.8
_MOST_LETTERS_MORE = 2
_SHORTEST = 3
_SHORTEST_TYPED = 4
_SHORTEST_JOINED = 6
_LONGEST_NAME = 4
_CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]+)*")
_MARKED = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<held>[^"]*)"|(?P<word>(?<=-)\S+))')


@dataclass(frozen=True)
class Asked:
    """What to look for. terms: all must be said; without: none may. places: which of the terms name a place, by position.

    uses: in how many listings on sale a term is said at most, by position; 0 for what none says. known: what the shop knows of
    the words.
    """

    text: str
    terms: Sequence[Term] = ()
    without: Sequence[Term] = ()
    places: frozenset[int] = frozenset()
    uses: Sequence[int] = field(default=())
    known: Known = field(default=Known(), repr=False)

    def __bool__(self) -> bool:
        """Whether anything must be said."""
        return bool(self.terms)

    def only(self, kept: Iterable[int]) -> "Asked":
        """The same with some of the terms alone."""
        places = sorted(kept)
        return replace(
            self,
            text=" ".join(self.terms[place].forms[0] for place in places),
            terms=[self.terms[place] for place in places],
            uses=[self.uses[place] for place in places],
            places=frozenset(new for new, old in enumerate(places) if old in self.places),
            known=replace(self.known, numbered=()),
        )

    def protected(self) -> list[int]:
        """Keys of protected names that say all terms, or other words for them."""
        return [
            key for key, name in self.known.protected.items() if all(_says(name, term) for term in self.terms)
        ]

    def doubtful(self) -> list[str]:
        """Typed words that no listing says, nor another word for them, and that are long enough to be put right."""
        return [
            term.typed
            for term, uses in zip(self.terms, self.uses, strict=True)
            if not uses and not term.others and _may_be_wrong(term)
        ]

    def said(self, *, is_unfinished: bool = False) -> SearchQuery:
        """What matches a listing that says all terms anywhere. is_unfinished: the last may be the beginning of a word."""
        last = len(self.terms) - 1 if is_unfinished else -1
        parts = [
            _any_of((*term.forms, *term.others), begun=place == last) for place, term in enumerate(self.terms)
        ]
        return self._query(parts)

    def said_in_title(self, *, very_words: bool) -> SearchQuery:
        """The same in the title, where names of places may stand in the names instead. very_words: not other words for it."""
        parts = []
        for place, term in enumerate(self.terms):
            forms = term.forms if very_words else (*term.forms, *term.others)
            parts.append(_any_of(forms, weight="AB" if place in self.places else "A"))
        return self._query(parts)

    def said_in_names(self) -> SearchQuery:
        """The same in title and names."""
        return self._query([_any_of((*term.forms, *term.others), weight="AB") for term in self.terms])

    def denied(self) -> SearchQuery | None:
        """What matches a listing that says what must not be said."""
        if not self.without:
            return None
        return SearchQuery(
            " | ".join(_any_of(term.forms) for term in self.without), config="simple", search_type="raw"
        )

    def _query(self, parts: Sequence[str]) -> SearchQuery:
        return SearchQuery(" & ".join(parts), config="simple", search_type="raw")


def asked_for(text: str, *, is_unfinished: bool = False) -> Asked:
    """What the text asks for, with what listings and places call it; false where nothing was typed. One query.

    Quotation marks hold words together as they stand, a minus takes words out. is_unfinished: words like those that no listing
    says are not looked up along with the others, because the last is not yet whole.
    """
    letters = cleaned(text)
    held, without = _marked(letters)
    loose = terms(_MARKED.sub(" ", letters)) if held or without else terms(letters)
    unsure = [] if is_unfinished else [term for term in loose if not term.others and _may_be_wrong(term)]
    known = known_words(
        loose,
        names=_names(loose, letters),
        unsure=unsure,
        halves={half for term in unsure for pair in _pairs(term.typed) for half in pair},
        said=" | ".join(_any_of((*term.forms, *term.others)) for term in loose),
        text=letters,
    )
    heard, uses = _with_words(loose, known)
    found, places, uses = _with_places(letters, heard, uses, names=known.places)
    return Asked(
        letters,
        (*found, *held),
        without,
        places,
        (*uses, *(1 for _term in held)),
        known,
    )


def nearly(asked: Asked, *, is_unfinished: bool = False) -> Asked | None:
    """The same with words that no listing says put right as far as they can be; None when that changes nothing.

    is_unfinished: the last word may be the beginning of one. One query where a word is put right, two more for unfinished ones.
    """
    doubtful = asked.doubtful()
    if not doubtful:
        return None
    begun = asked.terms[-1].typed if is_unfinished else ""
    known = asked.known
    if is_unfinished:
        halves = {half for word in doubtful for pair in _pairs(word) for half in pair}
        known = known_words([Term(half) for half in halves], names=())
        known = replace(known, near=near_words(doubtful))
    right = {**_parted(doubtful, known), **_like(doubtful, known, begun=begun)}
    if not right:
        return None
    words = [right.get(term.typed, term.forms[0]) for term in asked.terms]
    return replace(asked_for(" ".join(words)), without=asked.without)


def fewer(asked: Asked) -> list[Asked]:
    """What to look for where nothing says all: without what no listing says, then without the commonest words.

    At most two; none where what is left would tell nothing.
    """
    said = [place for place, uses in enumerate(asked.uses) if uses and not _is_number(asked.terms[place])]
    rarest = sorted(said, key=lambda place: (place in asked.places, asked.uses[place]))
    choices = [said, rarest[:1]]
    found = [asked.only(kept) for kept in choices if kept and len(kept) < len(asked.terms)]
    return [
        each for number, each in enumerate(found) if each.text not in {one.text for one in found[:number]}
    ]


def _may_be_wrong(term: Term) -> bool:
    return len(term.typed) >= _SHORTEST_TYPED and " " not in term.typed


def _says(name: str, term: Term) -> bool:
    words = set(re.findall(r"\w+", name))
    return any(words.issuperset(re.findall(r"\w+", form)) for form in (*term.forms, *term.others))


def _is_number(term: Term) -> bool:
    return term.typed.isdigit()


def _marked(text: str) -> tuple[list[Term], list[Term]]:
    """Words held together by quotation marks, and those that a minus takes out."""
    held: list[Term] = []
    without: list[Term] = []
    for part in _MARKED.finditer(text):
        word = " ".join(re.findall(r"\w+", (part["held"] or part["word"] or "").lower()))
        is_out = bool(part["minus"]) or bool(part["word"])
        if word:
            (without if is_out else held).append(Term(word))
    return held, without


def _with_places(
    text: str, typed: Sequence[Term], uses: Sequence[int], *, names: Mapping[str, Sequence[str]]
) -> tuple[list[Term], frozenset[int], list[int]]:
    """The terms with those put into one that name a place, under the name that its listings bear."""
    spans = _spans(typed)
    if _is_code(text) and (whole := names.get(text.lower())):
        return [Term(text.lower(), tuple(whole))], frozenset({0}), [1]
    found: list[Term] = []
    counts: list[int] = []
    places: set[int] = set()
    start = 0
    while start < len(typed):
        end, own = start + 1, []
        for longer in range(min(start + _LONGEST_NAME, len(typed)), start, -1):
            own = [name for called in spans[start, longer] for name in names.get(called, ())]
            if own:
                places.add(len(found))
                end = longer
                break
        if own:
            found.append(
                Term(
                    spans[start, end][0],
                    tuple(dict.fromkeys((*own, *typed[start].own)) if end == start + 1 else own),
                )
            )
            counts.append(max(uses[start:end]))
        else:
            found.append(typed[start])
            counts.append(uses[start])
        start = end
    return found, frozenset(places), counts


def _called(span: Sequence[Term]) -> tuple[str, ...]:
    """What the terms may be called beside each other."""
    if len(span) == 1:
        return span[0].forms
    return (" ".join(term.typed for term in span),) if all(term.typed for term in span) else ()


def _spans(typed: Sequence[Term]) -> dict[tuple[int, int], tuple[str, ...]]:
    """What terms beside each other may be called, by the first of them and the one after the last."""
    return {
        (start, end): _called(typed[start:end])
        for start in range(len(typed))
        for end in range(start + 1, min(start + _LONGEST_NAME, len(typed)) + 1)
    }


def _names(typed: Sequence[Term], text: str) -> set[str]:
    """What of a text may name a place; the code of a place is a name of it."""
    called = {name for names in _spans(typed).values() for name in names}
    return {name for name in {*called, text.lower() if _is_code(text) else ""} if len(name) > 1}


def _is_code(text: str) -> bool:
    return bool(_CODE.fullmatch(text.upper()))


def _with_words(typed: Sequence[Term], known: Known) -> tuple[list[Term], list[int]]:
    """The terms with words of listings that sound the same, and in how many listings each is said."""
    rows = known.words
    uses = {word: count for word, _sound, _bones, count in rows}
    found, counts = [], []
    for term in typed:
        own: list[str] = []
        is_said = uses.get(term.typed)
        # Who writes in Hindi finds what says it in Latin letters too, though other listings are translated.
        if not is_said or not term.typed.isascii():
            own = [word for word, heard, _bones, _uses in rows if heard in term.sounds and word != term.typed]
        if not is_said:
            own = own or [word for word, _sound, bone, _uses in rows if bone in term.bones]
        better = replace(term, own=tuple(dict.fromkeys((*term.own, *own))))
        found.append(better)
        said = max((_uses_of(form, uses) for form in better.forms), default=0)
        counts.append(said or max((_uses_of(form, uses) for form in better.others), default=0))
    return found, counts


def _uses_of(form: str, uses: Mapping[str, int]) -> int:
    return min((uses.get(word, 0) for word in re.findall(r"[^\W_]+", form)), default=0)


def _like(doubtful: Sequence[str], known: Known, *, begun: str) -> dict[str, str]:
    """Words that are written nearly like one of the index."""
    near = [row for row in known.near if row[0] in doubtful]
    best: dict[str, tuple[float, int, str]] = {}
    for word, other, uses in near:
        compared = other[: len(word) + 1] if word == begun else other
        if other in PASSED_OVER or abs(len(word) - len(compared)) > _MOST_LETTERS_MORE:
            continue
        likeness = SequenceMatcher(None, word, compared, autojunk=False).ratio()
        if likeness >= (_LIKENESS_OF_LETTERS if word[0] == other[0] else _LIKENESS_BEGUN_OTHERWISE):
            best[word] = max(best.get(word, (0.0, 0, "")), (likeness, uses, other))
    return {word: other for word, (_likeness, _uses, other) in best.items()}


def _parted(doubtful: Sequence[str], known: Known) -> dict[str, str]:
    """Words that were typed without the space between them: "saffronhoney"."""
    words = {word for word, *_rest in known.words}
    return {word: " ".join(pair) for word in doubtful for pair in _pairs(word) if words.issuperset(pair)}


def _pairs(word: str) -> list[tuple[str, str]]:
    """The two words that a word may be made of."""
    if len(word) < _SHORTEST_JOINED:
        return []
    return [(word[:cut], word[cut:]) for cut in range(_SHORTEST, len(word) - _SHORTEST + 1)]


def _any_of(forms: Iterable[str], *, weight: str = "", begun: bool = False) -> str:
    """What to_tsquery reads: any of these words or phrases. weight: letters of the parts where it may stand."""
    marks = f":{weight}" if weight else ""
    quoted = [f"'{letters}'" for letters in dict.fromkeys(map(_letters, forms)) if letters]
    parts = [f"{word}{marks}" for word in quoted]
    if begun and quoted:
        parts.append(f"{quoted[0]}:*{weight}")
    return f"({' | '.join(parts)})"


def _letters(form: str) -> str:
    # Signs part words for PostgreSQL too; of nothing but signs nothing is left to look for.
    return re.sub(r"[^\w\u0900-\u0dff\u0e00-\u0fff]+", " ", form).strip()
