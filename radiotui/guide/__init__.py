"""The guide: the programme on air and the next one."""
