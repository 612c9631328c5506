"""What readers said of answers and what found nothing: stored only where an operator wants it."""

from __future__ import annotations

from hytki_match.feedback.judged import judged_questions
from hytki_match.feedback.store import FeedbackStore, Opinion, Unanswered

__all__ = ["FeedbackStore", "Opinion", "Unanswered", "judged_questions"]
