"""``python -m infoshare_text``: the command line."""

from infoshare_text.cli import main

main(prog_name="infoshare-text")
