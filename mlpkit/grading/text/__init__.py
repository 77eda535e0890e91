"""What was set and what was handed in, as text: the plan, the repair, the page to show.

Nothing here starts a process or runs what a student wrote. It may import `job` alone.
"""
