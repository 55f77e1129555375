"""
The pages in a real browser, on a served sandbox with demo data.

`make test-browser` serves one and runs these; ``BASE_URL`` names another. ``CHROMIUM`` names the browser where it is
not Debian's. Every page leaves a screenshot in ``test-results/browser/``: look at them.
"""
