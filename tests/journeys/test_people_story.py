"""One story of four people from beginning to end, in each language of the site, by what stands on
the buttons.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from django.utils.translation import gettext, override
from playwright.sync_api import BrowserContext, Locator, Page, expect

from gallery.models import ReportReason
from gallery.moderation.decisions import Verdict
from tests.journeys.conftest import Watch
from tests.journeys.garden import PASSWORD, Garden

# Language -> how it calls itself, and the work that the story is about.
STORIES = {"en": ("English", "Ivy"), "zh-hans": ("简体中文", "Thistle")}
PATIENCE_MS = 60_000
REASON, ANSWER, COMMENT = (
    "Please name the garden this grew in.",
    "I grew it here, from a fresh seed.",
    "@ada, how still! <i>",
)


class Story:
    """Four browsers, and the words of the language that all of them read."""

    def __init__(
        self, context: BrowserContext, garden: Garden, watch: Watch, language: str
    ) -> None:
        self.context, self.garden, self.watch, self.language = context, garden, watch, language
        self.shown, self.title = STORIES[language]
        self.others: list[BrowserContext] = []

    def say(self, text: str, **values: str) -> str:
        """What the page says for this English text."""
        with override(self.language):
            return gettext(text) % values if values else gettext(text)

    def arrive(self, path: str) -> Page:
        """Somebody with a browser of their own, who chooses the language at the foot of the
        page.
        """
        context = self.context.browser.new_context(
            base_url=self.garden.url, reduced_motion="reduce", locale="de"
        )
        context.set_default_timeout(PATIENCE_MS)
        self.others.append(context)
        page = context.new_page()
        self.watch.follow(page)
        page.goto(path)
        page.locator("footer").get_by_role("button", name=self.shown, exact=True).click()
        expect(page.locator("html")).to_have_attribute("lang", self.language)
        return page

    def log_in(self, name: str) -> Page:
        page = self.arrive("/accounts/login/")
        page.get_by_label(self.say("Username or email")).fill(name)
        page.get_by_label(self.say("Password")).fill(PASSWORD)
        self.press(page, "Log in")
        page.wait_for_url("/")
        page.goto("/about/")
        return page

    def button(self, where: Page | Locator, text: str, **values: str) -> Locator:
        return where.get_by_role("button", name=self.say(text, **values), exact=True).first

    def press(self, page: Page, text: str, **values: str) -> None:
        self.button(page.locator("main"), text, **values).click()

    def open_work(self, page: Page) -> None:
        page.goto(f"/search/?q={self.title.lower()}")
        page.locator(".wall a").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(self.title, timeout=PATIENCE_MS)
        page.wait_for_load_state()  # The heading is there before the scripts of the buttons.


@pytest.fixture
def tell(context: BrowserContext, garden: Garden, watch: Watch) -> Iterator[Callable[[str], Story]]:
    answer: list[Story] = []

    def begin(language: str) -> Story:
        answer.append(Story(context, garden, watch, language))
        return answer[-1]

    yield begin
    for other in answer[0].others:
        other.close()


def sign_up(story: Story) -> tuple[Page, str]:
    """A new person, and the user name."""
    page, name = story.arrive("/accounts/signup/"), f"robin-{story.language}"
    page.get_by_label(story.say("Username")).fill(name)
    page.get_by_label(story.say("Password"), exact=True).fill(PASSWORD)
    page.get_by_label(story.say("Repeat password")).fill(PASSWORD)
    story.press(page, "Sign up")
    expect(page.locator("summary.avatar")).to_be_visible()
    return page, name


def like_and_comment(story: Story, robin: Page, ada: Page, name: str) -> None:
    """The maker, on any other page, hears of it at once."""
    story.open_work(robin)
    story.press(robin, "Like")
    expect(robin.locator("[aria-pressed=true]")).to_contain_text(
        story.say("Liked"), timeout=PATIENCE_MS
    )
    toasts, bell = ada.locator("#toasts"), ada.locator(".notifications-link .unread-count")
    liked = story.say("{name} likes “{title}”.").format(name=name, title=story.title)
    expect(toasts).to_contain_text(liked, timeout=PATIENCE_MS)
    before = int(bell.inner_text())
    robin.get_by_label(story.say("Your comment"), exact=True).fill(COMMENT)
    story.press(robin, "Comment")
    expect(robin.locator(".comment-text").first).to_have_text(COMMENT, timeout=PATIENCE_MS)
    expect(robin.locator(".mention").first).to_have_attribute("href", "/@ada/")
    expect(bell).to_have_text(str(before + 1), timeout=PATIENCE_MS)


def collect_and_follow(story: Story, robin: Page) -> None:
    robin.get_by_role("link", name=story.say("Collect"), exact=True).click()
    dialog = robin.get_by_role("dialog", name=story.say("Collect"))
    dialog.get_by_label(story.say("New collection")).fill(f"Still {story.language}")
    story.button(dialog, "Save").click()
    expect(dialog.get_by_role("status")).to_have_text(story.say("Saved."))
    robin.goto("/@ada/")
    story.press(robin, "Follow %(name)s", name="Ada Fern")
    expect(story.button(robin, "Following %(name)s: unfollow", name="Ada Fern")).to_be_visible(
        timeout=PATIENCE_MS
    )


def mark_read(story: Story, ada: Page, name: str) -> None:
    ada.locator(".notifications-link").click()
    lines = ada.locator(".notification-sentence")
    expect(lines.filter(has_text=name)).not_to_have_count(0)
    expect(ada.locator(".notification-quote", has_text="how still").first).to_be_visible()
    story.press(ada, "Mark all as read")
    expect(ada.locator(".notifications-link .unread-count")).to_be_hidden(timeout=PATIENCE_MS)


def report_and_hide(story: Story, robin: Page, ada: Page, keeper: Page) -> None:
    """Robin reports, the moderator hides, the work is gone for everybody else, and its maker hears
    why.
    """
    story.open_work(robin)
    address = robin.url
    robin.get_by_role("link", name=story.say("Report this work")).click()
    robin.get_by_label(story.say(str(ReportReason.SPAM.label))).check()
    story.press(robin, "Send report")
    expect(robin.locator(".notices")).to_be_visible()
    keeper.goto("/curate/reports/")
    keeper.locator("main li, main article", has_text=story.title).get_by_role(
        "link",
        name=story.say("Open case"),
    ).first.click()
    keeper.get_by_role("radio", name=story.say(str(Verdict.HIDE.label)), exact=True).check()
    keeper.get_by_label(story.say("Reason")).fill(REASON)
    story.press(keeper, "Decide")
    expect(ada.locator(".notifications-link .unread-count")).to_have_text("1", timeout=PATIENCE_MS)
    story.watch.allow(r"status of 404 .*/art/")
    assert robin.goto(address).status == 404
    ada.goto(address)
    expect(ada.get_by_text(REASON).first).to_be_visible()


def answer_and_restore(story: Story, robin: Page, ada: Page, keeper: Page) -> None:
    """The counter-notice brings the case back, and the moderator opens the work again."""
    address = ada.url
    ada.get_by_role("link", name=story.say("Read more and appeal")).click()
    ada.locator("main textarea").fill(ANSWER)
    story.press(ada, "Send appeal")
    expect(
        ada.get_by_text(story.say("Your appeal is with the moderators."), exact=True)
    ).to_be_visible()
    keeper.goto("/curate/reports/?tab=answered")
    keeper.get_by_role("link", name=story.say("Open case")).first.click()
    expect(keeper.get_by_text(ANSWER)).to_be_visible()
    story.press(keeper, "Open it again")
    expect(keeper.locator(".notices")).to_be_visible()
    assert robin.goto(address).status == 200


def export(story: Story, page: Page) -> None:
    page.goto("/me/export/")
    story.press(page, "Create archive")
    expect(page.get_by_role("heading", level=1)).to_have_text(story.say("Your archive"))
    page.wait_for_url(re.compile("/job/"))


@pytest.mark.parametrize("language", STORIES)
def test_a_story_from_signing_up_to_leaving_with_everything(
    language: str, tell: Callable[[str], Story]
):
    story = tell(language)
    ada = story.log_in("ada")
    robin, name = sign_up(story)
    like_and_comment(story, robin, ada, name)
    collect_and_follow(story, robin)
    mark_read(story, ada, name)
    keeper = story.log_in("keeper")
    report_and_hide(story, robin, ada, keeper)
    answer_and_restore(story, robin, ada, keeper)
    export(story, robin)
