package cli_test

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"jobzero/internal/cli"
	"jobzero/internal/notify/notifytest"
)

var update = flag.Bool("update", false, "write what the commands say into the golden parts of the scripts")

// asProgram is the variable that makes the test binary the program, for tests that start it as a process.
const asProgram = "JOBZERO_TEST_AS_PROGRAM"

// atOnce has a program with the race detector end when it ends. It sleeps for a second otherwise, which in hundreds of commands is most
// of the time that the scripts take; a race that was seen is told all the same.
const atOnce = "atexit_sleep_ms=0"

// TestMain lets the test binary be jobzero, when a script calls it by that name or a test asks for it.
func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(cli.Main(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	if err := os.Setenv("GORACE", os.Getenv("GORACE")+" "+atOnce); err != nil {
		panic(err)
	}
	testscript.Main(m, map[string]func(){
		"jobzero": func() {
			ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
			code := cli.Main(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
			stop()
			os.Exit(code)
		},
	})
}

func TestScripts(t *testing.T) {
	post := notifytest.Start(t, nil)
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("NO_COLOR", "1")
			e.Setenv("GORACE", os.Getenv("GORACE"))
			e.Setenv("HOME", e.WorkDir)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"carry":     carry,
			"deeds":     deeds,
			"exits":     exits,
			"habits":    habits,
			"seed":      seed,
			"closings":  closings,
			"paged":     paged,
			"standings": standings,
			"tamper":    tamper,
			"told":      told,
			"coded":     coded,
			"mentions":  mentions,
			"posted":    posted(post),
			"handoffs":  handoffs,
			"changeid":  changeID,
		},
	})
}

// exits runs a command and wants an exit code: exits 2 jobzero replay.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE command args…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		e, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = e.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// tamper changes a database behind the program's back: tamper data/jobzero.db 'delete from …'.
func tamper(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: tamper DATABASE SQL")
	}
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	defer func() { ts.Check(db.Close()) }()
	res, err := db.Exec(args[1])
	ts.Check(err)
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		ts.Fatalf("changed %d rows, %v: the attack hit nothing", n, err)
	}
}
