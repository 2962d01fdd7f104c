"""What everybody may read and few may change: codes, policies, bodies, schools' settings, the calendar."""
