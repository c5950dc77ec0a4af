package answer

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// sending begins to send a file over a line of its own, and gives the line
// after the head of the form.
func sending(l *pipes, who string, size int) net.Conn {
	c := l.dial()
	const head = "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\n"
	const tail = "\r\n--x--\r\n"
	fmt.Fprintf(c, "POST /upload HTTP/1.1\r\nHost: h\r\nCookie: member=%s\r\nConnection: close\r\n"+
		"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: %d\r\n\r\n%s", who, len(head)+size+len(tail), head)
	return c
}

func finish(c net.Conn, size int) (answer string) {
	go io.WriteString(c, strings.Repeat("a", size)+"\r\n--x--\r\n")
	b, _ := io.ReadAll(c)
	first, _, _ := strings.Cut(string(b), "\r\n")
	return first
}

func uploading(t *testing.T, f func(l *pipes, m *Mux)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
		m := hall(nil)
		m.Handle("POST /upload", func(w *Writer, r *Request) error { return w.Show(200, text("here")) }, Upload())
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- Serve(ctx, Server(m), l, time.Minute) }()
		f(l, m)
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if n, own := len(m.uploads.places), len(m.uploads.own); n != 0 || own != 0 {
			t.Errorf("%d files of %d members are still on their way", n, own)
		}
	})
}

// One member's many slow files leave places for the others'.
func TestUpload_oneMemberTakesOnePlace(t *testing.T) {
	uploading(t, func(l *pipes, m *Mux) {
		var slow []net.Conn
		for range 2 * uploadsAtOnce {
			c := sending(l, "ana", 1000)
			slow = append(slow, c)
			go io.Copy(io.Discard, c)
		}
		synctest.Wait()
		if n := len(m.uploads.places); n != 1 {
			t.Errorf("one member holds %d places", n)
		}
		begun := time.Now()
		if got := finish(sending(l, "bo", 1000), 1000); !strings.Contains(got, "200") {
			t.Errorf("another member is answered %q", got)
		}
		if took := time.Since(begun); took > time.Second {
			t.Errorf("another member waited %v", took)
		}
		for _, c := range slow {
			c.Close()
		}
	})
}

// Her second file waits for her first; one that waits too long is told so.
func TestUpload_theSecondWaitsForTheFirst(t *testing.T) {
	uploading(t, func(l *pipes, m *Mux) {
		first := sending(l, "ana", 1000)
		synctest.Wait() // the first has her place before the second asks for it
		second := sending(l, "ana", 1000)
		synctest.Wait()
		if got := finish(first, 1000); !strings.Contains(got, "200") {
			t.Errorf("the first is answered %q", got)
		}
		if got := finish(second, 1000); !strings.Contains(got, "200") {
			t.Errorf("the second is answered %q", got)
		}
		release, err := m.uploads.admit(context.Background(), "ana")
		if err != nil {
			t.Fatal(err)
		}
		if got := finish(sending(l, "ana", 1000), 1000); !strings.Contains(got, "429") {
			t.Errorf("the third is answered %q", got)
		}
		release()
	})
}

func TestUpload_letsGoOfTheSlow(t *testing.T) {
	uploading(t, func(l *pipes, m *Mux) {
		for _, c := range []struct {
			name  string
			step  int           // bytes a second
			least time.Duration // how long it is suffered
			most  time.Duration
			here  bool
		}{
			{"a trickle", 1 << 10, 0, uploadStride + 2*time.Second, false},
			{"a slow line", 8 << 10, time.Minute, uploadTime, true},
			{"a large file on a slow line", 8 << 10, uploadTime - time.Second, uploadTime + 2*time.Second, false},
		} {
			size := 600 << 10
			if !c.here {
				size = 2 << 20
			}
			conn := sending(l, "ana", size)
			begun := time.Now()
			gone := make(chan struct{})
			go func() {
				defer close(gone)
				for sent := 0; sent < size; sent += c.step {
					if _, err := conn.Write(make([]byte, min(c.step, size-sent))); err != nil {
						return
					}
					<-time.After(time.Second)
				}
				io.WriteString(conn, "\r\n--x--\r\n")
			}()
			b, _ := io.ReadAll(conn)
			if here := strings.Contains(string(b), " 200 "); here != c.here {
				t.Errorf("%s: answered %.40q", c.name, b)
			}
			if took := time.Since(begun); took < c.least || took > c.most {
				t.Errorf("%s was suffered for %v", c.name, took)
			}
			conn.Close()
			<-gone
		}
	})
}
