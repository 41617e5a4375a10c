"""What says nothing, what says that all is well, and what a question asks for."""

from __future__ import annotations

import pytest

import infoshare_text as ist
from infoshare_text.cleaning.answers import answer_status, says_all_is_well
from infoshare_text.cleaning.asked import asked_for

STOPS, HELPS, NEED, OTHER = "What stops it?", "What helps?", "What support do you need?", "Any other comments?"
KEYS = ist.default_codebook().keys

SAYS_NOTHING = """
n/a|N/A.|N / A|n.a.|none|Nil|nil return|-|.|--|?|See above|see previous answer|as before|As above.|same as above
👍|1|as per my previous answer|please see my answer to question 3|see Q2|ditto|no comment
No comments at this time|null|blank|No further comments, thank you.|nothing comes to mind
Nothing springs to mind right now|don't know|I don’t know|Dont know|not sure|unsure|idk|dunno|No idea sorry
can't think of anything|cant think of anything rn|Dim|dim byd|Dim sylw|x|test|pass|Dim sylwadau pellach
ddim yn gwybod|Amherthnasol|Gweler uchod|Nothing to add|Nothing further to add from us|Nope|no|No thanks.
Prefer not to say|not applicable|N/A - none|None, n/a|no - n/a|nothing|Nothing at all|nothing really
see attached|No strong feelings either way.|none from me|Same as question 2|already answered|unable to comment
no opinion|nothing thanks|Not at this time|nothing else|Nothing in particular|As mentioned above|No suggestions
I have no comment|thanks|As stated above
I've nothing to add|n/k|that's all|nothing for now|not right now|nothing obvious|none that come to mind
not that I know of|no further info
nothing to note|I don't have any comments|No comments on this question|nothing at this moment in time
"""
ALL_IS_WELL = """
Nothing|None|None that I know of.|none that I'm aware of|Nothing at all|nothing really|Nothing stops us
No barriers|Nothing gets in the way|no problems|No issues.|No problems at all|Nil|there are none
There is nothing|No real barriers|nothing that I can think of|None, thanks|No, nothing|Dim byd|dim|nowt
We don't have any problems|there aren’t any|No concerns whatsoever|Absolutely nothing|nothing, thank you
None here|None for us|nothing so far|Dim problemau
"""
SAYS_SOMETHING = """
None of the partners reply|No trust|Nothing gets passed on|Pass on the outcome|See the director|No feedback
no one|nothing helps|No money|same old story|No problems with the police|Nothing works|No answer from duty
Test results go missing|No ideas are shared|Not sure who to ring|I don't know who to ask|as long as it takes
No staff, none trained|Dim ymddiriedaeth
"""
ASKS = {
    "barriers": """
        What gets in the way of sharing information?|What are the main barriers to information sharing?|barriers
        Q3_barriers|What makes it difficult to share information well?|What prevents effective sharing?
        What, if anything, prevents you?|In a good partnership, what gets in the way?
        Which factors hold you back?|7. What is the worst thing about it?|What isn’t working?
        What would stop you from sharing?|Please describe any difficulties you have had.|What is missing?
        Beth sy'n rhwystro rhannu gwybodaeth?|What causes delays?|Main challenge faced|free_text_challenges_2024
        What happened? What went wrong?|What would you say gets in the way most often?|What deters staff?
        What can go wrong?|What stands in the way of better sharing?
        In your opinion, what are the reasons information is not shared?|What concerns, if any, do you have?
        WHAT HINDERS IT|Please tell us what hinders good practice|What undermines trust?
        What are you unhappy with?|Where does the process break down? What lets the system down?|What are the cons?
    """,
    "help": """
        What helps information sharing work?|What works well?|What makes sharing easier?
        What are the main enablers?|What helps you overcome barriers?|When things go wrong, what helps?
        What lets you share without problems?|enablers|Please give an example of sharing that went well.
        What good practice have you seen?|What has improved?|What has worked?
    """,
    "needs": """
        What support or resources would help you?|What would you like to see?|What one thing would you change?
        What should change?|What could be done to improve sharing?|What would help remove the barriers you face?
        suggestions for improvement|What could be done about these problems?|What would make it easier?
        What do you need to overcome the obstacles?
    """,
    "anything": """
        Any other comments?|comments|feedback|What helps or hinders information sharing?
        What are the barriers and enablers?|What works well and what does not?|Barriers / enablers|Q12
        Open-Ended Response|Why did you give this score?|Do you have any other comments or concerns?
        What stops sharing? What helps sharing?|How could barriers be removed?
        Risk management|What does risk management mean to you?|What becomes of children at risk?|Any other issues?
        What information is shared about missing people?|Which safeguarding concerns are shared?
        What are the strengths and weaknesses of the system?|Tell us about your experience.
        What do you like and dislike?|What are the pros and cons?
    """,
}
YES_OR_NO = """
Do you have any concerns about how your information is used?|Are there any barriers?
Is there anything that stops you?|Have you experienced any problems?|Any concerns?
In the last 12 months, have you had any problems getting information?
Is anything preventing you from sharing what you need to share?|Did anything go wrong?
"""


def _each(text: str) -> list[str]:
    return [part.strip() for line in text.strip().splitlines() for part in line.split("|")]


@pytest.mark.parametrize("answer", _each(SAYS_NOTHING))
def test_what_says_nothing_under_any_other_question(answer: str) -> None:
    assert {answer_status(answer, question) for question in (HELPS, NEED, OTHER, "")} == {"non_answer"}


@pytest.mark.parametrize("answer", _each(ALL_IS_WELL))
def test_nothing_in_the_way_is_praise_where_that_was_asked(answer: str) -> None:
    assert says_all_is_well(answer, STOPS)
    assert answer_status(answer, STOPS) == "coded"
    assert not any(says_all_is_well(answer, question) for question in (HELPS, NEED, OTHER, ""))


@pytest.mark.parametrize(
    "answer", ["n/a", "Nothing comes to mind", "see above", "don't know", "-", ".", "can't think of any", "No"]
)
def test_what_says_nothing_is_no_praise(answer: str) -> None:
    assert not says_all_is_well(answer, STOPS)
    assert answer_status(answer, STOPS) == "non_answer"


@pytest.mark.parametrize("answer", _each(SAYS_SOMETHING))
def test_what_says_something_is_coded(answer: str) -> None:
    assert {answer_status(answer, question) for question in (STOPS, HELPS, NEED, OTHER, "")} == {"coded"}
    assert not says_all_is_well(answer, STOPS)


def test_no_reply_is_an_answer_to_what_goes_wrong() -> None:
    assert answer_status("No response", STOPS) == "coded"
    assert answer_status("No response", OTHER) == "non_answer"


@pytest.mark.parametrize(("kind", "question"), [(kind, question) for kind in ASKS for question in _each(ASKS[kind])])
def test_what_a_question_asks_for(kind: str, question: str) -> None:
    assert asked_for(question).kind == kind


@pytest.mark.parametrize("question", _each(YES_OR_NO))
def test_no_answers_a_question_of_yes_or_no(question: str) -> None:
    assert says_all_is_well("No", question)
    assert says_all_is_well("no, not really", question)
    assert says_all_is_well("None", question)


def test_praise_is_coded_by_the_codebook() -> None:
    coded = ist.classify(_each(ALL_IS_WELL), question="What are the main barriers you face?", evidence=True)
    assert (coded["sentiment"] == "positive").all()
    assert (coded["sentiment_score"] == 1).all()
    assert (coded[[f"theme_{key}" for key in KEYS]] == 0).all(axis=None)
    assert (coded["review"] == "").all()
    assert (coded["evidence"] == "{}").all()
    assert ist.classify(["Nothing"], question="What helps?")["status"].tolist() == ["non_answer"]


def test_a_coder_with_a_survey_reads_the_questions_of_its_columns() -> None:
    import pandas as pd

    frame = pd.DataFrame({"What stops it?": ["Nothing", "n/a"], "What helps?": ["Nothing", "None"]})
    coded = ist.classify(frame, text=list(frame.columns))
    assert coded["status"].tolist() == ["coded", "non_answer", "non_answer", "non_answer"]
