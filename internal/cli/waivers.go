package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/expect/standing"
	"jobzero/internal/org"
	"jobzero/internal/store"
)

func (s *shell) waivers() *cobra.Command {
	return group("waivers", "See what need not be met, until when",
		"A waiver says that something need not be met somewhere for some time, who lives with that and who approved it. The settings name\nthe file of them.",
		"  jobzero waivers list",
		s.waiversList())
}

// waiverLine is one waiver and what it covers.
type waiverLine struct {
	Place        string   `json:"place"`
	ID           string   `json:"id"`
	State        string   `json:"state"` // live or expired
	Expires      string   `json:"expires"`
	Days         int      `json:"days"` // until it ends, or since it did as a negative number
	Expectations []string `json:"expectations"`
	Where        string   `json:"where"`
	Owner        string   `json:"owner"`
	ApprovedBy   string   `json:"approved_by"`
	Reason       string   `json:"reason"`
	Ticket       string   `json:"ticket,omitempty"`
	Waived       int      `json:"waived"` // findings that there would be without it
	Resources    int      `json:"resources"`
}

// soon is how many days before its end a waiver is told to expire.
const soon = 30

func (s *shell) waiversList() *cobra.Command {
	var (
		form format
		file string
	)
	c := &cobra.Command{
		Use:   "list [--waivers FILE] [--format table|json]",
		Short: "List all waivers, with what each covers now",
		Long: `Lists the waivers of the settings, those that end first at the top: whether each is live, who lives with the risk and who approved
it, and how many findings it keeps away now, by what the store of ` + "`jobzero serve`" + ` with the same settings knows.

What an expired waiver covered is found again, and the waiver's owner has a ticket as long as it is wanted.`,
		Example: `  jobzero waivers list
  jobzero waivers list --format json | jq -r 'select(.state == "expired") | .owner'`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return s.runWaivers(cmd.Context(), file, form) },
	}
	form.flag(c)
	c.Flags().StringVar(&file, "waivers", "", "`FILE` of waivers (default: that of the settings)")
	return c
}

func (s *shell) runWaivers(ctx context.Context, file string, form format) error {
	settings, err := s.settings()
	if err != nil {
		return err
	}
	waivers, err := loaded(cmp.Or(file, settings.Waivers), wantWaivers, org.ParseWaivers)
	if err != nil {
		return err
	}
	all := make([]waiverLine, 0, len(waivers.All()))
	for _, w := range waivers.All() {
		all = append(all, lineOf(w, s.now()))
	}
	if len(all) > 0 {
		if err := s.with(ctx, func(st *store.Store) error { return covers(ctx, st, all) }); err != nil {
			return err
		}
	}
	slices.SortStableFunc(all, func(a, b waiverLine) int { return cmp.Compare(a.Days, b.Days) })
	if form == formatJSON {
		return list(s, all)
	}
	return s.waiverTable(all)
}

func lineOf(w org.Waiver, now time.Time) waiverLine {
	const day = 24 * time.Hour
	l := waiverLine{
		Place: w.Place(), ID: w.ID(), State: "live", Expires: w.Expires.String(), Expectations: w.Expectations, Where: where(w), Owner: w.Owner,
		ApprovedBy: w.ApprovedBy, Reason: w.Reason, Ticket: w.Ticket, Days: int(w.Expires.End().Sub(org.DayOf(now).End()) / day),
	}
	if !w.Live(now) {
		l.State = "expired"
	}
	return l
}

// where says where a waiver counts, in the words of its text.
func where(w org.Waiver) string {
	var all []string
	for _, part := range []struct {
		name string
		list []string
	}{
		{"resources", w.Resources}, {"types", w.Types}, {"accounts", w.Accounts}, {"units", w.Units}, {"environments", w.Environments}, {"files", w.Files},
	} {
		if len(part.list) > 0 {
			all = append(all, part.name+" "+strings.Join(part.list, ", "))
		}
	}
	var tags []string
	for k, v := range w.Tags {
		tags = append(tags, k+"="+v)
	}
	if slices.Sort(tags); len(tags) > 0 {
		all = append(all, "tags "+strings.Join(tags, ", "))
	}
	return strings.Join(all, "; ")
}

// covers counts what each waiver keeps away, page by page.
func covers(ctx context.Context, st *store.Store, all []waiverLine) error {
	const page = 1000
	byID := map[string][]int{}
	for i, l := range all {
		if l.State == "live" { // one that expired covers nothing, even where nobody has looked since
			byID[l.ID] = append(byID[l.ID], i)
		}
	}
	for after := ""; ; {
		var rows []standing.Row
		err := st.View(ctx, func(tx *store.Tx) (err error) {
			rows, after, err = tx.StandingsWaived(ctx, after, page)
			return err
		})
		if err != nil {
			return err
		}
		for _, r := range rows {
			counted := map[string]bool{}
			for _, w := range r.Waived {
				for _, i := range byID[w.Waiver] {
					all[i].Waived++
					if !counted[w.Waiver] {
						all[i].Resources++
					}
				}
				counted[w.Waiver] = true
			}
		}
		if len(rows) < page {
			return nil
		}
	}
}

func (s *shell) waiverTable(all []waiverLine) error {
	if len(all) == 0 {
		return s.print("No waivers.")
	}
	t := table{columns: []column{
		{name: "STATE", colour: waiverColour},
		{name: "EXPECTATIONS", give: 2},
		{name: "WHERE", give: 3},
		{name: "OWNER", give: 1},
		{name: "APPROVED BY", give: 1},
		{name: "WAIVED"},
		{name: "PLACE", give: 1},
	}}
	for _, l := range all {
		t.add(state(l), strings.Join(l.Expectations, ", "), l.Where, l.Owner, l.ApprovedBy, fmt.Sprintf("%d on %s", l.Waived, plural(l.Resources, "resource")), l.Place)
	}
	return t.write(s.out)
}

// state says in words how long a waiver counts.
func state(l waiverLine) string {
	switch {
	case l.State == "expired":
		return "expired " + l.Expires
	case l.Days == 0:
		return "expires today"
	case l.Days <= soon:
		return "expires in " + plural(l.Days, "day")
	default:
		return "live until " + l.Expires
	}
}

// waiverColour is red for what has expired and yellow for what soon will.
func waiverColour(cell string) string {
	switch {
	case strings.HasPrefix(cell, "expired"):
		return "31"
	case strings.HasPrefix(cell, "expires"):
		return "33"
	}
	return ""
}
