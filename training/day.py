"""The day that the tuning questions are asked on."""

from datetime import date

TODAY = date(2026, 11, 26)
"""Written into the questions: “this year” is 2026 there."""
