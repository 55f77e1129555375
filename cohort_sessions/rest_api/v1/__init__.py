"""Version 1 of the API. Fields are only ever added; anything else makes a version 2."""
