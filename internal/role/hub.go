package role

import (
	"slices"
	"strings"

	"jobzero/internal/awsorg"
	"jobzero/internal/source/archive"
	"jobzero/internal/source/mailbox"
	"jobzero/internal/source/queue"
	"jobzero/internal/source/s3notify"
)

// Prefix is what all that we install is called like.
const Prefix = "jobzero-"

// hub is what the program's own credentials may do: take on the other roles, empty its queues, read log files, and keep the head of
// its own log.
func hub(o Options) []Grant {
	out := []Grant{{
		Action: awsorg.EnterNeeds, Resources: entered(o), For: []string{"every account"},
		// Whatever an event says, no role of somebody else's is taken on.
		Condition: map[string]map[string]any{"StringEquals": {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}},
	}}
	for _, a := range queue.Needs() {
		out = append(out, Grant{Action: a, Resources: o.Queues, For: []string{"sources"}})
	}
	objects := wants{}
	objects.add("sources", s3notify.Needs()...)
	objects.add("archive", archive.Needs()...)
	objects.add("archive", awsorg.RegionNeeds)
	objects.add("mail", mailbox.Needs()...)
	for a, who := range objects {
		g := Grant{Action: a, Resources: o.Objects, For: who}
		if a != "s3:GetObject" { // what is asked of the bucket
			g.Resources = buckets(o.Objects)
		}
		out = append(out, g)
	}
	out = append(out, checkpoints(o)...)
	out = append(out, pulses(o)...)
	out = append(out, phones(o)...)
	// Messages and log files may be encrypted; the key's own policy says whether the hub may use it.
	return append(out, Grant{
		Action: "kms:Decrypt", Resources: []string{"arn:" + o.Partition + ":kms:*:*:key/*"}, For: []string{"sources", "archive"},
		Condition: map[string]map[string]any{"StringLike": {"kms:ViaService": []string{"s3.*", "sqs.*"}}},
	})
}

// buckets are those of objects.
func buckets(objects []string) (out []string) {
	for _, o := range objects {
		at := sections(o)
		at[5], _, _ = strings.Cut(at[5], "/")
		out = append(out, strings.Join(at, ":"))
	}
	slices.Sort(out)
	return slices.Compact(out)
}
