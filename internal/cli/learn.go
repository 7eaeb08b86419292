package cli

import (
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"jobzero/internal/detect/baseline"
	"jobzero/internal/detect/baseline/atlas"
	"jobzero/internal/fault"
)

// learnOptions are what a person can say about baselines.
type learnOptions struct {
	on   bool
	days float64 // of learning
	maps []string
}

const learnHelp = `With --baselines it also learns what is normal for each principal and tells who behaves unlike itself and its peers, with what
is normal, since when, and what was seen; and which logs fell silent. Nothing is told in the first days (--learn-days). Files
are read in the order of the times in their names (each 100,000 of them), and events are brought into order within 16,384: what
is more out of order than that is learnt, and judged by what is known by then. Addresses have places only with --locations.`

func (o *learnOptions) flags(c *cobra.Command) {
	f := c.Flags()
	f.BoolVar(&o.on, "baselines", false, "learn what is normal for each principal, and tell what is not")
	o.tuning(f, "--baselines")
}

// tuning adds what can be said once baselines are wanted, by another flag.
func (o *learnOptions) tuning(f *pflag.FlagSet, with string) {
	f.Float64Var(&o.days, "learn-days", 7, "with "+with+": `DAYS` of events in which nothing is told")
	f.StringArrayVar(&o.maps, "locations", nil, "with "+with+": MMDB `FILE` of places or networks (GeoLite2 City, ASN or alike); repeatable")
}

// baselines are the options as baselines take them; nil when nothing is to be learnt.
func (o learnOptions) baselines() (*baseline.Options, error) {
	if !o.on {
		if len(o.maps) > 0 {
			return nil, fault.New(fault.Invalid, "--locations is about --baselines: add that")
		}
		return nil, nil //nolint:nilnil // nobody asked for them
	}
	if o.days <= 0 || o.days > 3650 {
		return nil, fault.New(fault.Invalid, "--learn-days %g: use a number above 0, at most 3650", o.days)
	}
	of := &baseline.Options{Learn: time.Duration(o.days * 24 * float64(time.Hour))}
	if len(o.maps) > 0 {
		places, err := atlas.Open(o.maps...)
		if err != nil {
			return nil, err
		}
		of.Locator = places
	}
	return of, nil
}
