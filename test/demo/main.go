// Command demo shows the whole road: logs are read, three offences are made through the real API, and jobzero settles them.
//
// It is: the driver of `make demo`, outside the product.
// It takes: the program to show, built before.
// It gives: what happened, step by step, a summary, and exit 0; or what failed, and exit 1.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"jobzero/test/world"
)

func main() {
	program := flag.String("program", "bin/jobzero", "the jobzero binary to show")
	logs := flag.String("logs", "test/demo/logs", "the sample logs to read first")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *program, *logs, os.Getenv("DEMO_KEEP") == "1"); err != nil {
		fmt.Fprintln(os.Stderr, "\nThe demo failed:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, program, logs string, keep bool) error {
	program, err := filepath.Abs(program)
	if err != nil {
		return err
	}
	logs, err = filepath.Abs(logs)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "jobzero-demo-")
	if err != nil {
		return err
	}
	s := show{program: program, logs: logs, dir: dir, began: time.Now()}
	defer s.tidy(keep)
	for _, act := range []func(context.Context) error{s.raise, s.replay, s.offend, s.settle, s.tell} {
		if err := act(ctx); err != nil {
			return errors.Join(err, s.hint())
		}
	}
	if keep {
		return s.wait(ctx)
	}
	return nil
}

// hint says where to look when an act failed.
func (s *show) hint() error {
	if s.house == nil {
		return nil
	}
	return fmt.Errorf("the end of its log:\n%s", world.Tail(s.house.Log(), 30))
}
