package safe

import "time"

// Impatient lets whoever waits with a delivery cut slow lines at once.
func (d *Door) Impatient() { d.bags.fair, d.bags.look = 0, time.Millisecond }

// Bags tells how many deliveries are in memory.
func (d *Door) Bags() int { return len(d.bags.places) }

// BagsAtOnce is how many can be.
const BagsAtOnce = bagsAtOnce
