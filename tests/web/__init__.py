"""Pages, fragment, REST API and Django admin, through their addresses."""
