"""What a kernel answered while a test ran, to be heard again when the same test asks the same."""

LARGEST = 8 * 1024**2


class Tape:
    """Questions and answers in their order.

    A test with hidden parts is run twice, the first time without them. Up to its first hidden call
    it asks what it asked before, and need not trouble the kernel: so the second run costs little,
    and a slow answer is waited for once.
    """

    def __init__(self) -> None:
        self.kept, self.left, self.at = list[tuple[str, bytes | Exception]](), LARGEST, 0
        self.playing = False

    def keep(self, question: str, answer: bytes | Exception) -> None:
        """Record an answer; after one that doesn't fit, no more."""
        self.left -= len(question) + (len(answer) if isinstance(answer, bytes) else 0)
        if self.left >= 0 and not self.playing:
            self.kept.append((question, answer))

    def rewind(self) -> None:
        """Answer from the beginning."""
        self.playing, self.at = True, 0

    def hear(self, question: str) -> bytes | Exception | None:
        """Give the recorded answer; None from the first question on that is another."""
        if not self.playing or self.at >= len(self.kept) or self.kept[self.at][0] != question:
            self.at = len(self.kept)
            return None
        self.at += 1
        return self.kept[self.at - 1][1]
