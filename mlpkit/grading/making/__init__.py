"""What `mlpkit new` makes in a clone of the course: assignments, exercises, lectures, explorers."""
