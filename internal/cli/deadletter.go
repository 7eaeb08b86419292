package cli

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"jobzero/internal/app"
	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/store"
)

func (s *shell) deadletter() *cobra.Command {
	return group("deadletter", "See and replay what could not be read",
		"A dead letter is a record that could not be read: its bytes, where it came from, and why. Nothing is dropped.",
		"  jobzero deadletter list\n  jobzero deadletter show 4ZQX\n  jobzero deadletter replay 4ZQX",
		s.letterList(), s.letterShow(), s.letterReplay())
}

func (s *shell) letterList() *cobra.Command {
	var (
		form   format
		filter event.LetterFilter
		state  string
	)
	c := &cobra.Command{
		Use:   "list",
		Short: "List dead letters, newest first",
		Long:  "Lists the dead letters of the store that `jobzero serve` with the same settings uses, newest first and without their bytes.",
		Example: `  jobzero deadletter list
  jobzero deadletter list --state dead --source eventbridge --format json`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkLimit(filter.Limit); err != nil {
				return err
			}
			filter.State = event.LetterState(state)
			return s.with(cmd.Context(), func(st *store.Store) error {
				found, err := view(cmd.Context(), st, func(tx *store.Tx) ([]event.Letter, error) {
					return tx.Letters(cmd.Context(), filter)
				})
				if err != nil {
					return err
				}
				s.told(len(found), filter.Limit, "dead letters")
				if form == formatJSON {
					return list(s, found)
				}
				return s.letterTable(found)
			})
		},
	}
	form.flag(c)
	words := []string{string(event.Dead), string(event.Replayed)}
	c.Flags().StringVar(&state, "state", "", "only in this `STATE`: "+join(words))
	complete(c, "state", words...)
	c.Flags().StringVar(&filter.Source, "source", "", "only of this `SOURCE`: eventbridge, s3")
	limit(c, &filter.Limit, "dead letters")
	return c
}

func (s *shell) letterTable(found []event.Letter) error {
	if len(found) == 0 {
		return s.print("No dead letters.")
	}
	t := table{columns: []column{
		{name: "LETTER"}, {name: "STATE", colour: stateColour}, {name: "AGE"}, {name: "SIZE"}, {name: "FROM", give: 3}, {name: "REASON", give: 2},
	}}
	for _, l := range found {
		t.add(l.ID, string(l.State), age(l.At, s.now()), letterSize(l), l.Origin.String(), l.Reason)
	}
	return t.write(s.out)
}

func letterSize(l event.Letter) string {
	if l.Size < 0 {
		return "?"
	}
	return size(l.Size)
}

func (s *shell) letterShow() *cobra.Command {
	var (
		form format
		raw  bool
	)
	c := &cobra.Command{
		Use:   "show ID",
		Short: "Show one dead letter with its bytes",
		Long: `Shows why a record could not be read, where it came from, and its bytes. ID may be a beginning or end that no other letter has.

In JSON the bytes are base64. With --raw only the bytes are written, as they came.`,
		Example: `  jobzero deadletter show 4ZQX
  jobzero deadletter show 4ZQX --raw > record.json`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			return s.with(ctx, func(st *store.Store) error {
				l, err := view(ctx, st, func(tx *store.Tx) (event.Letter, error) { return findLetter(ctx, tx, args[0]) })
				switch {
				case err != nil:
					return err
				case raw:
					_, err = s.out.Write(l.Bytes)
					return err
				case form == formatJSON:
					return s.object(l)
				}
				return s.showLetter(l)
			})
		},
	}
	form.flag(c)
	c.Flags().BoolVar(&raw, "raw", false, "write the bytes and nothing else")
	return c
}

func findLetter(ctx context.Context, tx *store.Tx, name string) (event.Letter, error) {
	all, err := tx.Letters(ctx, event.LetterFilter{Limit: maxList})
	if err != nil {
		return event.Letter{}, err
	}
	id, err := pick("deadletter", name, names(all, func(l event.Letter) string { return l.ID }))
	if err != nil {
		return event.Letter{}, err
	}
	return tx.Letter(ctx, id)
}

// maxShown is how many bytes of a letter are shown; --raw writes all.
const maxShown = 4 << 10

func (s *shell) showLetter(l event.Letter) error {
	p := &page{colour: coloured(s.out)}
	p.line(0, "%s  %s", p.paint("1", l.ID), p.paint(stateColour(string(l.State)), string(l.State)))
	p.line(0, "Reason  %s", l.Reason)
	if l.Beside != nil {
		p.line(0, "Log     %s", l.Beside.Log)
	}
	p.line(0, "From    %s", l.Origin.Source+" "+l.Origin.String())
	p.line(0, "At      %s", instant(l.At))
	kept := ""
	if int64(len(l.Bytes)) != l.Size {
		kept = fmt.Sprintf(", of which %s are kept", size(int64(len(l.Bytes))))
	}
	p.line(0, "Size    %s", letterSize(l)+kept)
	p.gap()
	shown := l.Bytes[:min(len(l.Bytes), maxShown)]
	text := string(shown)
	if !utf8.Valid(shown) {
		text = hex.Dump(shown)
	}
	for line := range strings.Lines(text) {
		p.line(0, "%s", strings.TrimRight(line, "\r\n"))
	}
	if rest := len(l.Bytes) - len(shown); rest > 0 {
		p.line(0, "… %s more, written with --raw", size(int64(rest)))
	}
	_, err := s.out.Write([]byte(p.text.String()))
	return err
}

func (s *shell) letterReplay() *cobra.Command {
	var (
		form format
		all  bool
	)
	c := &cobra.Command{
		Use:   "replay ID…",
		Short: "Try again to read dead letters",
		Long: `Reads the bytes of dead letters again, as the source did, with the rules of the settings. What can be read now goes on its way:
findings are written down, the resources that were touched are read again by a running serve, and the letter is marked.

A letter of another log than CloudTrail's carries which log it is and what was known beside it, such as the line that named its
fields; what the settings say of logs now counts, so a format that was missing can be added first.

A letter that was cut, or whose place contradicts its record, is never let in this way.

Exit code 1 means that some are still dead.`,
		Example: `  jobzero deadletter replay 4ZQX
  jobzero deadletter replay --all --config jobzero.yaml`,
		Args: func(cmd *cobra.Command, args []string) error {
			if (len(args) > 0) == all {
				return &misused{cmd.CommandPath(), fault.New(fault.Invalid, "name the letters, or say --all")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.with(cmd.Context(), func(st *store.Store) error {
				return s.replayLetters(cmd.Context(), st, args, form)
			})
		},
	}
	form.flag(c)
	c.Flags().BoolVar(&all, "all", false, "every dead letter")
	return c
}

func (s *shell) replayLetters(ctx context.Context, st *store.Store, args []string, form format) error {
	letters, err := view(ctx, st, func(tx *store.Tx) ([]event.Letter, error) {
		if len(args) == 0 {
			return tx.Letters(ctx, event.LetterFilter{State: event.Dead, Limit: maxList})
		}
		var out []event.Letter
		for _, name := range args {
			l, err := findLetter(ctx, tx, name)
			if err != nil {
				return nil, err
			}
			out = append(out, l)
		}
		return out, nil
	})
	if err != nil {
		return err
	}
	settings, err := s.settings()
	if err != nil {
		return err
	}
	d, bad, err := app.NewPostman(settings, st, s.now)
	if err != nil {
		return err
	}
	s.warn("", bad)
	dead := 0
	for _, l := range letters {
		r, err := d.Deliver(ctx, l.ID)
		if err != nil {
			return err
		}
		if r.State == event.Dead {
			dead++
		}
		if form == formatJSON {
			err = s.object(r)
		} else {
			err = s.print("%s is %s%s", r.ID, r.State, clean(outcome(r)))
		}
		if err != nil {
			return err
		}
	}
	if dead > 0 {
		return &failed{fmt.Sprintf("%s of %d still dead", count(int64(dead)), len(letters))}
	}
	return nil
}

func outcome(r app.Replayed) string {
	if r.State == event.Dead {
		return ": " + r.Reason
	}
	return " with " + plural(r.Findings, "finding")
}
