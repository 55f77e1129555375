"""What the platform calls: each module is a thin door into the plugin, or a named repair of how editions are read."""
