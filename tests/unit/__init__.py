"""What each module promises, on the sandbox."""
