"""Tests of this server: `python -m unittest`, offline."""
