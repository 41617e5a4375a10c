"""Third stage: themes, stance, sentiment, evidence and review for each comment."""
