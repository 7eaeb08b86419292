package cli

import (
	"cmp"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/internal/app"
	"jobzero/internal/config"
	"jobzero/internal/fault"
	"jobzero/internal/playbook/book"
)

func (s *shell) playbookCheck() *cobra.Command {
	var form format
	c := &cobra.Command{
		Use:   "check [--format table|json] [FILE|FOLDER…]",
		Short: "Say what is wrong with playbooks, and where",
		Long: `Reads playbooks and says all that is wrong with them, each with file, line and column and what to do: keys that there are
not, conditions that ask about what there is not, actions that are not there, parameters that an action does not take or
wants, a type that an action is not done to, and rules, expectations and playbooks that are not loaded.

Without a FILE it looks at the playbooks in force: those that are built in, and those of the folders in the settings. A FILE
is held against them too, and takes the place of one with the same id.

The .test files beside playbooks are run by jobzero test. Exit code 1 means that there are errors.`,
		Example: `  jobzero playbook check
  jobzero playbook check ./playbooks

  # In CI, for a program
  jobzero playbook check --format json ./playbooks`,
		RunE: func(_ *cobra.Command, args []string) error {
			settings, err := s.settings()
			if err != nil {
				return err
			}
			n, bad, err := checkedPlaybooks(settings, args)
			if err != nil {
				return err
			}
			return s.showPlaybookErrors(n, bad, form)
		},
	}
	form.flag(c)
	return c
}

// checkedPlaybooks counts the playbooks of paths, or those in force, and says what is wrong with them.
func checkedPlaybooks(settings config.Config, paths []string) (n int, bad []error, err error) {
	k, _, err := app.Learn(settings)
	if err != nil {
		return 0, nil, err
	}
	if len(paths) == 0 {
		_, bad = app.Playbooks(settings)
		return len(k.Playbooks), append(bad, k.CheckPlaybooks(k.Playbooks, app.Actions())...), nil
	}
	n, some, bad, err := readPlaybooks(paths)
	if err != nil {
		return 0, nil, err
	}
	k.Playbooks = replacing(k.Playbooks, some)
	return n, append(bad, k.CheckPlaybooks(some, app.Actions())...), nil
}

// readPlaybooks reads the definitions in files and folders. n counts the files, bad says what is wrong with some.
func readPlaybooks(paths []string) (n int, all []book.Definition, bad []error, err error) {
	from := map[string]string{}
	for _, p := range paths {
		fsys, root, err := folder(p, "a playbook, or a folder with some")
		if err != nil {
			return 0, nil, nil, err
		}
		dir, before := filepath.ToSlash(p), n
		if root != "." {
			dir = path.Dir(dir)
		}
		err = fs.WalkDir(fsys, root, func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || name != root && path.Ext(name) != ".yml" && path.Ext(name) != ".yaml" {
				return err
			}
			text, err := fs.ReadFile(fsys, name)
			if err != nil {
				return err
			}
			n++
			d, wrong := book.Read(path.Join(dir, name), text)
			if first, twice := from[d.ID]; len(wrong) == 0 && twice {
				wrong = append(wrong, d.Errorf("id", "id %q is taken by %s", d.ID, first))
			}
			if bad = append(bad, wrong...); len(wrong) == 0 {
				from[d.ID] = d.File
				all = append(all, d)
			}
			return nil
		})
		if err != nil {
			return 0, nil, nil, err
		}
		if n == before {
			return 0, nil, nil, fault.New(fault.Invalid, "no playbook is in %s: want .yml or .yaml files", p)
		}
	}
	return n, all, bad, nil
}

// replacing is all with some, which take the place of those with the same ID.
func replacing(all, some []book.Definition) []book.Definition {
	out := slices.DeleteFunc(slices.Clone(all), func(d book.Definition) bool {
		return slices.ContainsFunc(some, func(o book.Definition) bool { return o.ID == d.ID })
	})
	return append(out, some...)
}

// misplaced is an error with its place apart.
type misplaced struct {
	Place string `json:"place"`
	Text  string `json:"text"`
	file  string
	line  int
	col   int
}

var placeForm = regexp.MustCompile(`^((.*?):(\d+):(\d+)): (?s:(.*))$`)

func apart(err error) misplaced {
	m := placeForm.FindStringSubmatch(err.Error())
	if m == nil {
		return misplaced{Text: err.Error()}
	}
	out := misplaced{Place: strings.TrimPrefix(m[1], "./"), Text: m[5], file: m[2]}
	out.line, _ = strconv.Atoi(m[3]) // digits, as the pattern says
	out.col, _ = strconv.Atoi(m[4])
	return out
}

// inOrder takes errors apart, in the order of their places.
func inOrder(bad []error) (out []misplaced) {
	for _, err := range bad {
		out = append(out, apart(err))
	}
	slices.SortStableFunc(out, func(a, b misplaced) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line), cmp.Compare(a.col, b.col))
	})
	return out
}

func (s *shell) showPlaybookErrors(n int, bad []error, form format) error {
	p := &page{colour: coloured(s.out)}
	for _, m := range inOrder(bad) {
		if form == formatJSON {
			if err := s.object(m); err != nil {
				return err
			}
			continue
		}
		p.line(0, "%s", p.paint("1", m.Place))
		for l := range strings.Lines(m.Text) {
			p.line(2, "%s", strings.TrimRight(l, "\n"))
		}
	}
	if _, err := s.out.Write([]byte(p.text.String())); err != nil {
		return err
	}
	summary := plural(n, "playbook") + ": " + plural(len(bad), "error")
	switch {
	case len(bad) > 0:
		return &failed{summary}
	case form == formatJSON:
		return nil
	}
	return s.print("%s", summary)
}
