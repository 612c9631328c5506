"""Is a question about what the corpus is about at all? A line drawn through known questions.

Known questions with answers lie on one side, those that nobody here answers on the other. The line
is a logistic regression over question vectors, so it belongs to an encoder and is drawn anew with
each index.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

MIN_EXAMPLES = 50
"""With fewer on either side no line is drawn: it would be a guess."""

INVERSE_PULL = 30.0
"""scikit-learn's C. Vectors have length 1, so a sharp line needs long weights."""


class Domain:
    """A line: weights of shape (dimension,) and an offset; an empty one knows nothing."""

    def __init__(self, weights: Vectors) -> None:
        self._weights = weights

    @classmethod
    def draw(cls, vectors: Vectors, answered: NDArray[np.bool_]) -> Domain:
        """Draw the line between questions with and without answers, both sides weighing the same.

        Parameters
        ----------
        vectors
            Unit vectors of known questions (questions, dimension).
        answered
            Which of them have an answer in the corpus (questions,).
        """
        if min(answered.sum(), (~answered).sum()) < MIN_EXAMPLES:
            return cls(np.zeros(0, np.float32))
        # Deferred: only a build draws the line.
        from sklearn.linear_model import LogisticRegression

        line = LogisticRegression(C=INVERSE_PULL, class_weight="balanced", max_iter=2000)
        line.fit(vectors, answered)
        return cls(np.append(line.coef_[0], line.intercept_[0]).astype(np.float32))

    @property
    def is_known(self) -> bool:
        """Whether there is a line."""
        return len(self._weights) > 0

    def side(self, vector: Vectors) -> float:
        """Return the log-odds that a question (dimension,) is of this corpus; 0 without a line."""
        if not self.is_known:
            return 0.0
        return float(self._weights[:-1] @ vector + self._weights[-1])

    def save(self, file: Path) -> None:
        """Write the line as a NumPy array."""
        with file.open("wb") as stream:
            np.save(stream, self._weights, allow_pickle=False)

    @classmethod
    def load(cls, file: Path) -> Domain:
        """Read a line; only after its checksum was found to hold."""
        return cls(np.load(file, allow_pickle=False))
