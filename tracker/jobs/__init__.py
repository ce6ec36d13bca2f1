"""The scheduler: one leader runs each planned slot once and makes up for what was missed or failed."""
