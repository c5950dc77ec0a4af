package app

import (
	"archive/zip"
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
)

// The scripts in testdata run the real program, as a process of its own.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"guildhall-cramped": cramped, "guildhall": func() {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		os.Exit(Main(ctx, os.Args, os.Stdin, os.Stdout, os.Stderr))
	}})
}

func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"open": openCommand, "shut": shutCommand, "get": getCommand, "getfrom": getFromCommand, "metrics": metricsCommand,
			"flip": flipCommand, "half": halfCommand, "mode": modeCommand, "noleftovers": noLeftoversCommand, "same": sameCommand,
		},
		Setup: func(e *testscript.Env) error {
			e.Setenv("NO_COLOR", "1")
			if postgres := os.Getenv("CI") != "" || hasPostgres(); postgres {
				e.Setenv("POSTGRES", dbtest.Config(t, db.Postgres).URL)
			}
			return nil
		},
		Condition: func(cond string) (bool, error) {
			return cond == "postgres" && (os.Getenv("CI") != "" || hasPostgres()), nil
		},
	})
}

func hasPostgres() bool {
	out, err := exec.Command("/bin/sh", "-c", "ls /usr/lib/postgresql/*/bin/postgres || command -v postgres").Output()
	return err == nil && len(out) > 0
}

// running are the processes that scripts have opened.
var running sync.Map // *testscript.TestScript → *exec.Cmd

// openCommand is "open ARGS…": it starts the program and waits until it is
// ready; $HALL is its address from then on, and stderr goes to hall.err.
func openCommand(ts *testscript.TestScript, neg bool, args []string) {
	cmd := exec.Command("guildhall", args...)
	path, err := exec.LookPath("guildhall")
	ts.Check(err)
	cmd.Path = path
	cmd.Dir = ts.Getenv("WORK")
	cmd.Env = append(os.Environ(), "GUILDHALL_DATA=")
	errs, err := os.Create(ts.MkAbs("hall.err"))
	ts.Check(err)
	defer errs.Close()
	cmd.Stderr = errs
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	ts.Defer(func() { _ = cmd.Process.Kill() })
	line, err := bufio.NewReader(out).ReadString('\n')
	address, ready := strings.CutPrefix(strings.TrimSpace(line), "ready ")
	if neg == (err == nil && ready) {
		_ = cmd.Wait()
		ts.Fatalf("the hall said %q (%v): %s", line, err, ts.ReadFile("hall.err"))
	}
	if neg {
		_ = cmd.Wait()
		return
	}
	ts.Setenv("HALL", address)
	running.Store(ts, cmd)
}

// shutCommand is "shut": it asks the program to stop and checks that it stops
// well. "! shut" kills it.
func shutCommand(ts *testscript.TestScript, neg bool, _ []string) {
	v, ok := running.LoadAndDelete(ts)
	if !ok {
		ts.Fatalf("no hall is open")
	}
	cmd := v.(*exec.Cmd)
	if neg {
		ts.Check(cmd.Process.Kill())
		_ = cmd.Wait()
		return
	}
	ts.Check(cmd.Process.Signal(syscall.SIGTERM))
	ts.Check(cmd.Wait())
}

// getCommand is "get PATH": the page's body goes to page.txt. "! get" wants a refusal.
func getCommand(ts *testscript.TestScript, neg bool, args []string) {
	path := args[0]
	if strings.HasPrefix(path, "/") {
		path = ts.Getenv("HALL") + path
	}
	client := http.Client{Timeout: 20 * time.Second}
	r, err := client.Get(path)
	ts.Check(err)
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	ts.Check(err)
	// Ports differ from one opening to the next.
	text := strings.ReplaceAll(string(body), ts.Getenv("HALL"), "http://hall")
	ts.Check(os.WriteFile(ts.MkAbs("page.txt"), []byte(text), 0o600))
	if neg == (r.StatusCode == http.StatusOK) {
		ts.Fatalf("GET %s: %s", path, r.Status)
	}
}

// getFromCommand is "getfrom FILE": get, of the path that the file holds.
func getFromCommand(ts *testscript.TestScript, neg bool, args []string) {
	getCommand(ts, neg, []string{strings.TrimSpace(ts.ReadFile(args[0]))})
}

// metricsCommand is "metrics FILE": get, of the metrics whose address FILE tells.
func metricsCommand(ts *testscript.TestScript, neg bool, args []string) {
	_, rest, _ := strings.Cut(ts.ReadFile(args[0]), "Metrics at ")
	address, _, _ := strings.Cut(rest, "\n")
	getCommand(ts, neg, []string{address})
}

// sameCommand is "same A B": the two files hold the same bytes.
func sameCommand(ts *testscript.TestScript, neg bool, args []string) {
	if (ts.ReadFile(args[0]) == ts.ReadFile(args[1])) == neg {
		ts.Fatalf("%s and %s", args[0], args[1])
	}
}

// flipCommand is "flip FILE PART INTO": a copy of a backup with one byte of the
// first part whose name begins with PART changed.
func flipCommand(ts *testscript.TestScript, _ bool, args []string) {
	z, err := zip.OpenReader(ts.MkAbs(args[0]))
	ts.Check(err)
	defer z.Close()
	b := []byte(ts.ReadFile(args[0]))
	for _, f := range z.File {
		if strings.HasPrefix(f.Name, args[1]) {
			at, err := f.DataOffset()
			ts.Check(err)
			b[at+int64(f.CompressedSize64)/2] ^= 0x20
			ts.Check(os.WriteFile(ts.MkAbs(args[2]), b, 0o600))
			return
		}
	}
	ts.Fatalf("no part %s", args[1])
}

// halfCommand is "half FILE INTO": a copy that was cut short.
func halfCommand(ts *testscript.TestScript, _ bool, args []string) {
	b := ts.ReadFile(args[0])
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(b[:len(b)/2]), 0o600))
}

// modeCommand is "mode FILE OCTAL": who may read the file.
func modeCommand(ts *testscript.TestScript, _ bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	if got := fmt.Sprintf("%o", info.Mode().Perm()); got != args[1] {
		ts.Fatalf("%s has mode %s", args[0], got)
	}
}

// noLeftoversCommand finds what a command has left lying about.
func noLeftoversCommand(ts *testscript.TestScript, _ bool, _ []string) {
	list, err := filepath.Glob(ts.MkAbs(".guildhall-*"))
	ts.Check(err)
	if len(list) > 0 {
		ts.Fatalf("left behind: %v", list)
	}
}
