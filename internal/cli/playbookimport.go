package cli

import (
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"jobzero/internal/fault"
	"jobzero/internal/playbook/book"
	"jobzero/internal/playbook/cacao"
)

// takingIn is what a person can say to playbook import.
type takingIn struct {
	out   string
	id    string
	force bool
	form  format
}

func (s *shell) playbookImport() *cobra.Command {
	var o takingIn
	c := &cobra.Command{
		Use:   "import FILE… [-o DIR] [--id ID] [--force] [--format table|json]",
		Short: "Make playbooks of CACAO playbooks of others",
		Long: `Reads CACAO Security Playbooks 2.0 and writes playbooks of ours, to the standard output or each into a file in --out.
FILE - is the standard input. All files are read before any is written.

What software here cannot do becomes a task for a person with all that the step said; a condition becomes a question to
a person; the steps of a loop are there once. Nothing is lost: the original is kept in "origin", and playbook export
writes it again. Secrets are left out. What a person should know of each is said on the standard error.

Nothing begins an imported playbook but a person, until you write into "when" what does. Read it before you load it.

Exit codes: 0 done, 2 a file is no valid CACAO playbook, or nothing could be written.`,
		Example: `  # What would become of it?
  jobzero playbook import incident.json

  # Several, of which one may run another
  jobzero playbook import ransomware.json restore.json -o playbooks/`,
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error { return s.runPlaybookImport(o, args) },
	}
	f := c.Flags()
	f.StringVarP(&o.out, "out", "o", "", "`DIR` to write the playbooks into, made when it does not exist")
	f.StringVar(&o.id, "id", "", "`ID` of the playbook, instead of one made of its name")
	f.BoolVar(&o.force, "force", false, "write over files that are there")
	o.form.flag(c)
	return c
}

// arrival is an imported playbook for programs.
type arrival struct {
	File     string         `json:"file"`
	Playbook string         `json:"playbook"`
	CACAO    string         `json:"cacao"`
	Path     string         `json:"path,omitempty"` // where it was written
	Steps    int            `json:"steps"`
	People   int            `json:"for_people"` // steps that a person does
	Remarks  []cacao.Remark `json:"remarks,omitempty"`
	Text     string         `json:"text"`
}

func (s *shell) runPlaybookImport(o takingIn, files []string) error {
	switch {
	case o.id != "" && len(files) > 1:
		return fault.New(fault.Invalid, "--id names one playbook: import the files one by one")
	case o.out == "" && len(files) > 1 && o.form != formatJSON:
		return fault.New(fault.Invalid, "%d playbooks do not go to one output: name a folder with --out", len(files))
	}
	all, err := s.arrivals(o, files)
	if err != nil {
		return err
	}
	if o.out != "" {
		if err := keep(all, o); err != nil {
			return err
		}
	}
	for _, a := range all {
		for _, r := range a.Remarks {
			s.complain("%s: %s", a.File, r)
		}
		s.complain("%s: playbook %s, %s, %d of them for people", a.File, a.Playbook, plural(a.Steps, "step"), a.People)
		switch {
		case o.form == formatJSON:
			err = s.object(a)
		case a.Path != "":
			err = s.print("%s", a.Path)
		default:
			_, err = io.WriteString(s.out, a.Text)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// arrivals reads all files twice: a step may run a playbook of another file, which is only known by its ID after the first time.
func (s *shell) arrivals(o takingIn, files []string) (all []arrival, err error) {
	here, texts := map[string]string{}, map[string][]byte{}
	for _, d := range s.ownPlaybooks() {
		here[cacao.PlaybookID(d.ID)] = d.ID
	}
	taken := map[string]string{}
	for _, name := range files {
		text, err := s.playbookText(name)
		if err != nil {
			return nil, err
		}
		i, err := cacao.Import(name, text, cacao.Options{ID: o.id})
		if err != nil {
			return nil, err
		}
		if first, twice := taken[i.Definition.ID]; twice {
			return nil, fault.New(fault.Invalid, "%s: its ID %s is that of %s: import one of them by itself, with --id", name, i.Definition.ID, first)
		}
		texts[name], here[i.ID], taken[i.Definition.ID] = text, i.Definition.ID, name
	}
	for _, name := range files {
		i, err := cacao.Import(name, texts[name], cacao.Options{ID: o.id, Here: here})
		if err != nil {
			return nil, err
		}
		a := arrival{File: name, Playbook: i.Definition.ID, CACAO: i.ID, Remarks: i.Remarks, Text: i.Definition.Text}
		for _, st := range i.Definition.All() {
			a.Steps++
			if k := st.Kind(); k == book.Task || k == book.Approve {
				a.People++
			}
		}
		all = append(all, a)
	}
	return all, nil
}

// playbookText reads a file, or the standard input, as far as a playbook may be long.
func (s *shell) playbookText(name string) ([]byte, error) {
	in := s.in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, fault.Path(err, name, "a CACAO playbook in JSON")
		}
		defer func() { _ = f.Close() }() // it was only read
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, cacao.MaxBytes+1))
	return text, fault.Path(err, name, "a CACAO playbook in JSON")
}

// keep writes all playbooks, or none where one is there already.
func keep(all []arrival, o takingIn) error {
	if err := os.MkdirAll(o.out, 0o750); err != nil {
		return fault.Wrap(fault.Invalid, err, "--out")
	}
	for i := range all {
		all[i].Path = filepath.Join(o.out, all[i].Playbook+".yml")
		if _, err := os.Stat(all[i].Path); !o.force && !errors.Is(err, os.ErrNotExist) {
			return fault.New(fault.Conflict, "%s is there already: use --force to write over it, or --id for another name", all[i].Path)
		}
	}
	for _, a := range all {
		if err := os.WriteFile(a.Path, []byte(a.Text), 0o644); err != nil { //nolint:gosec // playbooks are for everybody to read
			return fault.Wrap(fault.Unavailable, err, "write %s", a.Path)
		}
	}
	return nil
}
