package app

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// unmapProgram gives back what has been read of the program's own file: the code
// of starting and the files inside that were hashed are not needed again, and
// what is needed comes back by itself, a page at a time, from the system's memory.
// The system could take these pages at any time; until it does, they count as
// the program's. Parts that were written to are left alone: they exist nowhere
// else. What cannot be given back stays.
func unmapProgram() {
	own, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return
	}
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		return
	}
	defer f.Close()
	var from, to uint64
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line := lines.Text()
		span, rest, _ := strings.Cut(line, " ")
		if low, high, ok := strings.Cut(span, "-"); ok { // the first line about a part: its place, what may be done, its file
			from, to = 0, 0
			if strings.HasPrefix(rest, "r-") && strings.HasSuffix(line, " "+own) {
				from, _ = strconv.ParseUint(low, 16, 64)
				to, _ = strconv.ParseUint(high, 16, 64)
			}
			continue
		}
		if to > from && span == "Anonymous:" && strings.HasSuffix(line, " 0 kB") {
			_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, uintptr(from), uintptr(to-from), syscall.MADV_DONTNEED)
		}
	}
}
