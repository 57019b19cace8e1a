"""The same day in other simulators. Each module has ``run(day, seed)`` and says which idiom it uses.

Every peer draws its random numbers, simulates, and measures inside ``run``, so that the clock around
it counts the same work for all.
"""
