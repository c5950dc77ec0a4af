package calendar

// Days are counted from 1 January 1970, and local times in seconds of them, as if
// every day had 86,400: what a clock on the wall shows, without a zone.

const daySeconds = 86400

// dayOf is the number of a date of the Gregorian calendar.
func dayOf(y, m, d int) int64 {
	if m <= 2 {
		y--
	}
	era := floorDiv(int64(y), 400)
	yoe := int64(y) - era*400
	mp := (int64(m) + 9) % 12
	doy := (153*mp+2)/5 + int64(d) - 1
	return era*146097 + yoe*365 + yoe/4 - yoe/100 + doy - 719468
}

// dateOf is the date of a day's number.
func dateOf(n int64) (y, m, d int) {
	n += 719468
	era := floorDiv(n, 146097)
	doe := n - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	d = int(doy - (153*mp+2)/5 + 1)
	m = int((mp+2)%12 + 1)
	y = int(yoe + era*400)
	if m <= 2 {
		y++
	}
	return y, m, d
}

// weekdayOf is 0 for Monday.
func weekdayOf(n int64) int { return int(floorMod(n+3, 7)) }

// leap tells whether a year has 366 days.
func leap(y int) bool { return y%4 == 0 && (y%100 != 0 || y%400 == 0) }

// monthDays is the length of a month.
func monthDays(y, m int) int {
	switch m {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if leap(y) {
			return 29
		}
		return 28
	}
	return 31
}

// yearDays is the length of a year.
func yearDays(y int) int {
	if leap(y) {
		return 366
	}
	return 365
}

// firstWeek is the day on which week 1 of a year begins: the first week with four
// days or more in the year, weeks beginning on wkst.
func firstWeek(y, wkst int) int64 {
	jan4 := dayOf(y, 1, 4)
	return jan4 - floorMod(int64(weekdayOf(jan4)-wkst), 7)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

func floorMod(a, b int64) int64 { return a - floorDiv(a, b)*b }
