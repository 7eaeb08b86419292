package replay

import (
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/policy"
	"jobzero/internal/policy/names"
	"jobzero/internal/policy/trail"
)

// Exempt is the outcome of what the policies do not decide; the reason says why.
const Exempt policy.Outcome = "exempt"

// The reasons why policies of the organisation do not decide a record
// (docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html and …_rcps.html).
const (
	noCall     = "no call that policies decide"
	refused    = "refused already"
	management = "management account"
	linkedRole = "service-linked role"
	awsService = "AWS service"
	outside    = "principal outside of the organisation"
	nobody     = "no principal of an account"
	unbound    = "service without resource control policies"
	foreign    = "resource outside of the organisation"
)

// judge decides records, one after another. It is used by one goroutine.
type judge struct {
	kind  policy.Kind
	set   policy.Set
	org   *trail.Organisation
	about map[string]bool // event source and name to whether the set may deny it
}

func newJudge(o Options) *judge {
	return &judge{kind: o.Kind, set: o.Policies, org: &o.Organisation, about: map[string]bool{}}
}

// answer is what became of one record.
type answer struct {
	outcome  policy.Outcome
	reason   string // of Exempt
	action   string
	decision policy.Decision
	call     *trail.Call
}

// of judges a record.
func (j *judge) of(r *event.Record) answer {
	if r.Log != event.CloudTrail || !isCall(r) {
		return answer{outcome: Exempt, reason: noCall}
	}
	actions, _ := trail.Actions(r)
	if len(actions) == 0 {
		return answer{outcome: Exempt, reason: noCall}
	}
	if code, _ := r.Part(event.ErrorCode).Text(); isRefusal(code) {
		return answer{outcome: Exempt, reason: refused}
	}
	c := j.org.Read(r)
	if reason := j.exempt(c); reason != "" {
		return answer{outcome: Exempt, reason: reason}
	}
	out := answer{outcome: policy.Untouched, action: actions[0], call: c}
	for _, q := range c.Requests {
		if !j.names(q.Action) || j.kind == policy.RCP && !bound(q.Action) {
			continue
		}
		d := j.set.Decide(q)
		if d.Outcome == policy.Denied {
			out.outcome, out.decision, out.action = d.Outcome, d, q.Action
			return out
		}
		if d.Outcome == policy.Undecided && out.outcome == policy.Untouched {
			out.outcome, out.decision, out.action = d.Outcome, d, q.Action
		}
	}
	return out
}

// names reports whether the policies have anything to say of an action.
func (j *judge) names(action string) bool {
	known, ok := j.about[action]
	if !ok {
		known = j.set.About(strings.ToLower(action))
		if len(j.about) < 1<<16 { // names come from the log
			j.about[action] = known
		}
	}
	return known
}

// exempt says why the policies do not bind a call; empty when they do.
func (j *judge) exempt(c *trail.Call) string {
	if c.Linked {
		return linkedRole
	}
	if j.kind == policy.RCP {
		some := false
		for _, q := range c.Requests {
			some = some || bound(q.Action)
		}
		switch {
		case !some:
			return unbound
		case j.org.Management != "" && c.Owner == j.org.Management:
			return management
		case j.org.Has(c.Owner) == policy.No:
			return foreign
		}
		return ""
	}
	switch {
	case c.Service:
		return awsService
	case c.Account == "":
		return nobody
	case j.org.Management != "" && c.Account == j.org.Management:
		return management
	case c.Inside == policy.No:
		return outside
	}
	return ""
}

// isCall leaves out what services and the sign-in page write of themselves.
func isCall(r *event.Record) bool {
	kind, _ := r.Part(event.EventType).Text()
	return kind == "" || kind == "AwsApiCall" || kind == "AwsConsoleAction" || kind == "AwsVpceEvent"
}

// isRefusal reports whether an error says that the call was not allowed. Services have words of their own for it.
func isRefusal(code string) bool {
	for _, word := range []string{"AccessDenied", "UnauthorizedOperation", "NotAuthorized", "AuthorizationError", "Forbidden", "UnauthorizedAccess"} {
		if strings.Contains(code, word) {
			return true
		}
	}
	return false
}

func bound(action string) bool {
	service, _, _ := strings.Cut(action, ":")
	return names.Bound(strings.ToLower(service))
}
