"""What a hundred people who only wait cost one process."""
