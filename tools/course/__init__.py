"""One list of the course's parts, `course.toml`, and whatever is written from it."""
