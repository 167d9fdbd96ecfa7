import pytest

from demo import shop_hours


def test_a_week_of_twelve_hour_times():
    week = shop_hours.parse("Mon: 10-9:30; Tue: 9:30-9; Wed: 10-9; Thurs: 10-9; Fri: 10-10; Sat: 9-10; Sun: 11-7")
    assert week[0] == {"weekday": 1, "opens": "10:00", "closes": "21:30"}
    assert week[1] == {"weekday": 2, "opens": "09:30", "closes": "21:00"}
    assert week[6] == {"weekday": 7, "opens": "11:00", "closes": "19:00"}


def test_a_day_that_is_not_named_or_says_so_is_closed():
    week = shop_hours.parse("Mon: 10am-6pm; Tue: closed")
    assert [day["opens"] for day in week] == ["10:00", None, None, None, None, None, None]


@pytest.mark.parametrize("text", ["", "Someday: 10-9", "Mon 10-9", "Mon: ten to nine", "Mon: 25-9", "Mon: 9pm-8pm"])
def test_what_is_not_understood_is_refused_with_the_entry(text):
    with pytest.raises(ValueError, match=r"opening hours"):
        shop_hours.parse(text)
