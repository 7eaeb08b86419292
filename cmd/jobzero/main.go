// Command jobzero runs security operations for an AWS organisation.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"jobzero/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the first signal asks for a clean stop; a second one ends the process at once
	os.Exit(cli.Main(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
