//go:build browser

package browser

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// engine is a browser of another make, driven by the WebDriver commands that
// WebKit takes over HTTP and Firefox over a socket of its own.
type engine interface {
	// call gives what the command answers.
	call(command string, params map[string]any) (json.RawMessage, error)
}

// spawn starts a program with children of its own and ends them all with the test.
func spawn(t *testing.T, said io.Writer, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = said, said
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) // it may have ended by itself
		_ = cmd.Wait()
	})
}

// webkit speaks to WebKitWebDriver.
type webkit struct{ at string }

// paths are the commands' places in the WebDriver protocol.
var paths = map[string]string{
	"WebDriver:Navigate": "/url", "WebDriver:ExecuteScript": "/execute/sync",
	"WebDriver:ElementClick": "/element/%s/click", "WebDriver:ElementSendKeys": "/element/%s/value",
}

func openWebKit(t *testing.T) engine {
	t.Helper()
	said := &journal{}
	port := freePort(t)
	spawn(t, said, "xvfb-run", "-a", "WebKitWebDriver", "--port="+port)
	w := &webkit{"http://localhost:" + port}
	var made struct{ SessionID string }
	awaitEngine(t, "WebKitWebDriver answers", said, func() error {
		v, err := w.post("/session", map[string]any{"capabilities": map[string]any{}})
		if err != nil {
			return err
		}
		return json.Unmarshal(v, &made)
	})
	w.at += "/session/" + made.SessionID
	t.Cleanup(func() {
		r, _ := http.NewRequest(http.MethodDelete, w.at, nil)
		if a, err := http.DefaultClient.Do(r); err == nil {
			a.Body.Close()
		}
	})
	return w
}

func (w *webkit) call(command string, params map[string]any) (json.RawMessage, error) {
	path := paths[command]
	if strings.Contains(path, "%s") {
		path = fmt.Sprintf(path, params["id"])
	}
	return w.post(path, params)
}

func (w *webkit) post(path string, params map[string]any) (json.RawMessage, error) {
	b, err := json.Marshal(params)
	if err != nil {
		return nil, err
	}
	a, err := http.Post(w.at+path, "application/json", bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	defer a.Body.Close()
	var answer struct{ Value json.RawMessage }
	if err := json.NewDecoder(a.Body).Decode(&answer); err != nil {
		return nil, err
	}
	if a.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", path, answer.Value)
	}
	return answer.Value, nil
}

// marionette speaks to Firefox over its own socket: "LENGTH:[0, id, command, params]".
type marionette struct {
	line net.Conn
	in   *bufio.Reader
	id   int
}

// openFirefox starts Firefox; more are further lines of its preferences.
func openFirefox(t *testing.T, more ...string) engine {
	t.Helper()
	said, profile := &journal{}, t.TempDir()
	prefs := `user_pref("marionette.port", 0); user_pref("app.update.enabled", false); user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("browser.shell.checkDefaultBrowser", false); user_pref("network.captive-portal-service.enabled", false); user_pref("network.connectivity-service.enabled", false);` + "\n" + strings.Join(more, "\n")
	if err := os.WriteFile(filepath.Join(profile, "user.js"), []byte(prefs), 0o600); err != nil {
		t.Fatal(err)
	}
	spawn(t, said, "firefox-esr", "--headless", "--marionette", "--no-remote", "--profile", profile)
	m := &marionette{}
	awaitEngine(t, "Firefox answers", said, func() error {
		port, err := os.ReadFile(filepath.Join(profile, "MarionetteActivePort"))
		if err != nil {
			return err
		}
		m.line, err = net.DialTimeout("tcp", "localhost:"+strings.TrimSpace(string(port)), time.Second)
		return err
	})
	t.Cleanup(func() { m.line.Close() })
	m.in = bufio.NewReader(m.line)
	if _, err := m.read(); err != nil { // its greeting
		t.Fatal(err)
	}
	if _, err := m.call("WebDriver:NewSession", map[string]any{}); err != nil {
		t.Fatal(err)
	}
	return m
}

func (m *marionette) read() (b []byte, err error) {
	n, err := m.in.ReadString(':')
	if err != nil {
		return nil, err
	}
	length, err := strconv.Atoi(strings.TrimSuffix(n, ":"))
	if err != nil {
		return nil, err
	}
	b = make([]byte, length)
	_, err = io.ReadFull(m.in, b)
	return b, err
}

func (m *marionette) call(command string, params map[string]any) (json.RawMessage, error) {
	m.id++
	b, err := json.Marshal([]any{0, m.id, command, params})
	if err != nil {
		return nil, err
	}
	if _, err := fmt.Fprintf(m.line, "%d:%s", len(b), b); err != nil {
		return nil, err
	}
	if b, err = m.read(); err != nil {
		return nil, err
	}
	var answer [4]json.RawMessage
	if err := json.Unmarshal(b, &answer); err != nil {
		return nil, err
	}
	if string(answer[2]) != "null" {
		return nil, fmt.Errorf("%s: %s", command, answer[2])
	}
	var result struct{ Value json.RawMessage }
	if json.Unmarshal(answer[3], &result) != nil { // cookies come as they are
		return answer[3], nil
	}
	return result.Value, nil
}
