"""A link where a folder or a file should be lends nobody another's time or secret."""

import pytest

from mlpkit.grading.course.carried import carry_letters
from mlpkit.grading.course.listing import SECRET, TIMESTAMP
from tests.grading import notebooks
from tests.grading.course_factory import make_course

LINKS = {
    "a student's folder": "submitted/bob",
    "an assignment's folder": "submitted/bob/ps1",
    "the file itself": None,
}


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS)
def test_a_link_lends_nobody_anothers_time_or_secret(tmp_path, link):
    course = make_course(tmp_path, {"ada": notebooks.answered()})
    ada = tmp_path / "submitted/ada/ps1"
    (ada / TIMESTAMP).write_text("2026-10-01 10:00 UTC")
    (ada / SECRET).write_text("hers")
    if link is None:
        (tmp_path / "submitted/bob/ps1").mkdir(parents=True)
        for name in (TIMESTAMP, SECRET):
            (tmp_path / "submitted/bob/ps1" / name).symlink_to(ada / name)
    else:
        (tmp_path / link).parent.mkdir(exist_ok=True)
        (tmp_path / link).symlink_to(tmp_path / link.replace("bob", "ada"))
    assert course.handed_in("ada", "ps1").when is not None
    told = course.handed_in("bob", "ps1")
    assert told.when is None and "link" in told.note
    course.folder("autograded", "bob", "ps1").mkdir(parents=True)
    carry_letters(course, "bob", "ps1")
    assert not list(course.folder("autograded", "bob", "ps1").iterdir())
