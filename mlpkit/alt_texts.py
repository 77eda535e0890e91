"""What a figure of a lecture shows, in words: `data/alt_texts/NN.toml`, one file a lecture.

The words stand there and not in the lecture's cells, which show what is drawn and how.
"""

import re
import tomllib
from importlib.resources import files


def alt_text(number: str) -> str:
    """Return the description of a lecture's figure.

    Parameters
    ----------
    number : str
        "3.1" is the first figure of lecture 3.

    Raises
    ------
    ValueError
        If number is no such text.
    LookupError
        If the lecture's file, or its entry in the table `[figures]`, isn't there.
    """
    if not isinstance(number, str) or not re.fullmatch(r"\d{1,2}\.\d{1,2}", number):
        raise ValueError(f'number must be a text like "3.1", got {number!r}')
    name = f"{int(number.split('.')[0]):02}.toml"
    file = files("mlpkit") / "data" / "alt_texts" / name
    if not file.is_file():
        raise LookupError(f"figure {number} has no alt text: there is no file {file}")
    text = tomllib.loads(file.read_text(encoding="utf-8")).get("figures", {}).get(number, "")
    if not text.strip():
        raise LookupError(f'figure {number} has no alt text: [figures] in {file} needs "{number}"')
    return text.strip()
