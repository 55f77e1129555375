"""
How the blocks of an edition are read, in a real LMS: every hole of the stock CCX, and that ours has it closed.

A test that takes `platform` runs twice: on the platform as it is, where it pins the defect down (and will fail on the
day that upstream mends it), and with this plugin. The guard is off throughout: what is closed here is closed by the way
blocks are read.
"""
