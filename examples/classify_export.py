"""What `infoshare-text classify examples/state_of_the_nation.csv -o coded.csv` does, in Python."""

from pathlib import Path

import infoshare_text as ist

survey = ist.read_survey(Path(__file__).with_name("state_of_the_nation.csv"))
print(survey.layout.name, "with", survey.length, "respondents")
coded = ist.classify(survey.comments)
print(coded["status"].value_counts().to_string())
print(coded.filter(like="theme_").sum().to_string())
ist.write_table(coded, "coded.csv")
