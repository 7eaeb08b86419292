package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/internal/awsorg"
	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/hunt"
	"jobzero/internal/source/archive"
	"jobzero/internal/source/file"
)

// huntOptions are what a person can say to hunt.
type huntOptions struct {
	reading
	named    []string // rules: files, ids, names or titles
	window   archive.Window
	parallel int
	after    string
	forecast bool
}

func (s *shell) hunt() *cobra.Command {
	var o huntOptions
	c := &cobra.Command{
		Use:   "hunt [--rule FILE|ID]… [--since TIME] [--until TIME] [--account ID]… [--region R]… [--forecast] PATH|s3://BUCKET/PREFIX…",
		Short: "Run rules over an archive: some accounts, regions and days of it",
		Long: `Judges the logs of an archive by rules, as replay and serve do, and reads only what may hold the accounts, regions and times that
are asked for, of the logs that the rules are about. Below AWSLogs/[o-id/]ACCOUNT/ the folders of CloudTrail, VPC flow logs, load
balancers, the Route 53 resolver, WAF and CloudFront are listed by region, as far as they have one, and day, and only these are
read; of CloudFront and S3 access logs whose names have a date only those of the days. What a name does not say leaves nothing
out: files of other layouts are read whole. As a log is delivered some time after its events, six hours more are looked at, a day
for other logs than CloudTrail, and each record's own time decides.

A PATH is what replay reads. In S3 the credentials are those of the AWS SDK's usual chain, with the part aws of the settings; they
need s3:ListBucket and s3:GetObject. Objects are fetched --parallel at a time; memory does not grow with the archive.

With --forecast findings are not listed but added up: what the rules would have led to, a day, and what of it looks like noise. A
ticket is a subject with alerts on a day.

When it is stopped it says behind which file to go on, with --after. Exit codes are those of replay.`,
		Example: `  # Would this rule have fired in the last month, and how often?
  jobzero hunt --rule new.yml --since 2026-03-01 --forecast s3://example-trail

  # One account, two hours, all rules
  jobzero hunt --account 111122223333 --since 2026-03-01T10:00:00Z --until 2026-03-01T12:00:00Z s3://example-trail/AWSLogs/`,
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return s.runHunt(cmd.Context(), o, args) },
	}
	o.flags(c)
	f := c.Flags()
	f.StringArrayVar(&o.named, "rule", nil, "only this rule: a `FILE`, or the id, name or title of a loaded one; repeatable")
	f.Var((*timeValue)(&o.window.Since), "since", "events from this time on (RFC 3339 or a date, UTC)")
	f.Var((*timeValue)(&o.window.Until), "until", "events before this time")
	f.StringSliceVar(&o.window.Accounts, "account", nil, "only this account `ID`; repeatable")
	f.StringSliceVar(&o.window.Regions, "region", nil, "only this `REGION`; repeatable")
	f.IntVar(&o.parallel, "parallel", 16, "how many objects of a bucket to fetch at once")
	f.StringVar(&o.after, "after", "", "begin behind this `FILE` of the input, where a hunt was stopped")
	f.BoolVar(&o.forecast, "forecast", false, "add up what the rules would have led to instead of listing findings")
	return c
}

func (o huntOptions) check() error {
	w := o.window
	switch {
	case !w.Since.IsZero() && !w.Until.IsZero() && !w.Since.Before(w.Until):
		return fault.New(fault.Invalid, "--since must be before --until")
	case o.parallel < 1 || o.parallel > 256:
		return fault.New(fault.Invalid, "--parallel %d: want 1 to 256", o.parallel)
	case o.forecast && o.form == formatOCSF:
		return fault.New(fault.Invalid, "--forecast is a table or json, not ocsf")
	}
	for _, a := range w.Accounts {
		if len(a) != 12 || strings.Trim(a, "0123456789") != "" {
			return fault.New(fault.Invalid, "--account %q: want twelve digits", a)
		}
	}
	return nil
}

func (s *shell) runHunt(ctx context.Context, o huntOptions, args []string) error {
	if err := o.check(); err != nil {
		return err
	}
	set, err := s.picked(o.named, o.ruling)
	if err != nil {
		return err
	}
	if err := nothing(set.Rules, "what was named"); err != nil {
		return err
	}
	switch o.window.Logs = hunt.Logs(set.Set); {
	case len(o.intel) > 0:
		o.window.Logs = nil // indicators are looked for in every log
	case o.lineage:
		o.window.Logs = append(o.window.Logs, event.CloudTrail) // it has the sessions
	}
	h := hunt.Options{Window: o.window, After: o.after, Spanned: o.forecast}
	inputs, end, err := s.inputs(ctx, args, o.window)
	if err != nil {
		return err
	}
	defer end()
	for _, in := range inputs {
		if in.Streams != nil {
			h.Workers = o.parallel
		}
	}
	w := work{rules: set, inputs: inputs, hunt: h, resumes: !o.forecast}
	if o.forecast {
		w.forecast = hunt.NewForecast()
	}
	return s.read(ctx, o.reading, w)
}

// inputs are paths on disk and places in S3. Clients are made when there is one of the latter.
func (s *shell) inputs(ctx context.Context, args []string, w archive.Window) (inputs []file.Input, end func(), err error) {
	end = func() {}
	var way *awsorg.Org
	for _, arg := range args {
		if !strings.HasPrefix(arg, archive.Scheme) {
			inputs = append(inputs, file.Input{Path: arg})
			continue
		}
		b, err := archive.ParseBucket(arg)
		if err != nil {
			return nil, end, err
		}
		if way == nil {
			settings, err := s.settings()
			if err != nil {
				return nil, end, err
			}
			if way, err = awsorg.New(ctx, settings.AWS); err != nil {
				return nil, end, err
			}
			end = way.Close
		}
		region, err := awsorg.BucketRegion(ctx, way.Hub(""), b.Name, "")
		if err != nil && !fault.Is(err, fault.Denied) { // who may only list and get is not told: it is tried where we are
			end()
			return nil, func() {}, err
		}
		inputs = append(inputs, file.Input{Path: arg, Streams: b.Streams(archive.Client(way.Hub(region)), w)})
	}
	return inputs, end, nil
}
