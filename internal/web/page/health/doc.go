// Package healthpage shows the steward how the house stands. It knows no room.
package healthpage
