package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"time"

	"jobzero/internal/ticket"
	"jobzero/test/world"
)

// show is the demo under way.
type show struct {
	program, logs, dir string
	began              time.Time
	world              *world.World
	house              *world.House
	offences           []world.Offence
	tickets            []ticket.Ticket
}

func say(format string, args ...any) { fmt.Printf(format+"\n", args...) }

func title(n int, text string) { say("\n%d. %s", n, text) }

// raise starts the emulator and the house.
func (s *show) raise(ctx context.Context) error {
	title(1, "An AWS emulator with two accounts, and jobzero in enforce mode beside it")
	var err error
	if s.world, err = world.New(ctx); err != nil {
		return fmt.Errorf("start the AWS emulator: %w", err)
	}
	say("   emulator  %s   production %s, sandbox %s", s.world.AWS.Endpoint, world.Prod, world.Sandbox)
	if s.house, err = s.world.House(ctx, world.Options{Program: s.program, Dir: s.dir, Enforce: true}); err != nil {
		return err
	}
	if err := s.house.Start(ctx); err != nil {
		return err
	}
	say("   jobzero   http://%s   data in %s", s.house.Address, s.dir)
	return nil
}

// replay reads the sample logs with the built-in rules.
func (s *show) replay(ctx context.Context) error {
	title(2, "What happened? A folder of CloudTrail logs, read with the built-in rules")
	say("   $ jobzero replay %s\n", "test/demo/logs")
	cmd := exec.CommandContext(ctx, s.program, "replay", s.logs)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stdout
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("jobzero replay: %w", err)
	}
	return nil
}

// offend makes the three mistakes and tells the bus of each.
func (s *show) offend(ctx context.Context) error {
	title(3, "Three things go wrong, through the real API")
	for _, do := range []func() (world.Offence, error){
		func() (world.Offence, error) { return s.world.PublicBucket(ctx, world.Prod, "storefront-orders") },
		func() (world.Offence, error) { return s.world.OpenSSH(ctx, world.Sandbox, "build-hosts") },
		func() (world.Offence, error) { return s.world.LeakedKey(ctx, world.Prod, "deploy-bot") },
	} {
		o, err := do()
		if err != nil {
			return err
		}
		if err := s.world.Tell(ctx, o.Record); err != nil {
			return err
		}
		say("   %s  %-52s in account %s", time.Now().UTC().Format("15:04:05.000"), o.Title, o.Subject.Account)
		s.offences = append(s.offences, o)
	}
	return nil
}

// settle waits until each offence has a closed ticket and the world itself is right again.
func (s *show) settle(ctx context.Context) error {
	title(4, "Nobody does anything")
	ctx, cancel := context.WithTimeout(ctx, 90*time.Second)
	defer cancel()
	for _, o := range s.offences {
		t, err := s.house.WaitClosed(ctx, o.Subject)
		if err != nil {
			return fmt.Errorf("%s: %w", o.Title, err)
		}
		ok, seen, err := o.Mended(ctx)
		if err != nil {
			return fmt.Errorf("look at %s: %w", o.Subject, err)
		}
		if !ok {
			return fmt.Errorf("ticket %s is closed, and %s is not mended: %s", t.ID, o.Subject, seen)
		}
		s.tickets = append(s.tickets, t)
		say("   %s  mended and closed: %s", t.Clocks.Closed.UTC().Format("15:04:05.000"), o.Title)
	}
	return nil
}

// tell prints the timelines and the summary.
func (s *show) tell(ctx context.Context) error {
	title(5, "What jobzero did, from its own timelines")
	for _, t := range s.tickets {
		text, err := s.house.Run(ctx, "ticket", "show", string(t.ID), "--config", "jobzero.yaml")
		if err != nil {
			return err
		}
		say("\n%s", text)
	}
	text, err := s.house.Run(ctx, "audit", "verify", "--config", "jobzero.yaml")
	if err != nil {
		return err
	}
	title(6, "Summary")
	say("   audit chain: %s", text)
	for _, t := range s.tickets {
		c := t.Clocks
		say("   %-58s detected to contained %6s   to verified %6s   to closed %6s", t.Title,
			span(c.Detected, c.Contained), span(c.Detected, c.Verified), span(c.Detected, c.Closed))
	}
	say("   %d offences, %d tickets closed by software, 0 people asked, %s in all", len(s.offences), len(s.tickets), time.Since(s.began).Round(100*time.Millisecond))
	return nil
}

func span(a, b time.Time) string { return b.Sub(a).Round(10 * time.Millisecond).String() }

// wait keeps everything running until it is interrupted.
func (s *show) wait(ctx context.Context) error {
	say("\nDEMO_KEEP=1: still running. Look around, then press Ctrl-C:")
	say("   cd %s && %s ticket list --config jobzero.yaml", s.dir, s.program)
	say("   curl http://%s/metrics", s.house.Address)
	<-ctx.Done()
	return nil
}

// tidy ends what was started. The folder stays when the demo was kept.
func (s *show) tidy(keep bool) {
	if s.house != nil {
		_ = s.house.Stop()
	}
	if s.world != nil {
		_ = s.world.Stop()
	}
	if !keep {
		_ = os.RemoveAll(s.dir)
	}
}
