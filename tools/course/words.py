"""Numbers, times and lists in words, as the course's sentences have them."""

NUMBERS = [
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    *("nineteen", "twenty"),
]


def number(count):
    """Write a small number as a word, a large one in digits."""
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def points(count):
    """Write "1 point", "4 points", "2.5 points"."""
    return f"{count:g} point" if count == 1 else f"{count:g} points"


def duration(half_hours):
    """Write a time of so many half hours: "half an hour", "two and a half hours"."""
    hours, half = divmod(half_hours, 2)
    if hours == 0:
        return "half an hour"
    if hours == 1:
        return "an hour and a half" if half else "an hour"
    return f"{number(hours)} and a half hours" if half else f"{number(hours)} hours"


def listed(words):
    """Join words as a sentence does: "5, 33 and 40"."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
