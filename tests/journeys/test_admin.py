"""A journey of an operator through the admin and its status page."""

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Watch, log_in

LISTS = ("artwork", "like", "species", "job", "lineageedge", "tag", "user")


def test_an_operator_features_a_work_and_looks_at_the_engine(page: Page):
    log_in(page, "keeper")
    for name in LISTS:
        page.goto(f"/admin/gallery/{name}/")
        expect(page.locator("#changelist")).to_be_visible()
    page.goto("/admin/gallery/artwork/?q=Lichen")
    page.locator("tr", has_text="Lichen").locator(".action-select").first.check()
    page.get_by_label("Action:").select_option("feature")
    page.get_by_role("button", name="Run").or_(page.get_by_role("button", name="Go")).first.click()
    expect(page.get_by_text("1 of 1 picked.")).to_be_visible()
    page.locator("#result_list tbody th a").first.click()
    expect(page.get_by_text("Genome and pedigree")).to_be_visible()
    page.goto("/")
    page.get_by_role("link", name="Curators' picks").click()
    expect(page.locator(".wall .work")).to_have_count(1)
    page.goto("/admin/gallery/job/engine/")
    expect(page.get_by_role("heading", name="Species")).to_be_visible()
    with page.expect_response(
        "**/admin/gallery/job/engine/"
    ) as news:  # The figures come again by themselves.
        pass
    assert news.value.status == 200
    page.get_by_role("button", name="Read the species folders again").click()
    expect(page.get_by_text("species read")).to_be_visible()
    page.goto("/admin/gallery/user/add/")
    expect(page.locator("#user_form")).to_be_visible()


def test_the_admin_is_closed_to_everybody_else(page: Page, watch: Watch):
    watch.allow("status of 403")
    log_in(page, "ada")
    page.goto("/admin/gallery/job/engine/")
    expect(page.locator(".engine")).to_have_count(0)
