package epoch

import "time"

// Lengths of the calendar.
const (
	DaysOfWeek    = 7
	WeeksOfEpoch  = 4
	DaysOfEpoch   = DaysOfWeek * WeeksOfEpoch
	TicksOfDay    = 24
	secondsOfDay  = 86_400
	secondsOfTick = 3_600
	firstMonday   = 4 // 5 January 1970; days count from Thursday the 1st
)

// Day numbers the day of t, in UTC, from 1 January 1970.
func Day(t time.Time) int { return floor(t.Unix(), secondsOfDay) }

// Week numbers the week of t; weeks begin on Mondays at 00:00. A window is a week.
func Week(t time.Time) int { return WeekOfDay(Day(t)) }

// Of numbers the epoch of t: four weeks from a Monday.
func Of(t time.Time) int { return OfDay(Day(t)) }

// Tick numbers the hour of t from the beginning of 1970.
func Tick(t time.Time) int { return floor(t.Unix(), secondsOfTick) }

// WeekOfDay numbers the week of a day.
func WeekOfDay(day int) int { return floor(int64(day-firstMonday), DaysOfWeek) }

// OfDay numbers the epoch of a day.
func OfDay(day int) int { return floor(int64(day-firstMonday), DaysOfEpoch) }

// OfTick numbers the epoch of a tick.
func OfTick(tick int) int { return OfDay(DayOfTick(tick)) }

// DayOfTick numbers the day in which a tick lies.
func DayOfTick(tick int) int { return floor(int64(tick), TicksOfDay) }

// FirstDay is the day, a Monday, on which an epoch begins.
func FirstDay(epoch int) int { return firstMonday + epoch*DaysOfEpoch }

// FirstDayOfWeek is the Monday on which a week begins.
func FirstDayOfWeek(week int) int { return firstMonday + week*DaysOfWeek }

// FirstTick is the tick at which a day begins.
func FirstTick(day int) int { return day * TicksOfDay }

// Start is the moment at which an epoch begins.
func Start(epoch int) time.Time { return StartOfDay(FirstDay(epoch)) }

// End is the moment at which an epoch has ended, which is the next one's Start.
func End(epoch int) time.Time { return Start(epoch + 1) }

// StartOfDay is 00:00 UTC of a day.
func StartOfDay(day int) time.Time { return time.Unix(int64(day)*secondsOfDay, 0).UTC() }

// StartOfTick is the moment of a tick.
func StartOfTick(tick int) time.Time { return time.Unix(int64(tick)*secondsOfTick, 0).UTC() }

// BatchTick tells whether a week begins with the tick: then, and only then, masks
// are born.
func BatchTick(tick int) bool {
	day := DayOfTick(tick)
	return FirstTick(day) == tick && FirstDayOfWeek(WeekOfDay(day)) == day
}

// NextBatchTick is the first batch tick after the given tick.
func NextBatchTick(tick int) int {
	return FirstTick(FirstDayOfWeek(WeekOfDay(DayOfTick(tick)) + 1))
}

// floor divides downwards, also before 1970; Go's own division goes to zero.
func floor(a, b int64) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return int(q)
}
