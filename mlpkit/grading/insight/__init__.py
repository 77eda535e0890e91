"""What a class's work tells its instructor: which mistakes were made, who may need help.

It reads what was judged and calls wrong answers once more, in the sandbox, to know a mistake by
what it does. It may import `course` and everything below it.
"""
