"""Pages in Studio, for the course teams of base courses. No app of the LMS is there to help them."""
