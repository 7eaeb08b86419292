package principal

import (
	"slices"
	"strings"
)

// Probe is a call that has to be refused over a connection that is not encrypted.
type Probe struct {
	Action string // in lower case
	Bucket bool   // of S3: made on the bucket
	Object bool   // of S3: made on its objects
}

// Probes are the calls of a service that carry what it keeps; none for a service that is not known here. What else the service
// can do is denied along with them where people deny all.
func Probes(service string) []Probe {
	switch service {
	case "s3":
		return []Probe{{Action: "s3:getobject", Object: true}, {Action: "s3:putobject", Object: true}, {Action: "s3:listbucket", Bucket: true}}
	case "sqs":
		return []Probe{{Action: "sqs:sendmessage"}, {Action: "sqs:receivemessage"}}
	case "sns":
		return []Probe{{Action: "sns:publish"}}
	case "elasticfilesystem":
		return []Probe{{Action: "elasticfilesystem:clientmount"}}
	}
	return nil
}

// Plain gives the probes that the policy does not refuse to everybody over a connection that is not encrypted, and those of
// which that is not known. An Allow under the condition of encryption refuses nothing: another Allow, or the caller's own
// policy, lets him in.
func (p Policy) Plain(probes []Probe) (open, doubtful []Probe) {
	for _, probe := range probes {
		best := Verdict("")
		for _, s := range p.Statements {
			if v := s.refusesPlain(probe); v == Yes || best == "" {
				best = v
			}
		}
		switch best {
		case "":
			open = append(open, probe)
		case Maybe:
			doubtful = append(doubtful, probe)
		default:
		}
	}
	return open, doubtful
}

func (s Statement) refusesPlain(probe Probe) Verdict {
	if s.Effect != "Deny" {
		return ""
	}
	who, _ := s.everybody()
	verdicts := []Verdict{who, s.onlyPlain(), match(s.Actions, func(a string) bool { return inside(probe.Action, strings.ToLower(a)) }), Yes}
	if probe.Bucket || probe.Object {
		verdicts[3] = match(s.Resources, probe.on)
	}
	switch {
	case s.hasNotPrin || slices.Contains(verdicts, ""):
		return ""
	case len(s.Unknown) > 0 || slices.Contains(verdicts, Maybe):
		return Maybe
	}
	return Yes
}

// onlyPlain says whether a statement is about each call over a connection that is not encrypted, but for those that a service
// of AWS makes, which encrypts.
func (s Statement) onlyPlain() Verdict {
	out := Verdict("")
	for _, c := range s.Conditions {
		op := strings.TrimSuffix(strings.ToLower(c.Operator), "ifexists")
		switch key := strings.ToLower(c.Key); {
		case c.Key == Gap:
			return Maybe
		case op != "bool":
			return ""
		case (key == "aws:principalisawsservice" || key == "aws:viaawsservice") && strings.EqualFold(strings.Join(c.Values, ","), "false"):
		case key != "aws:securetransport":
			return ""
		case slices.ContainsFunc(c.Values, func(v string) bool { return strings.EqualFold(v, "false") }):
			out = Yes
		case slices.Contains(c.Values, Gap):
			out = Maybe
		default:
			return ""
		}
	}
	if len(s.Conditions) == 0 { // denied whatever the connection
		return Yes
	}
	return out
}

// match says whether one of the patterns fits.
func match(patterns []string, fits func(string) bool) Verdict {
	switch {
	case slices.ContainsFunc(patterns, fits):
		return Yes
	case slices.Contains(patterns, Gap):
		return Maybe
	}
	return ""
}

// on reports whether a resource of a bucket's policy holds the bucket, or all of its objects.
func (probe Probe) on(resource string) bool {
	bucket, object, slash := strings.Cut(resource, "/")
	if probe.Bucket {
		return !slash
	}
	return slash && object == "*" || !slash && strings.HasSuffix(bucket, "*")
}
