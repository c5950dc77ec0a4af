package movein

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// splitter cuts a feed into its items without understanding it, so that one
// broken item cannot take the others with it.
type splitter struct {
	r     *bufio.Reader
	max   int
	outer bytes.Buffer // what is not in an item: the head, and whatever lies between
}

// section is one <item> … </item>, or what there was of it.
type section struct {
	raw   []byte
	whole bool // it ended with </item>
	cut   bool // it was longer than allowed; raw holds its beginning
}

func newSplitter(r io.Reader, max int) *splitter {
	return &splitter{r: bufio.NewReaderSize(r, 64<<10), max: max}
}

// next returns the next item, and io.EOF after the last. Any other error is
// the reader's; what was read of an item by then is still returned with it.
func (s *splitter) next() (section, error) {
	var buf bytes.Buffer
	sec := section{}
	inside := false
	put := func(b []byte) {
		into := &s.outer
		if inside {
			into = &buf
		}
		if into.Len()+len(b) > s.max {
			sec.cut = sec.cut || inside
			return
		}
		into.Write(b)
	}
	for {
		err := s.until("<", put)
		if err != nil {
			sec.raw = buf.Bytes()
			return sec, err
		}
		next, _ := s.r.Peek(8)
		switch {
		case bytes.HasPrefix(next, []byte("![CDATA[")):
			err = s.until("]]>", put)
		case bytes.HasPrefix(next, []byte("!--")):
			err = s.until("-->", put)
		case !inside && isTag(next, "item"):
			s.outer.Truncate(max(0, s.outer.Len()-1))
			inside = true
			put([]byte("<"))
		case inside && isTag(next, "/item"):
			err = s.until(">", put)
			sec.raw, sec.whole = buf.Bytes(), !sec.cut
			return sec, nil
		}
		if err != nil {
			sec.raw = buf.Bytes()
			return sec, err
		}
	}
}

func isTag(b []byte, name string) bool {
	return bytes.HasPrefix(b, []byte(name)) && len(b) > len(name) && bytes.IndexByte([]byte("> \t\r\n/"), b[len(name)]) >= 0
}

// until puts everything up to and including stop.
func (s *splitter) until(stop string, put func([]byte)) error {
	last := stop[len(stop)-1]
	var tail []byte // the last bytes seen, long enough to recognise stop
	for {
		chunk, err := s.r.ReadSlice(last)
		put(chunk)
		tail = append(tail, chunk...)
		if len(tail) > len(stop) {
			tail = append(tail[:0], tail[len(tail)-len(stop):]...)
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
		if err == nil && bytes.HasSuffix(tail, []byte(stop)) {
			return nil
		}
	}
}
