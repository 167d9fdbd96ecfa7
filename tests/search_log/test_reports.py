"""What merchandisers are told: exact numbers, and nobody's search."""

import csv
import io

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from plugins.catalogue.models import Channel, Product
from plugins.search_log import admin, exports, reports
from plugins.search_log.reports import Figures, Line, ProductLine, Scope
from plugins.search_log.services import count
from tests.search_log.entries import NOON, TODAY, days_ago, opened, searched

pytestmark = pytest.mark.django_db

PAGE = "/admin/search_log/searchcount/"


@pytest.fixture
def week():
    """A week of searches: common and rare, found and not."""
    count(
        searches=[
            (TODAY, searched("galaxy s21"), 4),
            (days_ago(1), searched("galaxy s21"), 2),
            (days_ago(2), searched("galaxy s21", sales_channel="POS"), 3),
            (TODAY, searched("iphone 17 pro", total=0), 2),
            (days_ago(6), searched("iphone 17 pro", total=0), 3),
            (TODAY, searched("galxy", corrected=True), 3),
            (days_ago(1), searched("galxy", corrected=True), 1),
            (days_ago(1), searched("galxy", relaxed=True), 2),
            (TODAY, searched("my name is ada"), 1),
            (TODAY, searched("356938035643809"), 1),
            (days_ago(7), searched("galaxy s21"), 100),
            (days_ago(1), searched("case", channel="cn"), 2),
            (TODAY, searched("case", channel="cn"), 2),
        ],
        clicks=[
            (TODAY, opened("galaxy s21", position=1), 2),
            (days_ago(1), opened("galaxy s21", "p-2", position=4), 1),
            (TODAY, opened("galaxy s21", position=1, source="SPOTLIGHT"), 1),
            (TODAY, opened("galaxy s21", position=1, source="TYPEAHEAD"), 9),
            (days_ago(7), opened("galaxy s21", position=9), 9),
        ],
    )


def test_the_figures_of_each_day(week):
    days = reports.daily(Scope(days=7, channel="us"))
    assert list(days) == [days_ago(ago) for ago in range(6, -1, -1)]
    assert days[TODAY] == Figures(searches=11, nothing=2, clicks=3)
    assert days[days_ago(1)] == Figures(searches=5, nothing=0, clicks=1)
    assert days[days_ago(3)] == Figures()
    assert days[days_ago(6)] == Figures(searches=3, nothing=3, clicks=0)
    assert (days[TODAY].nothing_rate, days[days_ago(3)].nothing_rate) == (18.2, None)
    assert days[TODAY].click_rate == 27.3


def test_top_searches_with_clicks_and_mean_position(week):
    assert reports.top(Scope(days=7), 10) == [
        Line("galaxy s21", 9, clicks=4, position=2.0),
        Line("galxy", 6),
        Line("iphone 17 pro", 5),
        Line("case", 4),
    ]
    assert reports.top(Scope(days=28), 1) == [Line("galaxy s21", 109, clicks=13, position=7.2)]
    assert reports.top(Scope(days=7, channel="us", sales_channel="WEB"), 1) == [
        Line("galaxy s21", 6, clicks=4, position=2.0)
    ]


def test_searches_that_found_nothing_and_changed_ones(week):
    assert reports.nothing_found(Scope(days=7), 10) == [Line("iphone 17 pro", 5)]
    assert reports.changed(Scope(days=7), 10) == [Line("galxy", 6, corrected=4, relaxed=2)]


def test_products_opened_from_searches(week):
    Product.objects.create(id="p-1", slug="galaxy", name="Galaxy S21", synced_at=NOON)
    assert reports.products(Scope(days=7), 10) == [ProductLine("Galaxy S21", 12, 1.0), ProductLine("p-2", 1, 4.0)]
    assert reports.products(Scope(days=7, channel="cn"), 10) == []


def test_no_filter_narrows_a_list_down_to_a_rare_search(week):
    # Three in all, but in one day of this sales channel.
    assert reports.top(Scope(days=7, sales_channel="POS"), 10) == []
    assert reports.not_listed(Scope(days=7, sales_channel="POS")) == 3
    # Common in all outcomes together, rare as what found nothing.
    count(searches=[(TODAY, searched("galaxy s21", total=0), 2), (days_ago(1), searched("galxy", total=0), 1)])
    assert [line.text for line in reports.nothing_found(Scope(days=7), 10)] == ["iphone 17 pro"]


def test_what_is_not_listed_is_counted(week):
    assert reports.not_listed(Scope(days=7, channel="us")) == 2
    assert reports.not_listed(Scope(days=7, channel="nowhere")) == 0


def test_a_report_costs_a_fixed_number_of_queries(week, django_assert_num_queries):
    scope = Scope()
    with django_assert_num_queries(10):
        reports.daily(scope)
        reports.top(scope, 10)
        reports.nothing_found(scope, 10)
        reports.changed(scope, 10)
        reports.products(scope, 10)
        reports.not_listed(scope)


def test_the_page_shows_them(week, admin_client):
    Channel.objects.create(slug="us", name="United States", currency="USD", country="US")
    page = admin_client.get(PAGE, {"days": "7", "channel": "us"})
    body = page.content.decode()
    assert dict(page.context["figures"]) == {
        "Searches": "22",
        "Nothing found": "22.7%",
        "Clicks per 100 searches": "18.2",
        "Rare searches, numbers and long texts": "2",
    }
    assert [len(chart.rows) for chart in page.context["charts"]] == [7, 7, 7]
    assert "iphone 17 pro" in body
    assert "ada" not in body
    assert "356938" not in body
    assert "<script>" not in body
    assert "United States" in body


def test_the_page_asks_a_fixed_number_of_questions(week, admin_client, django_assert_num_queries):
    # Ten of the reports, the channels, session, user and group, and the cores that may frame the page.
    with django_assert_num_queries(15):
        admin_client.get(PAGE)


def test_an_empty_page_says_so(admin_client):
    body = admin_client.get(PAGE).content.decode()
    assert "No text was searched often enough to be shown." in body


@pytest.mark.parametrize(
    "wrong", [{"days": "3"}, {"days": "x"}, {"channel": "nowhere"}, {"sales_channel": "FAX"}, {"days": ""}]
)
def test_a_wrong_filter_is_told_and_not_applied(week, admin_client, wrong):
    page = admin_client.get(PAGE, wrong)
    assert page.status_code == 200
    assert dict(page.context["figures"])["Searches"] == "126"
    assert list(page.context["form"].errors) == list(wrong)


@pytest.mark.parametrize(
    ("permissions", "staff", "status"),
    [
        (["view_searchcount"], True, 200),
        (["change_searchcount"], True, 200),
        (["view_order", "view_clickcount", "delete_searchcount", "add_searchcount"], True, 403),
        ([], True, 403),
        (["view_searchcount"], False, 302),
    ],
)
@pytest.mark.parametrize("address", ["", "top.csv"])
def test_only_who_may_look_at_searches_sees_them(week, client, permissions, staff, status, address):
    user = User.objects.create_user("mei", password="x", is_staff=staff)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    answer = client.get(PAGE + address)
    assert answer.status_code == status
    assert ("galaxy s21" in answer.content.decode()) == (status == 200)


@pytest.mark.parametrize("address", ["", "top.csv"])
def test_nobody_who_is_not_signed_in_sees_them(week, client, address):
    assert client.get(PAGE + address).status_code == 302


def test_single_rows_have_no_page(week, admin_client):
    row = admin.SearchCount.objects.get(text="my name is ada")
    for address in (f"{row.pk}/", f"{row.pk}/change/", "add/", f"{row.pk}/history/", f"{row.pk}/delete/"):
        assert admin_client.get(PAGE + address).status_code == 404, address
    admin_client.post(PAGE, {"action": "delete_selected", "_selected_action": row.pk})
    assert admin.SearchCount.objects.filter(pk=row.pk).exists()


def rows_of(answer):
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_tables_as_csv(week, admin_client):
    def ask(table):
        return rows_of(admin_client.get(f"{PAGE}{table}.csv", {"days": "7", "channel": ""}))

    assert ask("top") == [
        ["Search", "Searches", "Clicks", "Clicks per 100 searches", "Mean position"],
        ["galaxy s21", "9", "4", "44.4", "2.0"],
        ["galxy", "6", "0", "0.0", ""],
        ["iphone 17 pro", "5", "0", "0.0", ""],
        ["case", "4", "0", "0.0", ""],
        ["Rare searches, numbers and long texts", "2"],
    ]
    assert ask("nothing") == [["Search", "Searches that found nothing"], ["iphone 17 pro", "5"]]
    assert ask("changed") == [["Search", "Corrected", "Searched with fewer words"], ["galxy", "4", "2"]]
    assert ask("products") == [["Product", "Clicks", "Mean position"], ["p-1", "12", "1.0"], ["p-2", "1", "4.0"]]
    days = ask("days")
    assert days[0] == ["Day", "Searches", "Nothing found", "Clicks"]
    assert days[-1] == ["2026-03-02", "13", "2", "3"]
    assert len(days) == 8


def test_the_csv_is_a_file_that_spreadsheets_read(week, admin_client):
    count(searches=[(TODAY, searched("手机"), 2), (days_ago(1), searched("手机"), 2)])
    answer = admin_client.get(f"{PAGE}top.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="searches-top.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert ["手机", "4", "0", "0.0", ""] in rows_of(answer)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", '=hyperlink("x")'])
def test_no_cell_is_a_formula(admin_client, text):
    count(searches=[(TODAY, searched(text), 2), (days_ago(1), searched(text), 2)])
    cells = [cell for row in rows_of(admin_client.get(f"{PAGE}top.csv")) for cell in row]
    assert f"'{text}" in cells
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


def test_an_unknown_table_is_not_there(admin_client):
    assert admin_client.get(f"{PAGE}all.csv").status_code == 404


def test_an_export_is_bounded(week, admin_client, monkeypatch):
    monkeypatch.setattr(exports, "MAX_ROWS", 2)
    rows = rows_of(admin_client.get(f"{PAGE}top.csv", {"days": "7"}))
    assert [row[0] for row in rows[1:-1]] == ["galaxy s21", "galxy"]


def test_a_search_without_results_leads_to_its_remedies(week, admin_client, monkeypatch):
    screens = {"admin:merchandising_synonyms_add": "/admin/synonyms/add/"}

    def resolve(name, **options):
        if name.startswith("admin:merchandising"):
            if name not in screens:
                raise admin.NoReverseMatch
            return screens[name]
        return reverse(name, **options)

    monkeypatch.setattr(admin, "reverse", resolve)
    body = admin_client.get(PAGE).content.decode()
    assert 'href="/admin/synonyms/add/?kind=ONE_WAY&amp;sources=iphone%2017%20pro"' in body
    assert "Add a redirect" not in body
    screens["admin:merchandising_rule_add"] = "/admin/rules/add/"
    assert "Add a redirect: iphone 17 pro" in admin_client.get(PAGE).content.decode()


def test_remedies_are_for_those_who_may(week, client, monkeypatch):
    monkeypatch.setattr(admin, "reverse", lambda name, **options: "/somewhere/")
    user = User.objects.create_user("mei", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_searchcount"))
    client.force_login(user)
    body = client.get(PAGE).content.decode()
    assert "iphone 17 pro" in body
    assert "Add a synonym" not in body
