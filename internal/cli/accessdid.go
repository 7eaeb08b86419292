package cli

import (
	"context"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"jobzero/internal/access/ledger"
	"jobzero/internal/fault"
	"jobzero/internal/principal/lineage"
)

func (s *shell) accessDid() *cobra.Command {
	var o folding
	c := &cobra.Command{
		Use:   "who-did RESOURCE|ACTION [PATH…] [--ledger FILE|--from-store] [--since TIME] [--format table|json]",
		Short: "Say who touched a resource, or used an action",
		Long: `Lists who did something to a resource, of a bucket to its objects too, or who used an action: the person or workload at the
root, through whatever roles, the principal, and when; the last first. RESOURCE is an ARN, or s3://BUCKET/KEY; ACTION is
service:Name. Both may hold * and ?. Where the ledger tells many resources as one and the one that is asked for may be among
them, it says perhaps.

` + folded,
		Example: `  jobzero access who-did arn:aws:s3:::payroll --ledger use.ledger --since 2026-03-01
  jobzero access who-did s3://payroll/2026.csv ./AWSLogs
  jobzero access who-did s3://payroll --from-store
  jobzero access who-did 'iam:Create*Key' --ledger use.ledger --format json | jq -r .root.id`,
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return s.runDid(cmd.Context(), o, args[0], args[1:]) },
	}
	o.flags(c)
	return c
}

// actionForm is how an action is written.
var actionForm = regexp.MustCompile(`^[A-Za-z0-9*?-]+:[A-Za-z0-9*?_.]+$`)

func (s *shell) runDid(ctx context.Context, o folding, what string, logs []string) error {
	bucket, isBucket := strings.CutPrefix(what, "s3://")
	if isBucket {
		what = "arn:aws:s3:::" + strings.TrimSuffix(bucket, "/")
	}
	isARN := strings.HasPrefix(what, "arn:")
	if !isARN && !actionForm.MatchString(what) {
		return fault.New(fault.Invalid, "%s: want the ARN of a resource, s3://BUCKET/KEY, or an action such as s3:GetObject", what)
	}
	v, _, err := s.view(ctx, o, "", logs)
	if err != nil {
		return err
	}
	var deeds []ledger.Deed
	if isARN {
		deeds = v.Touched(what)
	} else {
		deeds = v.Did(what)
	}
	if o.form == formatJSON {
		return list(s, deeds)
	}
	t := table{columns: []column{
		{name: "BEHIND", give: 2},
		{name: "HOW SURE"},
		{name: "PRINCIPAL", give: 2},
		{name: "ACTION", give: 1},
		{name: "RESOURCE", give: 3},
		{name: "CALLS"},
		{name: "REFUSED", colour: oddIfAny},
		{name: "CONSOLE"},
		{name: "FIRST"},
		{name: "LAST"},
	}}
	for _, d := range deeds {
		resource := d.Resource
		if d.Perhaps {
			resource += " (perhaps)"
		}
		t.add(behindWhom(d.Root), string(d.Root.Strength), d.Principal, d.Name, resource, count(int64(d.Count)), count(int64(d.Refused)), count(int64(d.Console)), stamp(d.First), stamp(d.Last))
	}
	if len(deeds) == 0 {
		s.complain("nobody, as far as the ledger knows")
		return nil
	}
	return t.write(s.out)
}

// behindWhom is a root for people.
func behindWhom(r ledger.Root) string {
	switch {
	case r.Kind == lineage.Unknown || r.Kind == "":
		return "unknown"
	case r.ID == "" || r.ID == "*":
		return string(r.Kind)
	}
	return r.ID
}
