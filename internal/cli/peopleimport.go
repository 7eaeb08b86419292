package cli

import (
	"context"
	"os"
	"strconv"
	"strings"

	"github.com/oklog/ulid/v2"
	"github.com/spf13/cobra"

	"jobzero/internal/fault"
	"jobzero/internal/principal/person"
	"jobzero/internal/principal/roster"
	"jobzero/internal/store"
)

// imported is what an import did, or would do.
type imported struct {
	File    string        `json:"file"`
	Source  string        `json:"source"`
	People  int           `json:"people"`
	New     int           `json:"new"`
	Changed int           `json:"changed"`
	Same    int           `json:"same"`
	Left    int           `json:"left"`
	Missing int           `json:"missing"` // of those who left
	Held    []roster.Held `json:"held,omitempty"`
	Dry     bool          `json:"dry_run,omitempty"`
}

// importing are the options of an import.
type importing struct {
	roster.Import
	columns []string
	dry     bool
	form    format
}

func (s *shell) peopleImport() *cobra.Command {
	var o importing
	c := &cobra.Command{
		Use:   "import FILE [--source NAME] [--partial] [--lose SHARE] [--column FIELD=HEADING]… [--dry-run]",
		Short: "Take people over from a file",
		Long: `Takes over a file with everybody who works here: a table with a line of headings (CSV with commas, semicolons, tabs or
bars; UTF-8 or UTF-16), or JSON, an object a line. Usual headings such as Login, E-Mail, Job Title and Status are understood.
Fields: ` + strings.Join(roster.Fields()[:7], ", ") + `,
` + strings.Join(roster.Fields()[7:], ", ") + `.

Who was in the last file of the same source and is not in this one has left, unless --partial says that it is only a part. When
more than a share (--lose) of at least ten people would leave at once, nothing is taken over. People of whom another source
tells stay as they are. Either all is taken over or nothing.`,
		Example: `  jobzero people import staff.csv
  jobzero people import staff.csv --source hr --column user_name=Kürzel --dry-run`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			who := order{person: o.Actor, reason: "import"}
			if err := who.settle(); err != nil {
				return err
			}
			o.Actor = who.person
			return s.runImport(cmd.Context(), args[0], o)
		},
	}
	o.form.flag(c)
	f := c.Flags()
	f.StringVar(&o.Source, "source", "file", "`NAME` of whose file it is")
	f.BoolVar(&o.Partial, "partial", false, "who is not in the file has not left")
	f.Float64Var(&o.Lose, "lose", 0.1, "the largest `SHARE` of people who may leave by one file, from 0 to 1")
	f.StringArrayVar(&o.columns, "column", nil, "`FIELD=HEADING` of a column of the file's own; repeatable")
	f.BoolVar(&o.dry, "dry-run", false, "say what would change, and change nothing")
	f.StringVar(&o.Actor, "as", "", "your `NAME`, as the history shows it (default: the user of this machine)")
	return c
}

func (s *shell) runImport(ctx context.Context, file string, o importing) error {
	if o.Source == "" || o.Source == person.SCIM || o.Lose < 0 || o.Lose > 1 {
		return fault.New(fault.Invalid, "want --source with a name other than %s, and --lose from 0 to 1", person.SCIM)
	}
	columns := map[string]string{}
	for _, c := range o.columns {
		name, heading, ok := strings.Cut(c, "=")
		if !ok {
			return fault.New(fault.Invalid, "--column %s: want FIELD=HEADING, such as user_name=Login", c)
		}
		columns[name] = heading
	}
	f, err := os.Open(file)
	if err != nil {
		return fault.Path(err, file, "a file of people")
	}
	rows, err := roster.Read(file, f, columns)
	_ = f.Close()
	if err != nil {
		return err
	}
	settings, err := s.settings()
	if err != nil {
		return err
	}
	o.Now, o.NewID = s.now().UTC(), func() person.ID {
		return person.ID(ulid.MustNew(ulid.Timestamp(s.now()), ulid.DefaultEntropy()).String())
	}
	var plan roster.Plan
	err = s.open(ctx, settings, func(st *store.Store) error {
		if o.dry {
			return st.View(ctx, func(tx *store.Tx) (err error) {
				plan, err = o.plan(ctx, tx, rows)
				return err
			})
		}
		return st.Update(ctx, func(tx *store.Tx) (err error) {
			if plan, err = o.plan(ctx, tx, rows); err != nil {
				return err
			}
			for _, x := range plan.Saves {
				if err := tx.SavePerson(ctx, x.Person, x.Entry); err != nil {
					return err
				}
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	return s.showImport(imported{file, o.Source, len(rows), plan.New, plan.Changed, plan.Same, plan.Left, plan.Missing, plan.Held, o.dry}, o.form)
}

func (o *importing) plan(ctx context.Context, tx *store.Tx, rows []roster.Row) (roster.Plan, error) {
	all, err := allPeople(ctx, tx, false)
	if err != nil {
		return roster.Plan{}, err
	}
	return o.Plan(rows, all)
}

// allPeople gives all people, page by page.
func allPeople(ctx context.Context, tx *store.Tx, gone bool) (all []person.Person, err error) {
	for after := person.ID(""); ; {
		page, err := tx.People(ctx, after, gone, maxList)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if len(page) < maxList {
			return all, nil
		}
		after = page[len(page)-1].ID
	}
}

func (s *shell) showImport(r imported, form format) error {
	if form == formatJSON {
		return s.object(r)
	}
	for _, h := range r.Held {
		s.complain("%s:%d: %s stays as %s tells of him", r.File, h.Line, h.UserName, h.Source)
	}
	would := ""
	if r.Dry {
		would = " Nothing was changed: it is a dry run."
	}
	return s.print("%s of %s: %d new, %d changed, %d as they were, %d left (%d of them not in the file).%s",
		people(r.People), r.Source, r.New, r.Changed, r.Same, r.Left, r.Missing, would)
}

func people(n int) string {
	if n == 1 {
		return "1 person"
	}
	return strconv.Itoa(n) + " people"
}
