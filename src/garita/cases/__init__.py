"""Packaged cases: one folder each, with scenario.yaml and SOURCES.md."""
