// Package healthpage shows the steward how the house stands, and by which ways calls come to it. It knows no room.
package healthpage
