//go:build browser && calls

package browser

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// A hall, and two homes behind routers, each a network of its own on this machine: what
// networks do to calls, they do here. Only root may make them.
const (
	hallAt   = "203.0.113.10" // no private address: the relay reaches none
	hallName = "hall.test"
	hallPort = "8080"
)

// networks are those of one test, by what their names begin with.
type networks struct {
	t    *testing.T
	mark string
}

// run does something as root, and fails the test when it does not go.
func (n networks) run(line string) {
	n.t.Helper()
	f := strings.Fields(strings.ReplaceAll(line, "@", n.mark))
	if said, err := exec.Command(f[0], f[1:]...).CombinedOutput(); err != nil {
		n.t.Fatalf("%s: %v: %s", line, err, said)
	}
}

// lay makes the networks: the two homes reach the hall through one router, by another port
// for each of whom they speak to (a symmetric NAT), and each other not at all; of their
// packets some are lost.
func lay(t *testing.T, rules string) networks {
	t.Helper()
	if os.Getuid() != 0 {
		t.Fatal("networks of one's own are made by root only")
	}
	if _, err := exec.LookPath("nft"); err != nil {
		t.Fatal("a router needs nft: apt-get install nftables")
	}
	n := networks{t, fmt.Sprintf("gh%d.%d-", os.Getpid(), visitors.Add(1))}
	for _, name := range []string{"net", "hall", "a", "b"} {
		n.run("ip netns add @" + name)
		t.Cleanup(func() { n.run("ip netns del @" + name) })
		n.run("ip -n @" + name + " link set lo up")
	}
	for name, at := range map[string][2]string{"hall": {"203.0.113.1", hallAt}, "a": {"10.1.0.1", "10.1.0.2"}, "b": {"10.2.0.1", "10.2.0.2"}} {
		n.run("ip -n @net link add to-" + name + " type veth peer name eth0 netns @" + name)
		n.run("ip -n @net addr add " + at[0] + "/24 dev to-" + name)
		n.run("ip -n @" + name + " addr add " + at[1] + "/24 dev eth0")
		n.run("ip -n @net link set to-" + name + " up")
		n.run("ip -n @" + name + " link set eth0 up")
		n.run("ip -n @" + name + " route add default via " + at[0])
	}
	n.run("ip netns exec @net sysctl -qw net.ipv4.ip_forward=1")
	n.filter(rules)
	return n
}

// filter says what the router does beside translating addresses.
func (n networks) filter(rules string) {
	n.t.Helper()
	f := filepath.Join(n.t.TempDir(), "rules.nft")
	text := `flush ruleset
table ip far {
	chain out { type nat hook postrouting priority srcnat; oifname "to-hall" masquerade fully-random; }
	chain between { type filter hook forward priority filter; policy drop;
		` + rules + `
		iifname "to-hall" accept
		oifname "to-hall" accept
	}
}`
	if err := os.WriteFile(f, []byte(text), 0o600); err != nil {
		n.t.Fatal(err)
	}
	n.run("ip netns exec @net nft -f " + f)
}

// opens starts a hall in its network, on a directory: empty, or with people in it.
func (n networks) opens() *hall { return n.opensOn(filepath.Join(n.t.TempDir(), "hall")) }

func (n networks) opensOn(dir string) *hall {
	n.t.Helper()
	h, stop, err := startAt(n.t.TempDir(), []string{"GUILDHALL_URL=http://" + hallName + ":" + hallPort, "GUILDHALL_MEDIA_IP=" + hallAt},
		"ip", "netns", "exec", n.mark+"hall", program(), "serve", "--listen", hallAt+":"+hallPort, "--data", dir)
	if err != nil {
		n.t.Fatal(err)
	}
	n.t.Cleanup(stop)
	return h
}

// lives opens a browser in one of the homes, and lets its owner join.
func (n networks) lives(h *hall, home string) *visitor {
	n.t.Helper()
	p := n.visits(h, home)
	p.joins()
	p.enrolls()
	return p
}

// visits opens a browser in one of the homes.
func (n networks) visits(h *hall, home string) *visitor {
	n.t.Helper()
	program := filepath.Join(n.t.TempDir(), "chromium")
	line := "#!/bin/sh\nexec ip netns exec " + n.mark + home + " chromium \"$@\"\n"
	if err := os.WriteFile(program, []byte(line), 0o700); err != nil {
		n.t.Fatal(err)
	}
	ctx, stop := launch(n.t.TempDir(), chromedp.ExecPath(program), chromedp.Flag("host-resolver-rules", "MAP "+hallName+" "+hallAt),
		chromedp.Flag("unsafely-treat-insecure-origin-as-secure", h.url)) // there is no certificate for it
	n.t.Cleanup(stop)
	return h.meet(n.t, ctx)
}

// talks lets one call the other, and waits until sound and pictures go both ways.
func (n networks) talks(h *hall) (ana, bo *visitor) {
	n.t.Helper()
	ana, bo = n.lives(h, "a"), n.lives(h, "b")
	toBo := connected(ana, bo)
	bo.opensMessages()
	bo.until("it listens", `document.documentElement.dataset.line`)
	ana.visit("/people/" + toBo)
	ana.press("Call")
	bo.until("it rings", `document.querySelector('.rings')`)
	bo.click(`document.querySelector('.rings a')`, "Answer")
	for _, p := range []*visitor{ana, bo} {
		p.call("talking")
		p.until("it is sealed", callPage+`.dataset.sealed==='true'`)
		p.press("Camera")
	}
	ana.flows(true)
	bo.flows(true)
	return ana, bo
}

// soundGoes waits until the sound of somebody is known to take a way.
func (p *visitor) soundGoes(way string) {
	p.t.Helper()
	p.until("sound goes "+way, callPage+`.stage.talk.way().then(w=>w===`+quote(way)+`)`)
}

const lossy = `meta l4proto udp numgen random mod 100 < 3 drop`

// TestFar_lossBehindRouters: both sit behind a router that gives each of their ways another
// port, and three packets of a hundred are lost.
func TestFar_lossBehindRouters(t *testing.T) {
	n := lay(t, lossy)
	ana, bo := n.talks(n.opens())
	for _, p := range []*visitor{ana, bo} {
		p.soundGoes("direct")
		for range 5 {
			p.flows(true)
		}
	}
	ana.press("Hang up")
	bo.call("ended")
}

// TestFar_otherNetwork: in mid-call one comes to another network, where no packet of the old
// one arrives: both hear each other again, by themselves.
func TestFar_otherNetwork(t *testing.T) {
	n := lay(t, "")
	h := n.opens()
	ana, bo := n.talks(h)
	for _, p := range []*visitor{ana, bo} {
		p.excuse(h.url) // for a moment there is no network
	}
	cut := time.Now()
	n.run("ip -n @b addr flush dev eth0")
	n.run("ip -n @b addr add 10.2.0.77/24 dev eth0")
	n.run("ip -n @b route add default via 10.2.0.1")
	ana.flows(true)
	bo.flows(true)
	took := time.Since(cut)
	t.Logf("both hear and see each other again after %.1f s", took.Seconds())
	if took > 8*time.Second { // the browser alone would take fifteen
		t.Error("the line was not taken up at once")
	}
}

// TestFar_noUDP: one sits where no UDP comes through.
func TestFar_noUDP(t *testing.T) {
	n := lay(t, `iifname "to-b" meta l4proto udp drop`)
	ana, bo := n.talks(n.opens())
	bo.soundGoes("tcp")
	ana.soundGoes("direct")
}

// TestFar_relayOnly: one sits where nothing comes through but the pages and the relay.
func TestFar_relayOnly(t *testing.T) {
	n := lay(t, `iifname "to-b" udp dport != 3478 drop
		iifname "to-b" tcp dport != `+hallPort+` drop`)
	_, bo := n.talks(n.opens())
	bo.soundGoes("relay")
}
