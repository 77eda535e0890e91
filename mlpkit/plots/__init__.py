"""Figures of the course, one module a topic; each function returns a matplotlib figure."""
