package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/app"
	"jobzero/internal/config"
	"jobzero/internal/fault"
	"jobzero/internal/oncall"
	"jobzero/internal/org"
	"jobzero/internal/store"
)

func (s *shell) oncall() *cobra.Command {
	return group("oncall", "See who is on duty, change it, prove that somebody always is, and hand over",
		`A rota has sites that are on duty in turns: each shift begins at a fixed instant of UTC and has a primary and a
secondary of the same site. The settings name it in oncall.rota; without it there is a built-in sample, whose people are
made up. What is changed is kept for ever, and nothing can be changed so that nobody is on duty.`,
		`  jobzero oncall who
  jobzero oncall schedule --days 3
  jobzero oncall check
  jobzero oncall override kim --from 2026-12-24T09:00Z --until 2026-12-24T12:00Z --reason "the train is late"
  jobzero oncall handoff accept security-20261223T0900Z`,
		s.oncallWho(), s.oncallSchedule(), s.oncallCheck(), s.oncallOverride(), s.oncallSwap(), s.oncallTake(), s.oncallLeave(), s.oncallWithdraw(), s.oncallChanges(),
		s.oncallFeed(), s.handoff(), s.pagePolicy("oncall"), s.oncallExample())
}

// rotaFlag adds --rota.
func rotaFlag(c *cobra.Command, into *string) {
	c.Flags().StringVar(into, "rota", "", "the `NAME` of the rota (default: the first one)")
}

// moment is a flag that takes a time.
type moment struct{ time.Time }

// Set reads a time of UTC or with an offset, to the minute or the second; or a day, which is its first instant in UTC.
func (m *moment) Set(word string) error {
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", time.DateOnly} {
		if t, err := time.Parse(form, word); err == nil {
			m.Time = t.UTC()
			return nil
		}
	}
	return fault.New(fault.Invalid, "%q is no time: write it as 2026-12-31T15:00Z", word)
}

// Type is shown in the help.
func (m *moment) Type() string { return "TIME" }

// String is the time chosen.
func (m *moment) String() string {
	if m.IsZero() {
		return ""
	}
	return m.UTC().Format(time.RFC3339)
}

func (m *moment) or(t time.Time) time.Time {
	if m.IsZero() {
		return t.UTC()
	}
	return m.Time
}

// watch loads what texts say of who is on duty, and says when it is the sample.
func (s *shell) watch(file string) (config.Config, app.Watch, error) {
	c, err := s.settings()
	if err != nil {
		return c, app.Watch{}, err
	}
	if file != "" {
		c.OnCall.Rota = file
	}
	people, err := loaded(c.Org, wantOrg, org.Parse)
	if err != nil {
		return c, app.Watch{}, err
	}
	rotas, err := app.Rotas(c, people)
	if err != nil {
		return c, app.Watch{}, err
	}
	if rotas.Sample() {
		s.complain("jobzero: no rota is configured (oncall.rota): this is the built-in sample, whose people are made up")
	}
	return c, app.Watch{Rotas: rotas, People: people}, nil
}

// duties reads who is on duty: by the texts, and by the database where there is one.
func (s *shell) duties(ctx context.Context, see func(w app.Watch, tx *store.Tx) error) error {
	c, w, err := s.watch("")
	if err != nil {
		return err
	}
	return s.maybe(ctx, c, func(tx *store.Tx) error { return see(w, tx) })
}

// maybe reads on one unchanging state of the database; where none was ever made, there is none to read.
func (s *shell) maybe(ctx context.Context, c config.Config, see func(tx *store.Tx) error) error {
	if file, ok := strings.CutPrefix(c.DatabaseURL().Reveal(), "sqlite://"); ok {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return see(nil)
		}
	}
	return s.open(ctx, c, func(st *store.Store) error { return st.View(ctx, see) })
}

// plan is a rota with what the database knows of it.
func (s *shell) plan(ctx context.Context, w app.Watch, tx *store.Tx, rota string, from time.Time) (*oncall.Plan, error) {
	if tx == nil {
		return w.Rotas.Plan(rota, oncall.Facts{})
	}
	return w.Plan(ctx, tx, rota, from, s.now())
}

func (s *shell) oncallExample() *cobra.Command {
	return &cobra.Command{
		Use: "example", Short: "Show the text of a rota", Long: "Shows the text of the built-in rota, to begin your own with.",
		Example: "  jobzero oncall example > rota.yaml",
		Args:    arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			_, err := s.out.Write(oncall.SampleText())
			return err
		},
	}
}
