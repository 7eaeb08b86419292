package cli

import (
	"github.com/spf13/cobra"

	"jobzero/internal/app"
	"jobzero/internal/config"
)

func (s *shell) serve() *cobra.Command {
	var (
		listen string
		roles  []string
	)
	c := &cobra.Command{
		Use:   "serve [--config FILE]",
		Short: "Run the house",
		Long: `Runs everything: takes events in, reads resources again, judges them, opens tickets, and settles them as far as the settings
allow. Without settings it keeps all in ./jobzero-data, listens on 127.0.0.1:8080 with /healthz, /readyz and /metrics, and
changes nothing in any account.

An interrupt ends it cleanly: what is under way is finished or goes on at the next start. A second one ends it at once.`,
		Example: `  jobzero serve
  jobzero serve --config jobzero.yaml
  jobzero serve --database postgres://jobzero@db.example.com/jobzero --bus nats://nats.example.com:4222
  jobzero serve --roles source --config jobzero.yaml`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var more []config.Override
			if listen != "" {
				more = append(more, config.Override{Key: "listen", Value: listen, From: "--listen"})
			}
			settings, err := s.settings(more...)
			if err != nil {
				return err
			}
			_, person := terminal(s.err)
			log, err := settings.Log.Logger(s.err, person)
			if err != nil {
				return err
			}
			o := app.Options{Log: log, Version: buildInfo().Version}
			if person {
				o.Links = s.err
			}
			return app.Run(cmd.Context(), settings, o)
		},
	}
	c.Flags().StringVar(&listen, "listen", "", "`ADDRESS` of /healthz, /readyz and /metrics, host:port (default: 127.0.0.1:8080)")
	c.Flags().StringSliceVar(&roles, "roles", nil, "`LEGS` of the road to run in this process, with commas between them (default: all; docs/reference/road.md lists them)")
	return c
}
