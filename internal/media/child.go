package media

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"
)

// child is the process.
type child struct {
	cmd   *exec.Cmd
	input io.WriteCloser
	web   string        // known once it is ready
	relay string        // likewise; "": it has none for what comes inside TLS
	ready chan struct{} // closed when it answers
	ended chan struct{} // closed when it is no more
	said  lastWords
}

// memory bounds what the child's collector lets lie.
const memory = "GOMEMLIMIT=512MiB"

// endWithin is how long a child has to end by itself.
const endWithin = 3 * time.Second

func start(c Config) (*child, error) {
	program := c.Program
	if program == "" {
		var err error
		if program, err = os.Executable(); err != nil {
			return nil, err
		}
	}
	orders, err := json.Marshal(c.Orders)
	if err != nil {
		return nil, err
	}
	p := &child{cmd: exec.Command(program, "media"), ready: make(chan struct{}), ended: make(chan struct{})}
	p.cmd.Env = []string{memory, "PATH=" + os.Getenv("PATH"), "TMPDIR=" + os.Getenv("TMPDIR")} // no secret of the hall's
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}                                    // a Ctrl-C is the hall's
	p.cmd.Stderr = &p.said
	p.cmd.WaitDelay = endWithin
	if p.input, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	_, _ = p.input.Write(append(orders, '\n')) // a child that does not read it does not live long
	go p.listen(out)
	return p, nil
}

// listen waits for the word of the child, and for its end.
func (p *child) listen(out io.Reader) {
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if ports, ok := strings.CutPrefix(lines.Text(), ready); ok && p.web == "" {
			web, relay, _ := strings.Cut(ports, " ")
			p.web = "http://127.0.0.1:" + web
			if relay != "0" {
				p.relay = "127.0.0.1:" + relay
			}
			close(p.ready)
		}
	}
	_ = p.cmd.Wait() // why, it has said
	close(p.ended)
}

func (p *child) answered() bool {
	select {
	case <-p.ready:
		return true
	default:
		return false
	}
}

// end lets the child end, and ends it when it does not.
func (p *child) end() {
	_ = p.input.Close()
	t := time.NewTimer(endWithin)
	defer t.Stop()
	select {
	case <-p.ended:
	case <-t.C:
		_ = p.cmd.Process.Kill()
		<-p.ended
	}
}

// cause is why it ended, without anything that names somebody.
func (p *child) cause() string {
	why := p.cmd.ProcessState.String()
	if said := p.said.reason(); said != "" {
		why += ": " + said
	}
	return why
}

// lastWords keeps the line by which a process says why it ends. Whatever else is written
// there is not kept.
type lastWords struct {
	mu   sync.Mutex
	line string
}

const longestLine = 300

var (
	telling = regexp.MustCompile(`(?m)^(guildhall: |panic: |fatal error: ).*$`)
	naming  = regexp.MustCompile(`\d+\.\d+\.\d+\.\d+|([0-9a-fA-F]{0,4}:){2,}[0-9a-fA-F.]*`)
)

func (l *lastWords) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if line := telling.Find(b); line != nil {
		l.line = naming.ReplaceAllString(string(line[:min(len(line), longestLine)]), "…")
	}
	return len(b), nil
}

func (l *lastWords) reason() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.line
}
