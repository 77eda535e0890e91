"""nbgrader's settings for this course; see solutions/README.md."""

from mlpkit.grading.course.preprocessor import turn_on

c = get_config()  # noqa: F821
turn_on(c)  # submissions are judged in a sandbox, by nbgrader autograde and formgrader too

c.CourseDirectory.course_id = "mlp"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
# Written when somebody asks for solutions without hidden tests; one letter from solutions/.
c.CourseDirectory.solution_directory = "worked"

# A time without a zone is the course's: UTC, unless this says another.
# c.Term.timezone = "Europe/Berlin"
