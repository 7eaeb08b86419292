package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"jobzero/internal/app"
	"jobzero/internal/config"
)

func (s *shell) config() *cobra.Command {
	return group("config", "Check the settings, or show an example",
		"jobzero runs without settings. A file of settings says what is different: where events come\nfrom, which accounts there are, what may be enforced.",
		"  jobzero config example > jobzero.yaml\n  jobzero config check --config jobzero.yaml",
		s.configCheck(), s.configExample())
}

func (s *shell) configExample() *cobra.Command {
	return &cobra.Command{
		Use:     "example",
		Short:   "Show a file of settings with every key and what it means",
		Long:    "Shows a file of settings with every key, its default and what it means. As it stands it means the same as no file.",
		Example: "  jobzero config example > jobzero.yaml",
		Args:    arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprint(s.out, config.Example())
			return err
		},
	}
}

// checked is what config check found.
type checked struct {
	OK           bool     `json:"ok"`
	File         string   `json:"file,omitempty"`
	Database     string   `json:"database"` // never with its password
	Bus          string   `json:"bus"`
	DataDir      string   `json:"data_dir"`
	Listen       string   `json:"listen"`
	Accounts     int      `json:"accounts"`
	Queues       int      `json:"queues"`
	Rules        int      `json:"rules"`
	Expectations int      `json:"expectations"`
	Playbooks    int      `json:"playbooks"`
	Verdicts     int      `json:"verdicts"`
	VerdictMode  string   `json:"verdict_mode"`
	Mode         string   `json:"mode"`
	Warnings     []string `json:"warnings,omitempty"` // content that does not load, and what is worth a thought
}

func (s *shell) configCheck() *cobra.Command {
	var form format
	c := &cobra.Command{
		Use:   "check",
		Short: "Check the settings and all the content that they name",
		Long: `Loads the settings as serve would, with the environment and the options over the file, and everything that they name: rules,
expectations, playbooks, the organisation and the intent. It says all that is wrong, with file, line and key, and connects to
nothing.

Exit codes: 0 all is well, 1 some content does not load and would be left out, 2 serve could not start.`,
		Example: `  jobzero config check --config jobzero.yaml
  JOBZERO_DATABASE=postgres://db.example.com/jobzero jobzero config check`,
		Args: arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			settings, err := s.settings()
			if err != nil {
				return err
			}
			k, bad, err := app.Learn(settings)
			if err != nil {
				return err
			}
			r := s.examined(settings, k, bad)
			if form == formatJSON {
				err = s.object(r)
			} else {
				err = s.showChecked(r)
			}
			if err == nil && !r.OK {
				return &failed{fmt.Sprintf("%s would be left out", plural(len(bad), "text"))}
			}
			return err
		},
	}
	form.flag(c)
	return c
}

func (s *shell) examined(c config.Config, k *app.Knowledge, bad []error) checked {
	r := checked{
		OK: len(bad) == 0, File: config.Path(s.options.config), Database: c.DatabaseName(), Bus: c.BusName(), DataDir: c.DataDir, Listen: c.Listen,
		Accounts: len(c.Accounts), Queues: len(c.Sources.EventBridge) + len(c.Sources.S3),
		Rules: len(k.Rules), Expectations: len(k.Expectations.IDs()), Playbooks: len(k.Playbooks), Mode: string(c.Playbooks.Mode),
		Verdicts: len(k.Verdicts), VerdictMode: string(c.Verdicts.Mode),
	}
	for _, err := range bad {
		r.Warnings = append(r.Warnings, err.Error())
	}
	return r
}

func (s *shell) showChecked(r checked) error {
	file := r.File
	if file == "" {
		file = "none: the defaults"
	}
	p := &page{colour: coloured(s.out)}
	p.line(0, "settings      %s", file)
	p.line(0, "database      %s", r.Database)
	p.line(0, "bus           %s", r.Bus)
	p.line(0, "data_dir      %s", r.DataDir)
	p.line(0, "listen        %s", r.Listen)
	p.line(0, "accounts      %d", r.Accounts)
	p.line(0, "queues        %d", r.Queues)
	p.line(0, "rules         %d", r.Rules)
	p.line(0, "expectations  %d", r.Expectations)
	p.line(0, "playbooks     %d, mode %s", r.Playbooks, r.Mode)
	p.line(0, "verdicts      %d, mode %s", r.Verdicts, r.VerdictMode)
	for _, w := range r.Warnings {
		p.line(0, "%s", p.paint("33", "warning: "+w))
	}
	_, err := s.out.Write([]byte(p.text.String()))
	return err
}
