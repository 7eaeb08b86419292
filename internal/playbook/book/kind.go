package book

import (
	"slices"
	"strconv"
	"time"
)

// Kind is what a step does, by the word of its field.
type Kind string

// The kinds.
const (
	Action   Kind = "action"
	Gather   Kind = "gather"
	Decide   Kind = "decide"
	Parallel Kind = "parallel"
	Waiting  Kind = "wait"
	Approve  Kind = "approval"
	Task     Kind = "manual"
	Tell     Kind = "notify"
	Other    Kind = "playbook"
	Hook     Kind = "webhook"
	Function Kind = "lambda"
	Script   Kind = "document"
)

// kinds are the fields of a step that say what it does, of which those that are there count.
func (s *Step) kinds() (out []Kind) {
	for _, k := range []struct {
		kind Kind
		is   bool
	}{
		{Action, s.Action != ""},
		{Gather, s.Gather != nil},
		{Decide, s.Decide != nil},
		{Parallel, s.Parallel != nil},
		{Waiting, s.Wait != nil},
		{Approve, s.Approval != nil},
		{Task, s.Manual != nil},
		{Tell, s.Notify != nil},
		{Other, s.Playbook != ""},
		{Hook, s.Webhook != nil},
		{Function, s.Lambda != nil},
		{Script, s.Document != nil},
	} {
		if k.is {
			out = append(out, k.kind)
		}
	}
	return out
}

// Kind is what the step does.
func (s *Step) Kind() Kind {
	if k := s.kinds(); len(k) == 1 {
		return k[0]
	}
	return ""
}

// Outward reports whether the step tells or asks somebody, and leaves its target as it is.
func (s *Step) Outward() bool { return s.Effect() && s.Kind() != Action }

// Effect reports whether the step changes something in the world.
func (s *Step) Effect() bool {
	switch s.Kind() {
	case Action, Tell, Hook, Function, Script:
		return true
	default:
		return false
	}
}

// The defaults of what a step does not say.
const (
	approvalLasts = 4 * time.Hour
	retryPause    = 10 * time.Second
	retryMost     = 10 * time.Minute
)

// Need is how many people have to agree.
func (a Approval) Need() int { return max(a.Persons, 1) }

// Lasts is for how long the question stands.
func (a Approval) Lasts() time.Duration {
	if a.Within == 0 {
		return approvalLasts
	}
	return a.Within
}

// Ends is what no answer is taken for.
func (a Approval) Ends(contains bool) Expired {
	switch {
	case a.Expired != "":
		return a.Expired
	case contains:
		return Escalated
	default:
		return Denied
	}
}

// After is how long to wait before the next try, when so many have failed; chance is in [0,1).
func (r Retry) After(failed int, chance float64) time.Duration {
	pause, most := r.Pause, r.Most
	if pause == 0 {
		pause = retryPause
	}
	if most == 0 {
		most = retryMost
	}
	for range failed - 1 {
		if pause >= most {
			break
		}
		pause *= 2
	}
	pause = min(pause, most)
	return pause + time.Duration(chance*float64(pause)/2)
}

// Fails is what a failed step leads to.
func (d Definition) Fails(s *Step) Failure {
	switch {
	case s.OnFailure != "":
		return s.OnFailure
	case d.OnFailure != "":
		return d.OnFailure
	default:
		return Next
	}
}

func index(i int) string { return "[" + strconv.Itoa(i) + "]" }

// Asks reports whether an expression has to be asked before the step's effect can be planned.
func (s *Step) Asks() bool { return s.On != nil || len(s.With) > 0 || s.Effect() && s.Kind() != Action }

// GuardPlace is where the condition of a guard stands.
func GuardPlace(i int) string { return "guards" + index(i) + ".if" }

// Kinds lists the words of the fields that say what a step does.
func Kinds() []Kind {
	return []Kind{Action, Gather, Decide, Parallel, Waiting, Approve, Task, Tell, Other, Hook, Function, Script}
}

// The actions behind the steps that are no action by name.
const (
	notifyAction   = "notify.send"
	webhookAction  = "webhook.post"
	lambdaAction   = "lambda.invoke"
	documentAction = "ssm.run-automation"
)

// Outward reports whether an action is one of those behind such steps: it tells or asks somebody, and leaves its target as it is.
func Outward(action string) bool {
	return slices.Contains([]string{notifyAction, webhookAction, lambdaAction, documentAction}, action)
}

// ActionID is the action of a step that changes something; empty for any other.
func (s *Step) ActionID() string {
	switch s.Kind() {
	case Tell:
		return notifyAction
	case Hook:
		return webhookAction
	case Function:
		return lambdaAction
	case Script:
		return documentAction
	default:
		return s.Action
	}
}
