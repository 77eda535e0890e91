"""Learn the signatures of all planted mistakes, and write them where the kit ships them.

python -m tests.assignments.signatures [ps2 …] [--words]

Some minutes an assignment on two cores; with --words only what the guide says of the mistakes is
written anew.
"""

import argparse
import ast
import json
import re
import sys
from dataclasses import replace

import nbformat

from mlpkit.grading import Job
from mlpkit.grading.insight.learn import learn, tree
from tests.assignments.guide import misconceptions
from tests.assignments.harness import NAMES, ROOT, cases, load, source_of, submitted

PLACE = ROOT / "mlpkit" / "grading" / "insight" / "known"
NUMBER = re.compile(r"(?<![\w.^])\d[\d,]*(?:\.\d+)?(?:e-?\d+)?(?![\w.^/])")
WORDS = {"five": 5, "eight": 8, "ten": 10, "fifty": 50, "a hundred": 100, "two hundred": 200,
         "a thousand": 1000, "a million": 10**6, "16 bits": 2**16, "32 bits": 2**32}  # fmt: skip


def planted(name):
    """Return the source of each planted mistake by test and title."""
    source = load("solutions", name)
    return {
        f"{exercise}_test": {
            title: source_of(source, exercise, answer) for title, answer in listed.mistakes.items()
        }
        for exercise, listed in cases(name).items()
    }


def official(name):
    """Return the job of the official solution of an assignment."""
    source, released = (
        (ROOT / kind / name / f"{name}.ipynb").read_bytes() for kind in ("solutions", "assignments")
    )
    return Job("official", name, name, source, source, released)


def learned(name, answers, workers=2):
    """Return the signature of each of these answers by test and title."""

    def write(chosen):
        by_exercise = {test.removesuffix("_test"): answer for test, answer in chosen.items()}
        return nbformat.writes(submitted(name, by_exercise)).encode()

    return learn(official(name), answers, write, workers)


def steady(name, answers, workers=2):
    """Return the signatures that two runs agree in: an answer may draw without a seed."""
    first, second = (learned(name, answers, workers) for _ in range(2))
    return {
        test: {
            title: one if one == second[test][title] else replace(one, digest="")
            for title, one in each.items()
        }
        for test, each in first.items()
    }


def said(title):
    """Return the numbers that a title says; 0 to 4 are in formulas and in words of any code."""
    numbers = {float(each.replace(",", "")) for each in NUMBER.findall(title)}
    numbers |= {number for words, number in WORDS.items() if re.search(rf"\b{words}\b", title)}
    return {number for number in numbers if not 0 <= number < 5 or number % 1}


def with_other_numbers(name):
    """Return the answers whose title says a number, with half of it and with twice as much.

    By test, and by (title, number): the same mistake to anybody's eye, but the title is wrong.
    """
    return {
        test: {
            (title, other): ast.unparse(changed)
            for title, answer in answers.items()
            for changed, other in _others(answer, said(title))
        }
        for test, answers in planted(name).items()
    }


def _others(answer, numbers):
    tree = ast.parse(answer)
    for node in list(ast.walk(tree)):
        before = getattr(node, "value", None) if isinstance(node, ast.Constant) else None
        if isinstance(before, int | float) and before in numbers:
            for factor in (0.5, 2):
                node.value = type(before)(before * factor)
                yield tree, node.value
            node.value = before


def kept(name):
    """Return what is kept of an assignment's mistakes."""
    return json.loads((PLACE / f"{name}.json").read_text(encoding="utf-8"))


def with_words(name, about):
    """Return the same with what the guide now says of each mistake."""
    said = misconceptions(name)
    for test, each in about["tests"].items():
        each["mistakes"] = {
            title: {"signature": mistake["signature"], **said.get(test, {}).get(title, {})}
            for title, mistake in each["mistakes"].items()
        }
    return about


def main(arguments=None):
    """Write the files; say of each exercise how many mistakes can be named."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", default=NAMES, metavar="psN")
    parser.add_argument("--words", action="store_true", help="only what the guide says")
    parser.add_argument("--workers", type=int, default=2, metavar="N")
    options = parser.parse_args(arguments)
    for name in options.names:
        about = kept(name) if options.words else tree(steady(name, planted(name), options.workers))
        text = json.dumps(with_words(name, about), indent=1, ensure_ascii=False) + "\n"
        (PLACE / f"{name}.json").write_text(text, encoding="utf-8")
        for test, each in about["tests"].items():
            signatures = [mistake["signature"] for mistake in each["mistakes"].values()]
            own = sum(bool(one) and signatures.count(one) == 1 for one in signatures)
            print(f"{name} {test:24} {own:3} of {len(signatures)} have a signature of their own")


if __name__ == "__main__":
    sys.exit(main())
