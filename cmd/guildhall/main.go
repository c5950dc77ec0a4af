// Command guildhall is the hall: server, importer, backup and command-line
// client in one program. See guildhall --help.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"guildhall/internal/app"
	"guildhall/internal/media/server"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	app.MediaServer = server.Serve // linked here alone: it is half of the program
	os.Exit(app.Main(ctx, os.Args, os.Stdin, os.Stdout, os.Stderr))
}
