"""The identification information a prefectural or national node keeps: tables, and how notices are applied."""
