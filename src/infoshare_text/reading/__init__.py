"""First stage: a survey export in, one table of comments out."""
