"""What is true in Studio's process."""
