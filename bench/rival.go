package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"guildhall/internal/web/answer"
)

// sample is an answer of the hall that the rivals give too.
type sample struct {
	Header map[string][]string
	Body   []byte
	Tag    string
}

// sampleOf keeps r, without what the server adds by itself.
func sampleOf(r reply) sample {
	s := sample{Header: map[string][]string{}, Body: r.body, Tag: r.value("Etag")}
	for line := range strings.SplitSeq(r.header, "\r\n") {
		if k, v, ok := strings.Cut(line, ": "); ok && k != "Date" {
			s.Header[k] = []string{v}
		}
	}
	return s
}

// startFloor runs this program again as the barest server there can be.
func startFloor(ctx context.Context, dir string, s sample) (*child, error) {
	b, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "floor.json")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return start(ctx, nil, self, "floor", path)
}

// serveFloor answers every request with the sample: same headers, same bytes,
// and 304 to who has them, on the same server as the hall's.
func serveFloor(path string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var s sample
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	type header struct {
		key    string
		values []string
	}
	var all, few []header
	for k, v := range s.Header {
		all = append(all, header{k, v})
		if k == "Etag" || k == "Vary" || k == "Cache-Control" {
			few = append(few, header{k, v})
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("ready http://%s\n", l.Addr())
	return answer.Server(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		if inm := r.Header["If-None-Match"]; len(inm) > 0 && inm[0] == s.Tag {
			for i := range few {
				h[few[i].key] = few[i].values
			}
			w.WriteHeader(http.StatusNotModified)
			return
		}
		for i := range all {
			h[all[i].key] = all[i].values
		}
		w.Write(s.Body)
	})).Serve(l)
}

const nginxConf = `
worker_processes 2;
daemon off;
pid %[1]s/nginx.pid;
error_log %[1]s/error.log;
events { worker_connections 512; }
http {
	access_log off;
	sendfile on;
	tcp_nopush on;
	keepalive_requests 100000000;
	open_file_cache max=16;
	client_body_temp_path %[1]s/t1; proxy_temp_path %[1]s/t2; fastcgi_temp_path %[1]s/t3;
	uwsgi_temp_path %[1]s/t4; scgi_temp_path %[1]s/t5;
	server {
		listen %[2]s;
		root %[1]s;
		location / { default_type "text/html; charset=utf-8"; add_header Content-Encoding %[3]s; }
	}
}
`

// startNginx serves the sample's bytes as a static file at /page.
func startNginx(ctx context.Context, dir string, s sample) (*child, error) {
	dir = filepath.Join(dir, "nginx")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "page"), s.Body, 0o644); err != nil {
		return nil, err
	}
	// nginx cannot be told to choose a port, so one is found for it.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	addr := l.Addr().String()
	l.Close()
	conf := filepath.Join(dir, "nginx.conf")
	coding := "identity"
	if c := s.Header["Content-Encoding"]; len(c) > 0 {
		coding = c[0]
	}
	if err := os.WriteFile(conf, fmt.Appendf(nil, nginxConf, dir, addr, coding), 0o644); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, "nginx", "-p", dir, "-e", filepath.Join(dir, "error.log"), "-c", conf)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("nginx: %w", err)
	}
	c := &child{cmd, addr}
	for range 100 {
		if r, err := once(addr, asking("GET", "/page", "")); err == nil && r.status == 200 {
			return c, nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	c.stop()
	return nil, fmt.Errorf("nginx does not answer; see %s/error.log", dir)
}
