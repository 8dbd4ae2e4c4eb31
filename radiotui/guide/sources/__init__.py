"""Where schedules come from: one small file a provider."""
