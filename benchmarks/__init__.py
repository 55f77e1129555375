"""
What the plugin costs, beside what the platform costs without it: measured in one run, inside a real LMS.

``make bench EDX_PLATFORM=<checkout>`` runs them all. SQL statements are the figure to trust: all databases, without
savepoints, with warm caches and a new request cache for each repetition. Times are medians, and processor
time: database and modulestore live in the process here.
"""
