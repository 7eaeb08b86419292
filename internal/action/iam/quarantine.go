package iam

import (
	"encoding/json"
	"time"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/policy/timed"
	"jobzero/internal/resource"
)

func everything(effect.Target) (string, error) { return denyAll, nil }

// ShutOutUser denies a user everything.
func ShutOutUser() setting.Of[denied] {
	return denial{
		about: action.Info{
			ID: "iam.shut-out-user", Title: "Deny a user of IAM everything", Shuts: effect.ShutsAll, Targets: []resource.Type{resource.User},
			Why: "A deny without any condition outranks whatever the user's policies, groups and the policies of resources allow, and holds at once " +
				"for sessions that were made with the user's keys before.",
			Risk: "Whatever runs as the user stops, also what shares the user with others. Sessions of roles that the user has taken on before live on.",
		},
		policy: "jobzero-shut-out", met: "the user is denied everything", loses: " with everything", text: everything,
	}.action()
}

// QuarantineRole denies a role everything.
func QuarantineRole() setting.Of[denied] {
	return denial{
		about: action.Info{
			ID: "iam.quarantine-role", Title: "Deny a role everything", Shuts: effect.ShutsAll, Targets: []resource.Type{resource.Role},
			Why: "A role that somebody else works as is stopped whole: the deny has no condition, so that it holds at once for every session of the role, " +
				"however and whenever it was begun, and for those that are begun later.",
			Risk: "Whatever works as the role stops until it is undone: machines, functions and people. Where only old sessions are not trusted, end those instead.",
		},
		policy: "jobzero-quarantine", met: "the role is denied everything", loses: " with everything, in every session of it", text: everything,
	}.action()
}

// RevokeUserSessions denies everything to sessions that were made with a user's keys before a time.
func RevokeUserSessions() setting.Of[denied] {
	return denial{
		about: action.Info{
			ID: "iam.revoke-user-sessions", Title: "End the sessions that were made with a user's keys", Shuts: effect.ShutsSessions, Targets: []resource.Type{resource.User},
			Why: "Sessions that were made with a key (GetSessionToken, GetFederationToken) live on for up to 36 hours when the key is made inactive. A deny by the " +
				"time at which they were issued ends them at once; calls that are signed with a key itself have no such time, and are not touched.",
			Risk: "Whatever works with such a session stops, and has to make a new one. Sessions of roles that the user has taken on are of the role: end those there.",
			Params: []action.Param{
				{Name: "issued-before", Text: "end sessions that were issued before this time, such as 2026-12-31T18:00:00Z", Required: true},
			},
		},
		policy: "jobzero-ended-sessions", met: "sessions that were issued before that time are denied everything", loses: " with sessions that were issued before the time",
		text: endedSessions, enough: endedLater,
	}.action()
}

// issuedBefore is the policy as it is written, so that it can be read back.
type issuedBefore struct {
	Version   string
	Statement []issuedStatement
}

type issuedStatement struct {
	Sid, Effect, Action, Resource string
	Condition                     struct {
		DateLessThan map[string]string
	}
}

const issueTime = "aws:TokenIssueTime"

func endedSessions(t effect.Target) (string, error) {
	at, err := time.Parse(timed.Stamp, t.Params["issued-before"])
	if err != nil {
		return "", fault.New(fault.Invalid, "issued-before %q: want a time such as 2026-12-31T18:00:00Z", t.Params["issued-before"])
	}
	s := issuedStatement{Sid: "EndedSessions", Effect: "Deny", Action: "*", Resource: "*"}
	s.Condition.DateLessThan = map[string]string{issueTime: at.UTC().Format(timed.Stamp)}
	text, err := action.Text(issuedBefore{"2012-10-17", []issuedStatement{s}})
	return string(text), err
}

// endedLater reports whether a policy ends sessions until the same time or a later one; it is ours when it is written as we write it.
func endedLater(now, want string) (there, ours bool) {
	was, errWas := endOfSessions(now)
	wish, errWish := endOfSessions(want)
	return errWas == nil && errWish == nil && !was.Before(wish), errWas == nil && errWish == nil
}

// endOfSessions reads the time of a policy that is written to the letter as ours, but for the time.
func endOfSessions(text string) (at time.Time, err error) {
	var p issuedBefore
	if err := json.Unmarshal([]byte(text), &p); err != nil || len(p.Statement) != 1 {
		return at, fault.New(fault.Invalid, "the policy is not written as ours")
	}
	word := p.Statement[0].Condition.DateLessThan[issueTime]
	again, err := endedSessions(effect.Target{Params: map[string]string{"issued-before": word}})
	if err != nil || !action.SameText(text, again) {
		return at, fault.New(fault.Invalid, "the policy is not written as ours")
	}
	return time.Parse(timed.Stamp, word)
}
