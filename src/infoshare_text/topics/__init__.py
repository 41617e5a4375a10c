"""Find topics: what comments speak of, beyond the themes of a codebook.

A topic is one of some hundred everyday concepts (``concepts.toml``) that enough comments of this survey speak of. The
concepts and the closeness of words to them are fixed, so that the same comment means the same in every sample and in
every year; which concepts become topics, their words, labels and examples come from the comments.
"""
