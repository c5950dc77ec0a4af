package dbtest

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"guildhall/internal/db"
)

// script starts a server in a directory of its own and stops it when standard
// input closes, that is when the test process ends, however it ends.
const script = `set -eu
D=$(mktemp -d); trap 'rm -rf "$D"' EXIT
"$BIN/initdb" -D "$D/data" -U guildhall -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$D/log" 2>&1 || { cat "$D/log" >&2; exit 1; }
mkdir "$D/socket"
"$BIN/postgres" -D "$D/data" -k "$D/socket" -p 54321 -c listen_addresses='' -c fsync=off -c full_page_writes=off \
  -c synchronous_commit=off -c max_connections=200 -c shared_buffers=32MB -c max_wal_senders=0 -c wal_level=minimal \
  -c autovacuum=off -c logging_collector=off >"$D/log" 2>&1 &
P=$!
until "$BIN/pg_isready" -q -h "$D/socket" -p 54321; do
  kill -0 $P 2>/dev/null || { cat "$D/log" >&2; exit 1; }
done
echo "ready $D/socket"
cat >/dev/null || true
kill -INT $P 2>/dev/null || true
wait $P 2>/dev/null || true
`

var server struct {
	once sync.Once
	base string // URL of the maintenance database
	err  error
	next atomic.Int64
}

// postgresURL makes a database of the test's own, a copy of a migrated one.
func postgresURL(t testing.TB) string {
	t.Helper()
	bin := postgresBin()
	if bin == "" {
		missing(t, "PostgreSQL's server binaries are not installed")
	}
	server.once.Do(func() { server.base, server.err = start(bin) })
	if server.err != nil {
		t.Fatalf("dbtest: start PostgreSQL: %v", server.err)
	}
	name := fmt.Sprintf("t%d_%d", os.Getpid(), server.next.Add(1))
	if err := admin("CREATE DATABASE " + name + " TEMPLATE migrated"); err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	t.Cleanup(func() {
		if err := admin("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Errorf("dbtest: %v", err)
		}
	})
	return strings.Replace(server.base, "/postgres?", "/"+name+"?", 1)
}

// postgresBin finds the newest installed server's binaries.
func postgresBin() string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	sort.Strings(found)
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1])
	}
	if p, err := exec.LookPath("postgres"); err == nil {
		return filepath.Dir(p)
	}
	return ""
}

// The pipe's writing end must live as long as the process: when the kernel
// closes it, the server stops.
var keepOpen *os.File

func start(bin string) (base string, err error) {
	cmd := exec.Command("/bin/sh", "-c", script)
	cmd.Env = []string{"BIN=" + bin, "PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TMPDIR=/tmp"}
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: unprivileged()}
	in, w, err := os.Pipe()
	if err != nil {
		return "", err
	}
	keepOpen = w
	cmd.Stdin = in
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	in.Close()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "ready ") {
		return "", fmt.Errorf("the server said %q: %v", line, err)
	}
	q := url.Values{"host": {strings.TrimSpace(strings.TrimPrefix(line, "ready "))}, "port": {"54321"}, "user": {"guildhall"}}
	base = "postgres:///postgres?" + q.Encode()
	return base, template(base)
}

// template migrates the database of which every test gets a copy.
func template(base string) error {
	server.base = base
	if err := admin("CREATE DATABASE migrated"); err != nil {
		return err
	}
	d, err := db.Open(context.Background(), db.Config{URL: strings.Replace(base, "/postgres?", "/migrated?", 1), Readers: 1})
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Migrate(context.Background())
}

var adminMu sync.Mutex // CREATE DATABASE wants its template for itself

func admin(statement string) error {
	adminMu.Lock()
	defer adminMu.Unlock()
	h, err := sql.Open("pgx", server.base)
	if err != nil {
		return err
	}
	defer h.Close()
	if _, err := h.Exec(statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

// unprivileged is the user under whom PostgreSQL agrees to run when the tests
// run as root.
func unprivileged() *syscall.Credential {
	if os.Getuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err1 == nil && err2 == nil {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		}
	}
	return nil
}
