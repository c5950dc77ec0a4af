package ledger

// epochOf is the calendar rule.
func epochOf(day int) int { return (day - 4) / 28 }
