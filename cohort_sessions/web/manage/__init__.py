"""
Pages for those who run a session: its people, its dates and places, its deadlines, the next one like it.

`page` is what they share, `reports` how they answer after a change, `fields` what their forms choose with.
"""
