"""Second stage: what is an answer, and which words it has. Training and coding share it."""
