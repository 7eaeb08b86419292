package cli

import (
	"cmp"
	"context"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/internal/app"
	"jobzero/internal/config"
	"jobzero/internal/fault"
	"jobzero/internal/org"
	"jobzero/internal/report"
	"jobzero/internal/store"
)

func (s *shell) report() *cobra.Command {
	return group("report", "Say that something is wrong, also without your name",
		`Anybody may report something, with a name or anonymously. A report is a ticket of a person's; whoever sent it follows it by
a code, and may go to the top with it by the same code, without anybody's leave. Nobody is blamed for a report that turns out
to be nothing.`,
		"  jobzero report send --anonymous --title \"A door of the data centre stands open\"\n  jobzero report follow 3K7Q-…\n  jobzero report escalate 3K7Q-…",
		s.reportSend(), s.reportFollow(), s.reportAdd(), s.reportEscalate(), s.reportReply(), s.reportFile())
}

// reporting opens the store, makes it where it is not there, and hands over what takes reports.
func (s *shell) reporting(ctx context.Context, do func(app.Reports, config.Config, *org.Org) error) error {
	settings, err := s.settings()
	if err != nil {
		return err
	}
	people, err := loaded(settings.Org, wantOrg, org.Parse)
	if err != nil {
		return err
	}
	policy, err := app.Escalation(settings, people)
	if err != nil {
		return err
	}
	return s.open(ctx, settings, func(st *store.Store) error {
		return do(app.Reports{Store: st, Org: people, Policy: policy, All: settings.Report.All, Now: s.now}, settings, people)
	})
}

// sent is what is shown once.
type sent struct {
	ID   report.ID   `json:"id"`
	Code report.Code `json:"code"`
}

func (s *shell) reportSend() *cobra.Command {
	var (
		form  format
		said  report.Said
		files []string
		as    order
	)
	c := &cobra.Command{
		Use:   "send --title TEXT [--text TEXT] [--anonymous]",
		Short: "Report something",
		Long: `Reports something. Whoever answers for the organisation is told, and a running serve tells them.

With --anonymous nothing is kept that would tell who you are: no name, no user of this machine, no address. Your shell may
keep the command in its history: "--text -" reads the text from the standard input. The code is shown now and never again:
write it down.

Files are pictures, PDF or plain text, by their content; up to five of 5 MB.`,
		Example: `  jobzero report send --title "I clicked on a strange link" --text "It asked for my password."
  jobzero report send --anonymous --title "Keys lie in a shared folder" --text - --file picture.png < text.txt`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.sendReport(cmd.Context(), said, files, as.person, form)
		},
	}
	form.flag(c)
	f := c.Flags()
	f.StringVar(&said.Title, "title", "", "in one line, what is wrong (`TEXT`)")
	f.StringVar(&said.Text, "text", "", "more about it (`TEXT`); - reads it from the standard input")
	f.BoolVar(&said.Anonymous, "anonymous", false, "keep nothing that tells who you are")
	f.StringArrayVar(&files, "file", nil, "a `FILE` beside it; may be repeated")
	f.StringVar(&as.person, "as", "", "your `NAME` (default: the user of this machine)")
	if err := c.MarkFlagRequired("title"); err != nil {
		panic(err) // the flag was made above
	}
	c.MarkFlagsMutuallyExclusive("anonymous", "as")
	return c
}

func (s *shell) sendReport(ctx context.Context, said report.Said, files []string, as string, form format) error {
	var err error
	said.Via = "command line"
	if said.Text, said.Files, err = s.saidWith(said.Text, files); err != nil {
		return err
	}
	return s.reporting(ctx, func(r app.Reports, _ config.Config, people *org.Org) error {
		if !said.Anonymous {
			who := order{person: as, reason: "reports"}
			if err := who.settle(); err != nil {
				return err
			}
			said.Person = personIn(people, who.person)
		}
		got, code, err := r.Send(ctx, said)
		if err != nil {
			return err
		}
		if form == formatJSON {
			return s.object(sent{got.ID, code})
		}
		return s.print("Thank you. It is report %s, and a person will look.\nYour code is %s. It is shown only now: with it you follow the report, or go to the top.", got.ID, code)
	})
}

// saidWith reads the words of a report, where they are to be read, and its files.
func (s *shell) saidWith(text string, names []string) (string, []report.File, error) {
	if text == "-" {
		all, err := io.ReadAll(io.LimitReader(s.in, report.MostFile))
		if err != nil {
			return "", nil, fault.Wrap(fault.Invalid, err, "--text -")
		}
		text = string(all)
	}
	var files []report.File
	for _, name := range names {
		data, err := readSome(name)
		if err != nil {
			return "", nil, err
		}
		f, err := report.NewFile(name, data)
		if err != nil {
			return "", nil, err
		}
		files = append(files, f)
	}
	return text, files, nil
}

// readSome reads a file, and no more of it than is taken.
func readSome(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fault.Path(err, name, "a file for --file")
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, report.MostFile+1))
	return data, fault.Path(err, name, "a file for --file")
}

func (s *shell) reportFollow() *cobra.Command {
	var form format
	c := &cobra.Command{
		Use:     "follow CODE",
		Short:   "See what became of your report",
		Long:    "Shows what became of the report of a code: its state, and what you are answered. It does not show what was found about others.",
		Example: "  jobzero report follow 3K7Q-8R2M-0ZXA-9T4B-VW6C-1D5E-FG",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			code, err := report.ParseCode(args[0])
			if err != nil {
				return err
			}
			return s.reporting(cmd.Context(), func(r app.Reports, _ config.Config, _ *org.Org) error {
				p, err := r.Follow(cmd.Context(), code)
				if err != nil {
					return err
				}
				return s.showFollowed(p, form)
			})
		},
	}
	form.flag(c)
	return c
}

func (s *shell) showFollowed(r report.Progress, form format) error {
	if form == formatJSON {
		return s.object(r)
	}
	p := &page{colour: coloured(s.out)}
	p.line(0, "%s  %s", p.paint("1", string(r.ID)), p.paint(stateColour(string(r.State)), string(r.State)))
	p.line(0, "Title   %s", r.Title)
	p.line(0, "Sent    %s", instant(r.Made))
	if !r.Seen.IsZero() {
		p.line(0, "Seen    %s, somebody has it", instant(r.Seen))
	}
	if !r.FixBy.IsZero() {
		p.line(0, "Fix by  %s", fixBy(r.FixBy, r.Closed, s.now()))
	}
	if !r.Closed.IsZero() {
		p.line(0, "Closed  %s: %s", instant(r.Closed), r.Outcome)
	}
	for _, at := range r.Escalated {
		p.line(0, "To the top  %s", instant(at))
	}
	for _, a := range r.Replies {
		first, rest, _ := strings.Cut(a.Text, "\n")
		p.line(0, "%s  %s: %s", instant(a.At), cmp.Or(a.Person, "you"), first)
		for l := range strings.Lines(rest) {
			p.line(2, "%s", strings.TrimSpace(l))
		}
	}
	_, err := io.WriteString(s.out, p.text.String())
	return err
}

func (s *shell) reportEscalate() *cobra.Command {
	var form format
	c := &cobra.Command{
		Use:   "escalate CODE",
		Short: "Go to the top with your report",
		Long: `Tells those at the top of the organisation file of your report, without anybody's leave, and without your name where you
gave none. A closed one is opened again. It can be done again a day later.`,
		Example: "  jobzero report escalate 3K7Q-8R2M-0ZXA-9T4B-VW6C-1D5E-FG",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			code, err := report.ParseCode(args[0])
			if err != nil {
				return err
			}
			return s.reporting(cmd.Context(), func(r app.Reports, _ config.Config, _ *org.Org) error {
				p, told, err := r.Escalate(cmd.Context(), code)
				if err != nil {
					return err
				}
				if form == formatJSON {
					return s.object(p)
				}
				return s.print("Told: %s.", strings.Join(told, ", "))
			})
		},
	}
	form.flag(c)
	return c
}
