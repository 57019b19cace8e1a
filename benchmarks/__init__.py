"""Side by side: Garita and the queue simulators people use today, on one and the same day.

Not part of the installed package. ``python -m benchmarks.run`` (``make bench``) does everything.
"""
