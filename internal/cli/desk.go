package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/user"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/internal/config"
	"jobzero/internal/fault"
	"jobzero/internal/playbook"
	"jobzero/internal/store"
	"jobzero/internal/triage"
)

// maxList is the longest list of a command; what is older is not shown, and it is said.
const maxList = 10_000

// with opens the store that serve uses, does its work and closes it. Looking does not make a database: a mistyped folder
// would otherwise look like an empty one.
func (s *shell) with(ctx context.Context, do func(*store.Store) error) error {
	c, err := s.settings()
	if err != nil {
		return err
	}
	if file, ok := strings.CutPrefix(c.DatabaseURL().Reveal(), "sqlite://"); ok {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return fault.New(fault.NotFound, "there is no database %s: start `jobzero serve` first, or say where it is with --config, --data-dir or --database", file)
		}
	}
	return s.open(ctx, c, do)
}

// open opens the store of the settings, making it when it is not there.
func (s *shell) open(ctx context.Context, c config.Config, do func(*store.Store) error) (err error) {
	st, err := store.Open(ctx, c.DatabaseURL().Reveal())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	return do(st)
}

func triageStore(st *store.Store) triage.Store {
	return store.In(st, func(tx *store.Tx) triage.Tx { return tx })
}

func playbookStore(st *store.Store) playbook.Store {
	return store.In(st, func(tx *store.Tx) playbook.Tx { return tx })
}

// view reads on one unchanging state of the database.
func view[T any](ctx context.Context, st *store.Store, read func(*store.Tx) (T, error)) (T, error) {
	var out T
	err := st.View(ctx, func(tx *store.Tx) error {
		var err error
		out, err = read(tx)
		return err
	})
	return out, err
}

// order is what a person who changes something has to say.
type order struct{ person, reason string }

func (o *order) flags(c *cobra.Command) {
	c.Flags().StringVar(&o.person, "as", "", "your `NAME`, as the timeline shows it (default: the user of this machine)")
	c.Flags().StringVar(&o.reason, "reason", "", "`TEXT` that says why, as the timeline shows it")
	if err := c.MarkFlagRequired("reason"); err != nil {
		panic(err) // the flag was made the line before
	}
}

// settle fills in what was left out and refuses what says nothing.
func (o *order) settle() error {
	o.reason, o.person = strings.TrimSpace(o.reason), strings.TrimSpace(o.person)
	if o.reason == "" {
		return fault.New(fault.Invalid, "--reason is empty: say why, others will read it")
	}
	if o.person == "" {
		u, err := user.Current()
		if err != nil || u.Username == "" {
			return fault.New(fault.Invalid, "this machine does not say who you are: use --as NAME")
		}
		o.person = u.Username
	}
	if strings.ContainsFunc(o.person+o.reason, unsafe) {
		return fault.New(fault.Invalid, "--as and --reason take one line of plain text")
	}
	return nil
}

// pick finds the one thing that is named by its whole name, its beginning or its end. New names share their beginning, so
// that the end is the handy part.
func pick(what, name string, all []string) (string, error) { return pickOf(what, what, name, all) }

// pickOf is pick where the command that lists them has another name.
func pickOf(what, command, name string, all []string) (string, error) {
	if slices.Contains(all, name) {
		return name, nil
	}
	var near []string
	lower := strings.ToLower(name)
	for _, a := range all {
		if l := strings.ToLower(a); name != "" && (strings.HasPrefix(l, lower) || strings.HasSuffix(l, lower)) {
			near = append(near, a)
		}
	}
	switch len(near) {
	case 1:
		return near[0], nil
	case 0:
		return "", fault.New(fault.NotFound, "there is no %s %q: `jobzero %s list` shows them", what, name, command)
	}
	more := ""
	if len(near) > 5 {
		near, more = near[:5], " …"
	}
	return "", fault.New(fault.Invalid, "%q means more than one %s: %s%s; write more of it", name, what, strings.Join(near, ", "), more)
}

// names are the names of things.
func names[T any](all []T, name func(T) string) []string {
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = name(v)
	}
	return out
}

// limit adds --limit to a command that lists.
func limit(c *cobra.Command, n *int, what string) {
	c.Flags().IntVar(n, "limit", 200, "the most "+what+" (`N`) to list, newest first")
}

// checkLimit refuses limits that make no sense.
func checkLimit(n int) error {
	if n < 1 || n > maxList {
		return fault.New(fault.Invalid, "--limit %d: want 1 to %d", n, maxList)
	}
	return nil
}

// told says that a list may go on.
func (s *shell) told(got, limit int, what string) {
	if got == limit {
		s.complain("jobzero: only the newest %d %s are shown: --limit shows more", limit, what)
	}
}
