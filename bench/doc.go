// Bench measures the hall and prints one figure a line: name, value, unit.
//
// It fills a hall with synthetic people and posts (kept between runs in
// build/bench), starts the built program on a port of the kernel's choice, and
// beside it, on the same machine in the same minutes, nginx with the same bytes
// in a file and a bare net/http handler that writes the same bytes under the
// same headers. CPU is what the kernel says each process used; a ratio is the
// median over interleaved rounds. On a shared machine only ratios mean much.
//
//	make bench                    the figures of docs/OPERATING.md, some minutes
//	go run ./bench -posts 5000    a small hall, for a quick look
//	go run ./bench -only 304      figures whose names match
package main
