"""What is forgotten, and when."""

import pytest

from plugins.search_log import tasks
from plugins.search_log.services import count
from tests.search_log.entries import TODAY, click_rows, days_ago, opened, search_rows, searched


@pytest.mark.django_db
def test_a_rare_text_loses_its_words_after_fourteen_days():
    count(
        searches=[
            (days_ago(14), searched("rare but fresh"), 1),
            (days_ago(15), searched("rare one"), 2),
            (days_ago(15), searched("rare two"), 1),
            (days_ago(15), searched("rare two", total=0), 1),
            (days_ago(15), searched("rare two", channel="cn"), 1),
            (days_ago(16), searched("often in one day"), 9),
            (days_ago(15), searched("common"), 2),
            (days_ago(3), searched("common"), 1),
        ],
        clicks=[
            (days_ago(15), opened("rare one", position=4), 2),
            (days_ago(15), opened("rare two", position=1), 1),
            (days_ago(15), opened("common"), 1),
            (days_ago(15), opened("com", source="TYPEAHEAD"), 1),
            (days_ago(14), opened("rare but fresh"), 1),
        ],
    )
    assert tasks.purge() == 8
    assert search_rows("day", "channel", "text", "text_class", "outcome") == sorted(
        [
            (days_ago(14), "us", "rare but fresh", "TEXT", "FOUND", 1),
            (days_ago(15), "us", "", "RARE", "FOUND", 3),
            (days_ago(15), "us", "", "RARE", "NOTHING", 1),
            (days_ago(15), "cn", "", "RARE", "FOUND", 1),
            (days_ago(16), "us", "", "RARE", "FOUND", 9),
            (days_ago(15), "us", "common", "TEXT", "FOUND", 2),
            (days_ago(3), "us", "common", "TEXT", "FOUND", 1),
        ]
    )
    assert click_rows("day", "text", "text_class", "source") == sorted(
        [
            (days_ago(15), "", "RARE", "RESULTS", 3, 9),
            (days_ago(15), "", "RARE", "TYPEAHEAD", 1, 1),
            (days_ago(15), "common", "TEXT", "RESULTS", 1, 1),
            (days_ago(14), "rare but fresh", "TEXT", "RESULTS", 1, 1),
        ]
    )
    assert tasks.purge() == 0


@pytest.mark.django_db
def test_late_rare_texts_join_those_of_their_day(noon):
    count(searches=[(days_ago(15), searched("rare one"), 1)])
    tasks.purge()
    count(searches=[(days_ago(15), searched("rare two"), 1)])
    assert tasks.purge() == 1
    assert search_rows("text", "text_class") == [("", "RARE", 2)]


@pytest.mark.django_db
def test_every_row_goes_when_its_time_is_over(settings):
    settings.SEARCH_LOG_DAYS = 30
    for days in (0, 10, 30, 31):
        count(searches=[(days_ago(days), searched("common"), 3)], clicks=[(days_ago(days), opened("common"), 1)])
    assert tasks.purge() == 2
    expected = [(days_ago(30), "common"), (days_ago(10), "common"), (TODAY, "common")]
    assert [row[:2] for row in search_rows("day", "text")] == expected
    assert [row[:2] for row in click_rows("day", "text")] == expected
