package book

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"jobzero/internal/doc"
	"jobzero/internal/ticket"
)

// The limits of one playbook.
const (
	mostSteps = 200
	mostDeep  = 8 // branches within branches
)

var idForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,99}$`)

// Gatherers are the words of a gather step.
var Gatherers = slices.Concat(Inquired, []string{"least", "denied"})

// Inquired are those that are read about each finding before anything is done about it; the others are for those who ask for them.
var Inquired = []string{
	"who", "event", "activity", "first-seen", "history", "owner", "exposure", "related", "waivers", "reach", "ours", "tools", "changes", "break-glass",
}

// check names all that is wrong with what the definition says of itself, of when it begins and of its guards, and the first thing of each step.
func (d Definition) check(root *doc.Node) (bad []error) {
	add := func(place, format string, args ...any) { bad = append(bad, find(root, place).Errorf(format, args...)) }
	if d.ID == "" || d.Title == "" || d.Why == "" {
		add("", "id, title and why are all needed")
	}
	if d.ID != "" && !idForm.MatchString(d.ID) {
		add("id", "id %q: want small letters, digits and hyphens", d.ID)
	}
	if d.When.none() {
		add("when", "when: name the expectations or rules, or what of leavers, whose findings this playbook settles; or a schedule, states of tickets, or hand: true")
	}
	if len(d.Steps) == 0 || len(d.steps) > mostSteps {
		add("steps", "steps: %d: want 1 to %d", len(d.steps), mostSteps)
	}
	if d.Settled != "" && d.SettledBy != "" {
		add("settled_by", "settled, settled_by: one of them, not both")
	}
	if len(d.When.Rules) > 0 && d.Settled == "" && d.SettledBy == "" {
		add("when.rules", "settled, settled_by: a playbook for rules needs one of them: a condition such as resource.properties.Status == \"Inactive\", or the id of an expectation")
	}
	if !oneOf(d.OnFailure, "", Next, Stop, Undo) {
		add("on_failure", "on_failure: %q: use next, stop or undo", d.OnFailure)
	}
	bad = append(bad, d.checkTrigger(root)...)
	for i, g := range d.Guards {
		if g.If == "" || !oneOf(g.Else, "", ElsePlan, ElseWait, ElsePerson) {
			add("guards"+index(i), "guards%s: wants if, a condition; and else, if it is there, plan, wait or person", index(i))
		}
	}
	seen := map[string]bool{}
	for _, s := range d.steps {
		if err := s.check(find(root, s.place), seen); err != nil {
			bad = append(bad, err)
		}
	}
	return bad
}

func (d Definition) checkTrigger(root *doc.Node) (bad []error) {
	if s := d.When.Schedule; s != "" {
		if _, err := cron.ParseStandard(s); err != nil || strings.Contains(s, "TZ=") {
			bad = append(bad, find(root, "when.schedule").Errorf("schedule %q: want five fields as cron writes them, such as 30 6 * * 1: %v", s, err))
		} else if strings.HasPrefix(s, "@every") {
			bad = append(bad, find(root, "when.schedule").Errorf("schedule %q: its times depend on when it began: want five fields as cron writes them, such as */30 * * * *", s))
		} else if d.When.Next(time.Unix(0, 0)).IsZero() {
			bad = append(bad, find(root, "when.schedule").Errorf("schedule %q: there is no such day within five years", s))
		}
	}
	for i, s := range d.When.Tickets {
		if !slices.Contains(ticket.States(), ticket.State(s)) {
			bad = append(bad, find(root, "when.tickets"+index(i)).Errorf("tickets: %q is no state of a ticket: use %v", s, ticket.States()))
		}
	}
	return bad
}

func oneOf[T comparable](v T, of ...T) bool { return slices.Contains(of, v) }

// check names the first thing that is wrong with a step.
func (s *Step) check(n *doc.Node, seen map[string]bool) error {
	kinds := s.kinds()
	switch {
	case s.ID == "" || len(kinds) == 0:
		return n.Errorf("%s: id and what it does are both needed: action, gather, decide, parallel, wait, approval, manual, notify, playbook, webhook, lambda or document", s.place)
	case len(kinds) > 1:
		return n.Errorf("%s: does %s and %s: one step does one thing", s.place, kinds[0], kinds[1])
	case seen[s.ID] || !idForm.MatchString(s.ID):
		return n.Errorf("%s: id %q must be unique in the playbook and made of small letters, digits and hyphens", s.place, s.ID)
	case strings.Count(s.place, "steps") > mostDeep:
		return n.Errorf("%s: branches within branches, more than %d deep", s.place, mostDeep)
	case !oneOf(s.OnFailure, "", Next, Stop, Undo):
		return n.Errorf("%s: on_failure %q: use next, stop or undo", s.place, s.OnFailure)
	case s.Timeout < 0 || s.Retry != nil && (s.Retry.Times < 1 || s.Retry.Pause < 0 || s.Retry.Most < 0):
		return n.Errorf("%s: timeout and retry: want a duration such as 10m, and times of 1 or more", s.place)
	}
	seen[s.ID] = true
	if kinds[0] != Action && (s.On != nil || s.Params != nil || s.With != nil || s.Always || s.Approve != nil) {
		return n.Errorf("%s: on, params, with, always and approve are for an action", s.place)
	}
	return s.checkKind(kinds[0], n)
}

func (s *Step) checkGather(words []string, n *doc.Node) error {
	for _, g := range words {
		if !slices.Contains(Gatherers, g) {
			return n.Errorf("%s: nobody gathers %q: use %s", s.place, g, strings.Join(Gatherers, ", "))
		}
	}
	return nil
}

func (s *Step) checkKind(kind Kind, n *doc.Node) error {
	switch kind {
	case Gather:
		return s.checkGather(s.Gather, n)
	case Decide, Parallel:
		return s.checkBranches(kind, n)
	case Waiting:
		switch w := s.Wait; {
		case w.For < 0 || w.For == 0 && w.Until == "":
			return n.Errorf("%s: wait: wants for, a duration such as 15m, or until, a condition", s.place)
		case w.Until != "" && w.Unless != "":
			return n.Errorf("%s: wait: until ends it and unless fails it: say one of the two", s.place)
		}
		return s.checkGather(s.Wait.Gather, n)
	case Approve:
		return s.Approval.check(s.place, n)
	case Task:
		if s.Manual.Do == "" || s.Manual.Within < 0 {
			return n.Errorf("%s: manual: wants do, what a person shall do", s.place)
		}
	case Action:
		return s.checkAction(n)
	case Tell, Hook, Function, Script:
		return s.checkCall(n)
	default:
	}
	return nil
}

func (s *Step) checkBranches(kind Kind, n *doc.Node) error {
	for i, b := range append(slices.Clone(s.Decide), s.Parallel...) {
		switch {
		case kind == Parallel && (b.If != "" || len(b.Steps) == 0):
			return n.Errorf("%s: parallel%s: a branch has steps and no condition", s.place, index(i))
		case kind == Decide && b.If == "" && i < len(s.Decide)-1:
			return n.Errorf("%s: decide%s: only the last branch may be without a condition: those after it are never looked at", s.place, index(i))
		}
	}
	if len(s.Decide)+len(s.Parallel) == 0 {
		return n.Errorf("%s: %s: at least one branch is needed", s.place, kind)
	}
	return nil
}

func (s *Step) checkAction(n *doc.Node) error {
	if s.On != nil && (s.On.Type == "" || s.On.ID == "") {
		return n.Errorf("%s: on: wants type, such as AWS::IAM::User, and id, an expression", s.place)
	}
	for name := range s.With {
		if _, twice := s.Params[name]; twice {
			return n.Errorf("%s: %s is in params and in with", s.place, name)
		}
	}
	if s.Approve != nil {
		return s.Approve.check(s.place, n)
	}
	return nil
}

func (s *Step) checkCall(n *doc.Node) error {
	switch {
	case s.Notify != nil && (s.Notify.To == "" || s.Notify.Say == ""):
		return n.Errorf("%s: notify: wants to, owner or a channel, and say, the text", s.place)
	case s.Webhook != nil && s.Webhook.Name == "":
		return n.Errorf("%s: webhook: wants name, that of an address in the settings", s.place)
	case s.Lambda != nil && s.Lambda.Function == "":
		return n.Errorf("%s: lambda: wants function, a name or an ARN", s.place)
	case s.Document != nil && s.Document.Name == "":
		return n.Errorf("%s: document: wants name, that of an Automation document", s.place)
	}
	return nil
}

func (a *Approval) check(place string, n *doc.Node) error {
	if a.Persons < 0 || a.Persons > 9 || a.Within < 0 || !oneOf(a.Expired, "", Denied, Escalated) {
		return n.Errorf("%s: approval: wants persons, 1 to 9; within, a duration such as 4h; and expired, denied or escalate", place)
	}
	return nil
}
