"""Programme marks: coming programmes that are to be reminded of, tuned in to or recorded."""
