"""
Pages for people: thin doors, and the words they speak.

A view parses, asks one query and renders one template. `wording` says what a decision of `timeline` means to a reader,
`moments` how a date looks, `cards` puts both together; templates hold no logic of their own.
"""
