"""Tables out: whole files or none, safe in a spreadsheet, nothing lost on the way."""
