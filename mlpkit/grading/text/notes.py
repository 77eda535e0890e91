"""What was mended in a hand-in, in words: one sentence a kind, however many cells it concerns."""

from collections.abc import Sequence

NAMED = 5


class Kind(tuple[str, str]):
    """A sentence on one thing and on several; ``{}`` stands for their names."""

    __slots__ = ()

    def __new__(cls, one: str, many: str) -> "Kind":
        """Make it of the two sentences."""
        return super().__new__(cls, (one, many))


class Notes:
    """Collects what is to be said, in the order in which it came up."""

    def __init__(self) -> None:
        self._about: dict[Kind, list[str]] = {}

    def say(self, sentence: str) -> None:
        """Note a sentence, once."""
        # Braces in it are its own: it is no pattern.
        self._about.setdefault(Kind(sentence, ""), [])

    def add(self, kind: Kind, what: str) -> None:
        """Note one more thing of a kind, by its name."""
        self._about.setdefault(kind, []).append(what)

    def sentences(self) -> list[str]:
        """Give one sentence a kind."""
        return [_sentence(kind, names) for kind, names in self._about.items()]


def _sentence(kind: Kind, names: Sequence[str]) -> str:
    if not kind[1]:
        return kind[0]
    return kind[len(set(names)) > 1].format(listed(names))


def listed(names: Sequence[str]) -> str:
    """Give names as words: ``a, b and c``; of many the first few, and how many more there are."""
    names = list(dict.fromkeys(names))
    if len(names) > NAMED + 1:
        names = [*names[:NAMED], f"{len(names) - NAMED} more"]
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
