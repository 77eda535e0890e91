"""Learn the signatures of all planted mistakes, and write them where the kit ships them.

python -m tests.assignments.signatures [ps2 …]
"""

import argparse
import json
import sys

import nbformat

from mlpkit.grading import Job
from mlpkit.grading.insight.learn import learn, tree
from tests.assignments.guide import misconceptions
from tests.assignments.harness import NAMES, ROOT, cases, load, source_of, submitted

PLACE = ROOT / "mlpkit" / "grading" / "insight" / "known"


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


def text_of(name, found):
    """Return what is kept of an assignment's signatures, as the file holds it."""
    kept = tree(found, misconceptions(name))
    return json.dumps(kept, indent=1, ensure_ascii=False) + "\n"


def main(arguments=None):
    """Write the files; say of each exercise how many mistakes can be named."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", default=NAMES, metavar="psN")
    parser.add_argument("--workers", type=int, default=2, metavar="N")
    options = parser.parse_args(arguments)
    for name in options.names:
        text = text_of(name, learned(name, planted(name), options.workers))
        (PLACE / f"{name}.json").write_text(text, encoding="utf-8")
        for test, about in json.loads(text)["tests"].items():
            signatures = [each["signature"] for each in about["mistakes"].values()]
            own = sum(bool(one) and signatures.count(one) == 1 for one in signatures)
            print(f"{name} {test:24} {own:3} of {len(signatures)} have a signature of their own")


if __name__ == "__main__":
    sys.exit(main())
