"""The folder and the gradebook of a course, as nbgrader lays them out.

A class is judged, reported on and exported from here. Only this room and those above it import
nbgrader; it may import every room below it: `workers`, `judging`, `room`, `text` and `job`.
"""
