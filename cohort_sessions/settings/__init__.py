"""
What the plugin needs of the host's settings, set by the plugin itself.

Open edX reads settings in stages: its own ``common`` module, the plugins' ``common``, the operator's YAML, the host's
``production`` module, the plugins' ``production``. The YAML replaces whole values, so what only ``common`` sets may be
gone afterwards, and what is set late must not trample on the operator's choice. Hence two kinds of settings and two
rules:

* our own ``COHORT_SESSIONS_*``: defaults in ``common``, never assigned again;
* lists and dictionaries of the host that must contain something of ours: made true in every stage by the idempotent
  functions of ``_merge``, which keep every entry of others.

These modules run while settings are being built: they import nothing of Django, of the host or of the rest of the
plugin.
"""
