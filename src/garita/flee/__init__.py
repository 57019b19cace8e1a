"""Instances of Flee: simulated by its own rule of movement or ours, and scored as Flee scores them."""
