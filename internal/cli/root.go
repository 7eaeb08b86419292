package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/internal/config"
	"jobzero/internal/fault"
)

// The groups that the help sorts the commands into.
const (
	groupLook  = "look"
	groupRun   = "run"
	groupWork  = "work"
	groupCheck = "check"
)

func (s *shell) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "jobzero",
		Short: "Runs security operations for an AWS organisation",
		Long: `jobzero watches what happens and what exists in an AWS organisation, and settles what is wrong.

What happened (CloudTrail) is judged by Sigma rules, what exists by expectations. What is found becomes a ticket; a
playbook repairs it, reads it again and closes the ticket, or gives it to a person. Nothing is changed until you say so:
the mode is "plan" until the settings say "enforce".

Exit codes: 0 done, 1 a check failed, 2 could not run, 3 nothing failed but not all is proven.`,
		Example: `  # What do these logs say?
  jobzero replay ./AWSLogs

  # Run it, with everything embedded in ./jobzero-data
  jobzero serve

  # What is open, and what has been done about it?
  jobzero ticket list
  jobzero ticket show 01JD7Z`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          known,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	f := root.PersistentFlags()
	f.StringVarP(&s.options.config, "config", "c", "", "`FILE` of settings (default: $JOBZERO_CONFIG, else none)")
	f.StringVar(&s.options.database, "database", "", "`URL` of the database: sqlite://PATH or postgres://… (default: SQLite in the data folder)")
	f.StringVar(&s.options.bus, "bus", "", "`URL` of the bus: embedded or nats://… (default: embedded)")
	f.StringVar(&s.options.dataDir, "data-dir", "", "`DIR` of the embedded database and bus (default: ./jobzero-data)")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return &misused{cmd.CommandPath(), fault.New(fault.Invalid, "%s", err)}
	})
	root.AddGroup(
		&cobra.Group{ID: groupLook, Title: "Look at logs"},
		&cobra.Group{ID: groupRun, Title: "Run the house"},
		&cobra.Group{ID: groupWork, Title: "See and settle"},
		&cobra.Group{ID: groupCheck, Title: "Check"},
	)
	root.SetHelpCommandGroupID(groupCheck)
	root.SetCompletionCommandGroupID(groupCheck)
	add(root, groupLook, s.replay(), s.hunt(), s.explain(), s.convert())
	add(root, groupRun, s.serve(), s.config(), s.auth(), s.token(), s.webhook(), s.lambda(), s.stopEnforcing(), s.resumeEnforcing())
	add(root, groupWork, s.ticket(), s.page(), s.finding(), s.playbook(), s.action(), s.breakglass(), s.people(), s.oncall(), s.notify(), s.report(), s.deadletter(), s.waivers(), s.review(), s.score(), s.accounts())
	add(root, groupCheck, s.check(), s.drift(), s.guardrails(), s.permissions(), s.access(), s.expectationGroup(), s.test(), s.ruleGroup(), s.audit(), s.trail(), s.version())
	finish(root)
	return root
}

func add(root *cobra.Command, group string, commands ...*cobra.Command) {
	for _, c := range commands {
		c.GroupID = group
		root.AddCommand(c)
	}
}

// finish gives cobra's own commands what ours have: an example.
func finish(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	lines := map[string]string{
		"help":       "  jobzero help ticket close",
		"completion": "  jobzero completion bash > /etc/bash_completion.d/jobzero",
		"bash":       "  source <(jobzero completion bash)",
		"zsh":        "  jobzero completion zsh > \"${fpath[1]}/_jobzero\"",
		"fish":       "  jobzero completion fish > ~/.config/fish/completions/jobzero.fish",
		"powershell": "  jobzero completion powershell | Out-String | Invoke-Expression",
	}
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		if c.Example == "" {
			c.Example = lines[c.Name()]
		}
		c.DisableFlagsInUseLine = c.DisableFlagsInUseLine || strings.Contains(c.Use, "[")
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(root)
}

// group makes a command that only holds others. Without one of them it shows its help; a wrong one is an error.
func group(use, short, long, example string, parts ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{
		Use: use, Short: short, Long: long, Example: example,
		Args: known,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(parts...)
	return c
}

// known refuses a command that there is not, and says which is near.
func known(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	cmd.SuggestionsMinimumDistance = 2
	text := fmt.Sprintf("unknown command %q for %q", args[0], cmd.CommandPath())
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		text += ", did you mean " + strings.Join(near, " or ") + "?"
	}
	return &misused{cmd.CommandPath(), fault.New(fault.Invalid, "%s", text)}
}

// settings loads the configuration with what the command line says over it.
func (s *shell) settings(more ...config.Override) (config.Config, error) {
	over := more
	for _, o := range []config.Override{
		{Key: "database", Value: s.options.database, From: "--database"},
		{Key: "bus", Value: s.options.bus, From: "--bus"},
		{Key: "data_dir", Value: s.options.dataDir, From: "--data-dir"},
	} {
		if o.Value != "" {
			over = append(over, o)
		}
	}
	return config.Load(s.options.config, over...)
}
