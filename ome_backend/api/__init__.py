"""What programs and the pages' live component reach over HTTP in the console's own process."""
