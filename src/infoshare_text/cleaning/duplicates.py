"""When two comments are the same: equal but for case, width, spacing and punctuation."""

from __future__ import annotations

import hashlib

from infoshare_text.cleaning.words import word_list


def normal_text(comment: str) -> str:
    """Return what equal comments have in common; what holds no words stands for itself.

    >>> normal_text("Nobody  ASKED us.") == normal_text("nobody asked us"), normal_text(" 🙂 ")
    (True, '🙂')
    """
    words = [word for word in word_list(comment) if word not in "!?"]
    return " ".join(words) or " ".join(comment.split())


def word_check(comment: str) -> str:
    """Return four hexadecimal digits by which it shows that a comment was exchanged for another."""
    return hashlib.sha256(normal_text(comment).encode("utf-8", "replace")).hexdigest()[:4]
