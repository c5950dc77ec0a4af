package app

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadConfig_saysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, file string
		environ    []string
		want       string // part of the error; empty: none
	}{
		{name: "nothing at all"},
		{name: "a file", file: "name = \"Casa\"\ncache_mb = 8\n"},
		{name: "an unknown key", file: "colour = \"red\"\n", want: `no key "colour"`},
		{name: "not TOML", file: "name = \n", want: "guildhall.toml"},
		{name: "environment text", environ: []string{"GUILDHALL_NAME=Casa \"quoted\""}},
		{name: "environment number", environ: []string{"GUILDHALL_CACHE_MB=9", "GUILDHALL_DATA=/x", "GUILDHALL_DATA_DIR=/y"}},
		{name: "environment of no key", environ: []string{"GUILDHALL_COLOUR=red"}, want: "GUILDHALL_COLOUR"},
		{name: "url with a path", file: "url = \"https://a.example/x\"\n", want: "without a path"},
		{name: "another engine", file: "database = \"mysql://x\"\n", want: "postgres://"},
		{name: "mail alone", file: "mail = \"smtp://h:25\"\n", want: "go together"},
		{name: "negative", file: "cache_mb = -1\n", want: "negative"},
		{name: "media from the environment", environ: []string{"GUILDHALL_MEDIA_URL=wss://calls.example", "GUILDHALL_MEDIA_KEY=k", "GUILDHALL_MEDIA_SECRET=s", "GUILDHALL_MEDIA_UDP=9"}},
		{name: "media without keys", file: "[media]\nurl = \"wss://calls.example\"\n", want: "go together"},
		{name: "media in the clear", file: "[media]\nurl = \"ws://calls.example\"\nkey = \"k\"\nsecret = \"s\"\n", want: "wss://"},
		{name: "media's address", file: "media.ip = \"hall.example\"\n", want: "media.ip"},
		{name: "media's port", file: "media.udp = 70000\n", want: "ports"},
		{name: "media's unknown key", file: "media.colour = 1\n", want: "media.colour"},
		{name: "a secret in a file that is not there", file: "database = \"file:/does/not/exist\"\n", want: "/does/not/exist"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if c.file != "" {
				if err := os.WriteFile(filepath.Join(dir, "guildhall.toml"), []byte(c.file), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			_, err := readConfig("", dir, c.environ)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestKeepSecret_staysAndRefusesDamage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, err := keepSecret(dir)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := keepSecret(dir); err != nil || !bytes.Equal(a, b) {
		t.Errorf("the secret changed: %v", err)
	}
	if info, err := os.Stat(filepath.Join(dir, secretFile)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	if err := os.WriteFile(filepath.Join(dir, secretFile), a[:31], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := keepSecret(dir); err == nil {
		t.Error("a damaged secret was used")
	}
}

func TestMain_helps(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"guildhall", "--help"}, {"guildhall", "serve", "--help"}} {
		var out, errs bytes.Buffer
		if code := Main(context.Background(), args, nil, &out, &errs); code != 0 || errs.Len() != 0 || !strings.Contains(out.String(), "--data") {
			t.Errorf("%v: code %d, stdout %q, stderr %q", args, code, out.String(), errs.String())
		}
	}
}

func TestMain_refusesNonsense(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	if code := Main(context.Background(), []string{"guildhall", "dance"}, nil, &out, &errs); code != 2 || errs.Len() == 0 || out.Len() != 0 {
		t.Errorf("code %d, stdout %q, stderr %q", code, out.String(), errs.String())
	}
}
