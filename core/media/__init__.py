"""Live rooms in memory: who may hear whom, and the relay. Knows no database, writes nothing."""
