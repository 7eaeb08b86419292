package gate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"jobzero/internal/check"
)

// The limits of the texts in an answer, in characters. Longer ones are cut by the caller, and without saying so.
const (
	maxStack        = 4096 // of a message, when CloudFormation calls
	maxCloudControl = 1024 // of a message, when the Cloud Control API calls
	maxName         = 1024 // of the name of an annotation
	maxText         = 4096 // of a text of an annotation; AWS keeps up to 16,384, and an answer has many of them
	maxAnnotations  = 100  // in an answer
)

// Status is whether a call may go on.
type Status string

// The states.
const (
	Success Status = "SUCCESS"
	Failed  Status = "FAILED"
)

// The reasons of a failure.
const (
	noncompliant = "NonCompliant"
	failure      = "InternalFailure"
)

// Answer is what a Lambda hook gives back.
type Answer struct {
	Status      Status       `json:"hookStatus"`
	Code        string       `json:"errorCode,omitempty"` // NonCompliant or InternalFailure; only of a failure
	Message     string       `json:"message"`
	Token       string       `json:"clientRequestToken"`
	Context     *struct{}    `json:"callbackContext"` // always null: every call is answered at once
	Delay       int          `json:"callbackDelaySeconds"`
	Annotations []Annotation `json:"annotations,omitempty"`
}

// Annotation is what one expectation says.
type Annotation struct {
	Name     string `json:"annotationName"`
	Status   string `json:"status"` // PASSED, FAILED, or SKIPPED for what is undecided or waived
	Text     string `json:"statusMessage,omitempty"`
	Fix      string `json:"remediationMessage,omitempty"`
	Link     string `json:"remediationLink,omitempty"`
	Severity string `json:"severityLevel,omitempty"` // INFORMATIONAL to CRITICAL
}

// stop makes the answer a failure where the mode allows it.
func (a *Answer) stop(m Mode, bad bool, code string) {
	if bad && m == Enforce {
		a.Status, a.Code = Failed, code
	}
}

// cut shortens a text to so many characters, and shows that it did.
func cut(text string, limit int) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	return string([]rune(text)[:limit-1]) + "…"
}

// message is the verdict in words: the counts, and then the worst.
func message(r *check.Report, o Options) string {
	bad := byWorst(r, check.Fail)
	head := []string{fmt.Sprintf("%d met, %d not met, %d undecided, %d waived", r.Count(check.Pass), len(bad), r.Count(check.Undecided), r.Count(check.Waived))}
	if len(r.Results) == 0 {
		head = []string{"nothing is expected of it"}
	}
	for _, s := range r.Skipped {
		if len(head) < 20 {
			head = append(head, s.Name+" is not judged: "+s.Why)
		}
	}
	for _, x := range bad {
		mild := ""
		if x.Severity.Rank() < o.FailOn.Rank() {
			mild = ", which stops nothing"
		}
		head = append(head, fmt.Sprintf("%s: %s (%s, %s%s)", x.Name, x.Reason, x.Expectation.ID, x.Severity, mild))
	}
	for _, x := range byWorst(r, check.Undecided) {
		head = append(head, fmt.Sprintf("%s: undecided: %s (%s, %s)", x.Name, x.Reason, x.Expectation.ID, x.Severity))
	}
	return strings.Join(head, "; ")
}

func byWorst(r *check.Report, v check.Verdict) (out []*check.Result) {
	for i := range r.Results {
		if r.Results[i].Verdict == v {
			out = append(out, &r.Results[i])
		}
	}
	slices.SortStableFunc(out, func(a, b *check.Result) int { return cmp.Compare(b.Severity.Rank(), a.Severity.Rank()) })
	return out
}

// annotations say what each expectation found, of all resources of the call: what fails first, and the worst of it.
func annotations(r *check.Report) (out []Annotation) {
	at := map[string]int{}
	for _, kind := range []check.Verdict{check.Fail, check.Undecided, check.Waived, check.Known, check.Pass} {
		for _, x := range byWorst(r, kind) {
			text := x.Name + ": " + x.Reason
			i, there := at[x.Expectation.ID]
			if !there {
				at[x.Expectation.ID] = len(out)
				out = append(out, annotate(x, text))
				continue
			}
			if kind == check.Pass && out[i].Status != statusOf(check.Pass) {
				continue
			}
			if kind != check.Fail && out[i].Status == statusOf(check.Fail) {
				text = x.Name + ": " + string(kind) + ": " + x.Reason
			}
			if len(out[i].Text) < maxText {
				out[i].Text += "; " + text
			}
		}
	}
	more := len(out) - maxAnnotations
	if more > 0 {
		out = append(out[:maxAnnotations-1], Annotation{Name: "jobzero", Status: statusOf(check.Undecided), Text: fmt.Sprintf("%d more expectations are not listed", more+1)})
	}
	for i := range out {
		out[i].Text = cut(out[i].Text, maxText)
	}
	return out
}

func annotate(x *check.Result, text string) Annotation {
	if x.Verdict == check.Waived || x.Verdict == check.Undecided {
		text = x.Name + ": " + string(x.Verdict) + ": " + x.Reason
	}
	a := Annotation{Name: cut(x.Expectation.ID, maxName), Status: statusOf(x.Verdict), Text: text, Severity: strings.ToUpper(string(x.Severity))}
	if x.Verdict != check.Pass {
		a.Fix = cut(x.Fix, maxText)
	}
	return a
}

func statusOf(v check.Verdict) string {
	switch v {
	case check.Pass:
		return "PASSED"
	case check.Fail:
		return "FAILED"
	case check.Undecided, check.Waived, check.Known:
	}
	return "SKIPPED"
}
