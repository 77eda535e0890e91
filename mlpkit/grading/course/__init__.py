"""The folder and the gradebook of a course, as nbgrader lays them out.

A class is judged, reported on and exported from here, the one room that imports nbgrader. It may
import every room below it: `workers`, `judging`, `room`, `text` and `job`.
"""
