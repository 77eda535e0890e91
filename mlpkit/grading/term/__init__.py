"""A term's chores: dates, the class list, collecting, exporting, merging, archiving.

Each module does the work of one command and says in lines what it did; `commands` reads what was
typed.
"""
