package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"guildhall/internal/forum"
	"guildhall/internal/lang"
)

// cramped is "guildhall-cramped DIR FROM ARGS…": it puts a small disk over DIR,
// for itself alone, with what FROM holds, and then is the program. The disk ends
// with the process, however that ends.
func cramped() {
	dir, from := os.Args[1], os.Args[2]
	err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, "")
	if err == nil {
		err = syscall.Mount("guildhall", dir, "tmpfs", 0, "size=24m,mode=700")
	}
	if err != nil {
		fmt.Println("no disk:", err)
		os.Exit(3)
	}
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		fmt.Println(err)
		os.Exit(4)
	}
	if os.Getenv("CRAMPED") == "full" {
		if err := takeRoom(filepath.Join(dir, "ballast")); err != nil {
			fmt.Println(err)
			os.Exit(5)
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	os.Exit(Main(ctx, append([]string{"guildhall"}, os.Args[3:]...), os.Stdin, os.Stdout, os.Stderr))
}

// apart gives a command mounts of its own; who is not root needs to be root in a
// house of her own for that.
func apart(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	if id := os.Getuid(); id != 0 {
		c.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		c.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: id, Size: 1}}
		c.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
}

// mayMount skips the test on a machine that lets it have no small disk; where
// all must be tried, that is a failure.
func mayMount(t *testing.T) {
	t.Helper()
	c := exec.Command("guildhall-cramped", t.TempDir(), t.TempDir(), "--help")
	apart(c)
	out, err := c.CombinedOutput()
	if err != nil && os.Getenv("CI") != "" {
		t.Fatalf("no disk can be made small here: %v: %s", err, out)
	}
	if err != nil {
		t.Skipf("no disk can be made small here: %v: %s", err, out)
	}
}

// A full disk refuses what is written, keeps what was typed, and shows all there
// is; with room again the same form goes through.
func TestDiskFull_readsGoOn(t *testing.T) {
	t.Parallel()
	mayMount(t)
	from, dir := t.TempDir(), t.TempDir()
	guests, talk := furnish(t, from, defaults(), 6)
	p := begin(t, apart, "guildhall-cramped", dir, from, "serve", "--data", dir, "--listen", "localhost:0")
	inside := fmt.Sprintf("/proc/%d/root%s", p.cmd.Process.Pid, dir)
	page := "/discussions/" + string(talk) + "/what-is-kept"
	kept := newReply("Written while there was room.")
	if status, body, err := kept.send(guests[0], p, talk); err != nil || status != http.StatusSeeOther {
		t.Fatalf("%d %v %.300s", status, err, body)
	}

	if err := takeRoom(filepath.Join(inside, "ballast")); err != nil {
		t.Fatal(err)
	}
	done, lost, body := writeUntilRefused(t, p, guests, talk)
	l, _ := lang.Parse("en")
	if !strings.Contains(html.UnescapeString(body), l.T("db.disk_full")) {
		t.Errorf("the page does not say that the disk is full: %.2000s", body)
	}
	if got := html.UnescapeString(body); !strings.Contains(got, lost[0].text) || !strings.Contains(got, lost[0].once) {
		t.Error("what was typed, or the key of its form, is not on the page")
	}
	if status, body := sendPicture(t, p, guests[0]); status != http.StatusServiceUnavailable || !strings.Contains(html.UnescapeString(body), l.T("blob.disk_full")) {
		t.Errorf("a picture was answered with %d: %s", status, body)
	}
	for _, path := range []string{"/", "/discussions", "/discussions?page=2", page, "/search?q=kept", "/feed.atom", "/healthz", kept.to} {
		for _, g := range []*guest{newGuest(""), guests[1]} {
			if status, body, err := g.get(p.url + path); err != nil || status >= 400 && status != http.StatusNotFound {
				t.Errorf("GET %s on a full disk: %d %v %.300s", path, status, err, body)
			}
		}
	}

	if err := os.Remove(filepath.Join(inside, "ballast")); err != nil {
		t.Fatal(err)
	}
	for i, r := range lost {
		if status, body, err := r.send(guests[i%len(guests)], p, talk); err != nil || status != http.StatusSeeOther {
			t.Errorf("with room again: %d %v %.300s", status, err, body)
		}
	}
	if status, _ := sendPicture(t, p, guests[0]); status >= 400 {
		t.Errorf("with room again a picture was answered with %d", status)
	}
	for _, r := range append(done, kept) {
		if status, _, err := guests[2].get(p.url + r.to); err != nil || status >= 400 {
			t.Errorf("%s was acknowledged and is gone: %d %v", r.to, status, err)
		}
	}
	_, shown, err := guests[2].get(p.url + page)
	if err != nil || strings.Count(shown, kept.text) != 1 || strings.Count(shown, lost[0].text[:40]) != 1 {
		t.Errorf("kept %d times, written again %d times, %v", strings.Count(shown, kept.text), strings.Count(shown, lost[0].text[:40]), err)
	}
	p.stop(t)
}

// takeRoom takes all room there is.
func takeRoom(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	for _, size := range []int{1 << 20, 4096, 1} {
		b := make([]byte, size)
		for err = nil; err == nil; {
			_, err = f.Write(b)
		}
		if !errors.Is(err, syscall.ENOSPC) {
			return err
		}
	}
	return nil
}

// writeUntilRefused writes until the room inside the database's own files is
// used up as well. Each guest has a form that was refused.
func writeUntilRefused(t *testing.T, p *process, guests []*guest, talk forum.DiscussionID) (done, lost []*answered, body string) {
	t.Helper()
	for i := range 30 {
		for j, g := range guests {
			r := newReply(fmt.Sprintf("Reply %d of guest %d to a full disk. %s", i, j, strings.Repeat(" And more of it.", 1500)))
			status, page, err := r.send(g, p, talk)
			switch {
			case err == nil && status == http.StatusSeeOther:
				done = append(done, r)
				continue
			case err != nil || status != http.StatusServiceUnavailable:
				t.Fatalf("a full disk answers %d %v %.300s", status, err, page)
			}
			if lost = append(lost, r); len(lost) == 1 {
				body = page
			}
		}
		if len(lost) >= len(guests) {
			return done, lost, body
		}
		lost = nil
	}
	t.Fatal("a full disk takes everything")
	return nil, nil, ""
}

// Started anew on a full disk, the hall still lets read.
func TestDiskFull_opensForReading(t *testing.T) {
	t.Parallel()
	mayMount(t)
	from, dir := t.TempDir(), t.TempDir()
	guests, talk := furnish(t, from, defaults(), 1)
	full := func(c *exec.Cmd) { apart(c); c.Env = append(os.Environ(), "CRAMPED=full") }
	p := begin(t, full, "guildhall-cramped", dir, from, "serve", "--data", dir, "--listen", "localhost:0")
	for _, path := range []string{"/", "/discussions/" + string(talk) + "/what-is-kept", "/healthz"} {
		if status, body, err := guests[0].get(p.url + path); err != nil || status != http.StatusOK {
			t.Errorf("GET %s: %d %v %.300s", path, status, err, body)
		}
	}
	writeUntilRefused(t, p, guests, talk) // the reserve has left some room
	p.stop(t)
}

func sendPicture(t *testing.T, p *process, g *guest) (status int, body string) {
	t.Helper()
	var form, picture bytes.Buffer
	if err := png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 300, 200))); err != nil {
		t.Fatal(err)
	}
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("picture", "a.png")
	if err == nil {
		_, err = io.Copy(part, &picture)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	status, _, body, err = g.send("POST", p.url+"/pictures", w.FormDataContentType(), &form)
	if err != nil {
		t.Fatal(err)
	}
	return status, body
}
