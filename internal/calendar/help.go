package calendar

// RulesHelp shows a file of rules with all that can stand in it.
const RulesHelp = `A file of rules:

  zone    = "Europe/Paris"    # of the hours below
  length  = "45m"             # of a meeting
  step    = "15m"             # from one begin to the next (default: length)
  before  = "10m"             # kept free before a meeting
  after   = "5m"              # kept free after it
  notice  = "1d"              # from now to the first meeting
  daily   = 4                 # meetings a day at most (default: no limit)
  horizon = 60                # days from today on that can be booked (default: no limit)

  [hours]                     # days that are not named have none
  monday  = ["09:00-12:30", "14:00-18:00"]
  friday  = ["09:00-24:00"]

  [exceptions]                # these dates have these hours and no others
  2026-12-24 = ["09:00-12:00"]
  2026-12-25 = []
`
