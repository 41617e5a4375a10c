"""Beside coding: labelled comments in, a model folder out, and how well it does."""
