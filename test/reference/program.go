package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"jobzero/internal/app"
	"jobzero/internal/cli"
	"jobzero/internal/config"
	"jobzero/internal/flow"
)

func commands() string {
	var b strings.Builder
	b.WriteString("# Commands\n")
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		if !c.IsAvailableCommand() && c.HasParent() || c.Name() == "help" {
			return
		}
		command(&b, c)
		for _, sub := range c.Commands() {
			if c.Name() != "completion" {
				walk(sub)
			}
		}
	}
	walk(cli.Command())
	return b.String()
}

func command(b *strings.Builder, c *cobra.Command) {
	text := c.Long
	if text == "" || c.Name() == "completion" {
		text = c.Short + "."
	}
	fmt.Fprintf(b, "\n## %s\n\n%s\n\n```\n%s\n```\n", c.CommandPath(), strings.TrimSpace(text), c.UseLine())
	if c.Example != "" {
		fmt.Fprintf(b, "\n```\n%s\n```\n", strings.TrimRight(c.Example, "\n"))
	}
	flags(b, c.LocalFlags())
}

func flags(b *strings.Builder, set *pflag.FlagSet) {
	if !set.HasAvailableFlags() {
		return
	}
	b.WriteString("\n| option | |\n| --- | --- |\n")
	set.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" {
			return
		}
		kind, usage := pflag.UnquoteUsage(f)
		name := "--" + f.Name
		if kind != "" {
			name += " " + kind
		}
		fmt.Fprintf(b, "| `%s` | %s |\n", name, cell(usage))
	})
}

func settings() string {
	return "# Settings\n\nThis is what `jobzero config example` prints.\n\n```yaml\n" + strings.TrimRight(config.Example(), "\n") + "\n```\n"
}

func road() string {
	var house app.House
	return "# The road\n\nSolid lines are durable: a row says what is to be done, and a killed process forgets nothing. Dotted ones stay in the process.\n\n```\n" +
		flow.Picture(house.Road()) + "```\n"
}

// cell makes a text fit for a table.
func cell(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "|", "\\|")
}
