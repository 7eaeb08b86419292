package cli

import (
	"net/url"
	"slices"
	"strings"

	"jobzero/internal/action"
	"jobzero/internal/app"
	"jobzero/internal/config"
	"jobzero/internal/fault"
	"jobzero/internal/pulse"
	"jobzero/internal/role"
)

// fill says for whom the policies are.
func (o permissionsOptions) fill(c config.Config) (role.Options, error) {
	all, err := infos()
	if err != nil {
		return role.Options{}, err
	}
	of := role.Options{
		Partition: c.AWS.Partition, Account: "*", Actions: all, Planned: all, CloudControl: true,
		Roles: map[role.Name]string{
			role.Reader: c.AWS.ReaderRole, role.Responder: c.AWS.ResponderRole, role.Organization: c.AWS.OrganizationRole, role.Hub: o.hub,
		},
		Queues: o.queues, Objects: o.objects,
	}
	if o.account != "" {
		of.Account = o.account
	}
	if o.enabled {
		if of.Actions, err = enabledIn(c, all, o.account); err != nil {
			return of, err
		}
		of.CloudControl = c.Sweep.CloudControl
	}
	if o.form == powerCloudFormation && !o.protect {
		of.Partition, of.Account = role.PseudoPartition, role.PseudoAccount
	}
	of.Checkpoint = checkpointOf(c, of.Partition)
	of.Pulse = pulseOf(c, of.Partition)
	of.Phones = phonesOf(c)
	if len(of.Queues) == 0 {
		of.Queues = queuesOf(c, of.Partition)
	}
	if len(of.Objects) == 0 {
		of.Objects = objectsOf(c, of.Partition)
	}
	return of, nil
}

// checkpointOf is where the settings have the head of the log kept; where they do not, and in a template, the bucket that would be ours by its
// name.
func checkpointOf(c config.Config, partition string) role.Checkpoint {
	k := c.Audit.Checkpoint
	arn := "arn:" + partition + ":s3:::"
	if k.Bucket == "" || partition == role.PseudoPartition {
		return role.Checkpoint{Bucket: arn + role.Prefix + "checkpoints-*"}
	}
	out := role.Checkpoint{Bucket: arn + k.Bucket, Role: k.Role, File: !k.KMS()}
	if strings.Contains(k.Key, ":key/") {
		out.Key = k.Key
	}
	return out
}

// pulseOf is the namespace of the heartbeat; where the settings have none, and in a template, the one that would be ours by its name.
func pulseOf(c config.Config, partition string) string {
	if n := c.Pulse.Metric.Namespace; n != "" && partition != role.PseudoPartition {
		return n
	}
	return pulse.Namespace
}

// phonesOf is how the settings reach people's phones through AWS. Where they do not, and so in the template, the hub may not.
func phonesOf(c config.Config) role.Phones {
	out := role.Phones{SMS: c.Notify.SMS.Region, Voice: c.Notify.Voice.Region}
	if strings.HasPrefix(c.Notify.Voice.From, "arn:") {
		out.From = c.Notify.Voice.From
	}
	return out
}

// enabledIn are the actions that the settings let run.
func enabledIn(c config.Config, all []action.Info, account string) ([]action.Info, error) {
	k, bad, err := app.Learn(c)
	if err != nil {
		return nil, err
	}
	if len(bad) > 0 { // a playbook that cannot be read runs nothing, but might be what is meant
		return nil, fault.Wrap(fault.Invalid, bad[0], "read the content")
	}
	return role.Switches{Playbooks: k.Playbooks, Config: c.Playbooks, Glass: c.BreakGlass, Account: account}.Enabled(all), nil
}

// queuesOf are the queues of the settings; where there are none yet, those that would be ours by their names.
func queuesOf(c config.Config, partition string) (out []string) {
	for _, q := range slices.Concat(c.Sources.EventBridge, c.Sources.S3) {
		u, err := url.Parse(q.URL)
		part := strings.Split(strings.Trim(urlPath(u), "/"), "/")
		if err != nil || len(part) != 2 {
			continue // config check says so
		}
		region := q.Region
		if region == "" {
			region = c.AWS.Region
		}
		out = append(out, "arn:"+partition+":sqs:"+region+":"+part[0]+":"+part[1])
	}
	switch {
	case partition == role.PseudoPartition: // a template is for queues that it makes itself
		return []string{"arn:" + partition + ":sqs:${AWS::Region}:" + role.PseudoAccount + ":" + role.Prefix + "*"}
	case len(out) == 0:
		return []string{"arn:" + partition + ":sqs:*:*:" + role.Prefix + "*"}
	}
	if m := c.Report.Mail; m.Bucket != "" {
		out = append(out, "arn:"+partition+":s3:::"+m.Bucket+"/"+m.Prefix+"*")
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func urlPath(u *url.URL) string {
	if u == nil {
		return ""
	}
	return u.Path
}

// objectsOf are the log files that the hub reads: those of the archive, and those that notifications name. In which buckets these lie is not
// in the settings; what AWS delivers lies under AWSLogs/.
func objectsOf(c config.Config, partition string) []string {
	out := []string{"arn:" + partition + ":s3:::*/AWSLogs/*"}
	for _, p := range c.Archive.Places {
		if rest, ok := strings.CutPrefix(p, "s3://"); ok {
			bucket, prefix, _ := strings.Cut(rest, "/")
			out = append(out, "arn:"+partition+":s3:::"+bucket+"/"+prefix+"*")
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
