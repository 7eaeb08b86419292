package ours

import (
	"encoding/json"
	"fmt"

	"jobzero/internal/finding"
)

// The names under which findings are made.
const (
	ByCall  = "jobzero/own-call"  // CloudTrail has a call of ours that our log does not have
	ByTrail = "jobzero/own-trail" // our log has calls that CloudTrail does not have
)

// Finding says that a call of ours is not in our log. All calls of a session that call the same are one, each with its own sighting.
func (c Call) Finding() finding.Finding {
	f := finding.Finding{
		Fingerprint: finding.Print(finding.Imported, ByCall, c.Of, c.Role, c.Session, c.API, string(c.Verdict)), Kind: finding.Imported, By: ByCall,
		Title:    "A session of jobzero's own role made a call that jobzero's log does not have: " + c.API,
		Severity: finding.High, Account: c.Of, Region: c.Region, Principal: c.Role,
		Occurred: c.At, Detected: c.Heard, Sighting: string(c.Event), State: finding.Open,
	}
	advice := "Somebody else has used the role: look who assumed it (AssumeRole of that session), stop the role's sessions, " +
		"change what may assume it, and run `jobzero audit verify` in case the log was cut."
	if c.Verdict == Unproved {
		f.Severity = finding.Low
		f.Title = "A call of jobzero's own role is not proved by its log: " + c.API
		advice = "A process of jobzero probably died between the call and its record: look whether the call is what the plan says."
	}
	names := "no ticket"
	if c.Ticket != "" {
		names = "ticket " + c.Ticket
	}
	came := ""
	if c.Error != "" {
		came = " It failed with " + c.Error + "."
	}
	f.Why = fmt.Sprintf("%s at %s in account %s, %s, from %s, request %s: %s. The session %s names %s.%s %s",
		c.API, clock(c.At), c.Account, or(c.Region, "no region"), or(c.IP, "an unknown address"), or(c.Request, "without ID"), c.Why, c.Session, names, came, advice)
	data, err := json.Marshal(c)
	if err != nil {
		data = nil // a struct of texts and times always marshals
	}
	f.Evidence = []finding.Evidence{{Kind: "event", At: c.At, Text: f.Why, Data: data}}
	return f
}

func or(text, instead string) string {
	if text == "" {
		return instead
	}
	return text
}
