package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/fault"
)

// The exit codes.
const (
	exitOK     = 0 // it ran
	exitFailed = 1 // it ran, and what it checked does not hold
	exitBroken = 2 // it could not run
	exitUnsure = 3 // it ran, nothing it checked is wrong, and not all of it is proven
)

// Main runs one command line and gives its exit code.
func Main(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	s := &shell{in: stdin, out: stdout, err: stderr, now: time.Now}
	root := s.root() //nolint:contextcheck // cobra hands the context to each command
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	return s.exit(root.ExecuteContext(ctx))
}

// shell is what every command shares.
type shell struct {
	in       io.Reader
	out, err io.Writer
	now      func() time.Time
	options  options
}

// options are those of the root, which all commands understand.
type options struct {
	config, database, bus, dataDir string
}

// failed is an error that means: it ran, and what it checked does not hold.
type failed struct{ text string }

func (f *failed) Error() string { return f.text }

// said is an error that was told already: only its exit code is left.
type said struct{ err error }

func (e *said) Error() string { return e.err.Error() }

func (e *said) Unwrap() error { return e.err }

// misused is an error in the command line itself: the text says how to get help.
type misused struct {
	command string
	err     error
}

func (m *misused) Error() string {
	return fmt.Sprintf("%s\nSee `%s --help`.", strings.TrimSpace(m.err.Error()), m.command)
}

func (m *misused) Unwrap() error { return m.err }

// exit says what went wrong and gives the exit code. This is the one table from kinds of errors to exit codes.
func (s *shell) exit(err error) int {
	if err == nil {
		return exitOK
	}
	code, text := exitBroken, err.Error()
	if _, ok := errors.AsType[*failed](err); ok {
		code = exitFailed
	}
	if _, ok := errors.AsType[*unsure](err); ok {
		code = exitUnsure
	}
	if _, ok := errors.AsType[*said](err); ok {
		return code
	}
	switch {
	case errors.Is(err, context.Canceled):
		text = "stopped before the end"
	case fault.Is(err, fault.Unavailable):
		text += "\nThis may pass: try again in a moment."
	}
	s.complain("jobzero: %s", text)
	return code
}

// complain writes a line to the standard error. What it says may come from a hostile log: control characters are shown.
func (s *shell) complain(format string, args ...any) {
	lines := strings.Split(fmt.Sprintf(format, args...), "\n")
	for i := range lines {
		lines[i] = clean(lines[i])
	}
	_, _ = fmt.Fprintln(s.err, strings.Join(lines, "\n")) // nobody is left to be told
}

// args wraps a check of arguments, so that its error shows the way to the help.
func arguments(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return &misused{cmd.CommandPath(), fault.New(fault.Invalid, "%s", err)}
		}
		return nil
	}
}

// getenv is the environment of the terminal; settings are read by config.
func getenv(name string) string { return os.Getenv(name) }
