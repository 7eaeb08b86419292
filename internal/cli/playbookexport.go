package cli

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/content"
	"jobzero/internal/fault"
	"jobzero/internal/playbook/book"
	"jobzero/internal/playbook/cacao"
)

func (s *shell) playbookExport() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "export ID|FILE… [-o FILE|DIR]",
		Short: "Write playbooks as CACAO playbooks for others",
		Long: `Writes playbooks, by ID or from files of ours, as CACAO Security Playbooks 2.0: to the standard output, or to --out, a
file for one playbook and a folder for several.

The order of steps, branches, conditions, tasks, actions, waits and what a failure leads to are said in CACAO's words,
for other software and for people. Triggers, guards, CEL, approvals, tries, undo and proofs stand in an extension, so
that playbook import gives the same playbook again. One that was imported is written with all that it said before.

A file that is there keeps the day it was created, and stays as it is where nothing has changed.

Exit codes: 0 done, 2 there is no such playbook, or it could not be written.`,
		Example: `  jobzero playbook export close-public-bucket
  jobzero playbook export ./playbooks/ransomware.yml -o ransomware.json
  jobzero playbook export close-public-bucket deactivate-leaked-key -o exchange/`,
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error { return s.runPlaybookExport(args, out) },
	}
	c.Flags().StringVarP(&out, "out", "o", "", "`FILE` to write to, or folder for several playbooks")
	return c
}

// ownPlaybooks are those that come along and those of the settings. What is wrong with one is the business of config check.
func (s *shell) ownPlaybooks() []book.Definition {
	all, _ := book.Load(content.FS(), "playbooks")
	if settings, err := s.settings(); err == nil {
		for _, dir := range settings.Content.Playbooks {
			more, _ := book.Load(os.DirFS(dir), ".")
			all = append(all, more...)
		}
	}
	return all
}

func (s *shell) runPlaybookExport(names []string, out string) error {
	if len(names) > 1 && out == "" {
		return fault.New(fault.Invalid, "%d playbooks do not go to one output: name a folder with --out", len(names))
	}
	var all []book.Definition
	for _, name := range names {
		d, err := s.onePlaybook(name)
		if err != nil {
			return err
		}
		all = append(all, d)
	}
	many := len(all) > 1 || strings.HasSuffix(out, string(filepath.Separator)) || folderThere(out)
	if many && out != "" {
		if err := os.MkdirAll(out, 0o750); err != nil {
			return fault.Wrap(fault.Invalid, err, "--out")
		}
	}
	for _, d := range all {
		path := out
		if many {
			path = filepath.Join(out, d.ID+".json")
		}
		if err := s.exportOne(d, path); err != nil {
			return err
		}
	}
	return nil
}

func folderThere(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// onePlaybook is that of a file, or the one with an ID.
func (s *shell) onePlaybook(name string) (book.Definition, error) {
	if strings.ContainsAny(name, `./\`) {
		text, err := os.ReadFile(name)
		if err != nil {
			return book.Definition{}, fault.Path(err, name, "a playbook in YAML")
		}
		return book.Parse(name, text)
	}
	all := s.ownPlaybooks()
	id, err := pick("playbook", name, idsOf(all))
	if err != nil {
		return book.Definition{}, err
	}
	for _, d := range all {
		if d.ID == id {
			return d, nil
		}
	}
	return book.Definition{}, fault.New(fault.NotFound, "there is no playbook %s", name)
}

func idsOf(all []book.Definition) (out []string) {
	for _, d := range all {
		out = append(out, d.ID)
	}
	return out
}

// exportOne writes a playbook, to the standard output where there is no path.
func (s *shell) exportOne(d book.Definition, path string) error {
	when := cacao.Dates{Created: s.now(), Modified: s.now()}
	if path == "" {
		text, err := cacao.Export(d, when)
		if err != nil {
			return err
		}
		_, err = s.out.Write(text)
		return err
	}
	before, _ := os.ReadFile(path) // one that cannot be read is none; writing says what is wrong
	text, err := cacao.ExportOver(d, when, before)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, text, 0o644); err != nil { //nolint:gosec // it is written to be given to others
		return fault.Wrap(fault.Unavailable, err, "write %s", path)
	}
	return s.print("%s", path)
}
