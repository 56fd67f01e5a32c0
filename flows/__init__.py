"""When and by whom: settings, channels, the nightly run, the command line."""
