"""Demo data: invented people, the courses of `sandbox/courses`, and sessions that show what this plugin is for."""
