package healthpage

import (
	"time"

	"guildhall/internal/terms"
)

// House is how the house stands: numbers about machines, none about people.
type House struct {
	Engine    string // as the operator writes it: sqlite, postgres
	Schema    int64
	Data      int64 // bytes of the database
	WAL       int64 // bytes of its write-ahead log; 0 under PostgreSQL
	Pictures  int64 // bytes
	DiskFree  int64 // bytes
	DiskLow   bool
	Memory    int64 // bytes the program has from the system
	Since     time.Time
	Version   string
	Readers   []Reader
	Waiting   int       // jobs
	Dead      int       // jobs given up
	Backup    time.Time // of the last one; zero when there was none
	BackupOld bool
	Terms     terms.Rates // of the watch over terms
}

// Reader is who reads the hall's events, and how many it has not read yet.
type Reader struct {
	Name   string
	Behind int
}

// Megabytes rounds bytes to what people read.
func Megabytes(bytes int64) int { return int((bytes + 1<<19) >> 20) }
