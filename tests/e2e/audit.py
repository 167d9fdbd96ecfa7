"""What a screen must fulfil to be used by all: axe over the rules of WCAG 2.1 AA."""

from axe_playwright_python.sync_playwright import Axe

RULES = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
}


# Colours are judged when nothing fades in any more.
STILL = """() => Promise.allSettled(document.getAnimations()
  .filter((each) => each.effect.getComputedTiming().iterations !== Infinity).map((each) => each.finished))"""


class Audit:
    """Runs axe over the page at each stop; `done` fails with everything found on the way."""

    def __init__(self, page):
        self.page, self.reports = page, []

    def look(self, screen):
        self.page.evaluate(STILL)
        results = Axe().run(self.page, options=RULES)
        if results.violations_count:
            self.reports.append(f"== {screen}\n{results.generate_report()}")

    def done(self):
        assert not self.reports, "\n".join(self.reports)
