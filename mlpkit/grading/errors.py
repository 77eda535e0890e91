"""What a person can mend, said in two lines: what is wrong, and what to do."""


class CourseError(Exception):
    """Something outside the submissions stands in the way; the message says what to do."""
