// Package calendar reads calendar files of any program (iCalendar, RFC 5545) and finds
// when somebody is busy and when she can be met.
//
//	f, err := Read(file)               a Feed, or a *Fault with line and reason
//	busy, err := f.Busy(from, to, zone)
//	rules, err := ReadRules(file)      see RulesHelp
//	slots := rules.Slots(from, to, now, busy, booked)
//
// It promises that nobody is shown as free whom the file shows as busy. What it cannot
// be sure of as a whole it refuses with the line it stands in: a date that is none, an
// end before its start, a zone that nobody knows, a rule with a word that it does not
// know, a file that stops in the midst. So it does with files larger than 10 MB, with
// more than a million recurrences, or that make more work than counting them. What
// reads such a file as "unknown" and asks before it books never books twice.
//
// It refuses to know whose calendar it is, what a meeting is called and who comes: of
// an event only its times are read. It has no clock, no network and no database.
//
// # What counts as busy
//
// Events (VEVENT) that are neither TRANSP:TRANSPARENT nor STATUS:CANCELLED, tentative
// ones among them, and FREEBUSY periods that are not FBTYPE=FREE. Tasks, journals,
// alarms and components of other names say nothing. Nothing lasts no time: an event
// without end, or with its start as its end, is not busy; but a day is one day long if
// nothing else is said, or if it ends on itself. Events without DTSTART take no time.
// METHOD:CANCEL cancels; of REPLY, COUNTER, REFRESH and DECLINECOUNTER nothing is read,
// as they are letters about an event. Of events with one UID and without RECURRENCE-ID
// those with the highest SEQUENCE hold; of several for one instance the last word
// (SEQUENCE, then DTSTAMP, then the order in the file).
//
// # Times
//
// A date is the whole day of the zone that the caller names, with the hours that day
// has there, whatever TZID stands beside it. A time without Z and TZID is one of that
// zone. TZID means, in this order: a place of the time zone database (Europe/Paris,
// also in other case and behind the name of a program: /example.org/Europe/Paris); a
// name of Windows, by the CLDR; the VTIMEZONE of that name in the file; a short name of
// the database (EST); a difference to UTC (UTC+02:00). So a zone that is known by name
// is as governments set it today, not as a program knew it when it wrote the file; many
// programs write only a year of it. A VTIMEZONE with an empty name is meant by an empty
// TZID.
//
// A local time that comes twice is the first of both; one that does not come is taken
// as if clocks had not been put forward yet (3.3.5), also of an instance of a rule
// (which 3.3.10 would leave out: in doubt, busy). DTEND gives an exact length, which
// each instance has; DURATION counts days by the calendar and the rest by the clock
// (3.8.5.3). A leap second is one with the second before.
//
// # Recurrence
//
// DTSTART is always an instance; where the rule does not give it, it comes on top of
// COUNT. UNTIL with a day includes that day; without Z it is of the zone of DTSTART;
// where days recur its date counts. What a rule leaves out comes from DTSTART, the
// weekday for BYWEEKNO as well. BYSETPOS picks from whole periods, also in the first
// one. Numbers before days in BYDAY count in months and years, and mean nothing
// elsewhere. An RDATE period has an end of its own; an RDATE with a day, where hours
// recur, is at the usual hour.
//
// EXDATE and RECURRENCE-ID name an instance by its moment, in whatever zone they are
// written; with a date, all instances of that day; where days recur, by the date that
// is written, or by the midnight of the caller's zone. What stands in place of an
// instance is busy also if the series has no such instance, or if the file has no such
// series. RANGE=THISANDFUTURE moves later instances by as much, and gives them its
// length, its transparency and its status.
//
// # Slots
//
// Slots begin at the beginning of hours and every step after, counted in real time;
// each minute of a slot lies within the same hours of the same date by the clock on the
// wall, also on days on which that clock is set. What is kept free before and after a
// meeting may be outside of the hours, and touch what is busy without lying in it.
// Notice is counted from now to the begin; the horizon in days from today in the zone
// of the rules. A day on which as many meetings begin as the daily limit says has no
// slots.
package calendar
