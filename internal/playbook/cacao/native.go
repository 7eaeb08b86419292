package cacao

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"jobzero/internal/doc"
	"jobzero/internal/playbook/book"
)

// note is a word of ours on a step.
func note(t told) Extended { return Extended{extension: {stepProperty: string(doc.Write(t))}} }

// bare is a step without those in it and without its condition: these the workflow says.
func bare(s *book.Step) *book.Step {
	out := *s
	out.If = ""
	out.Decide = slices.Clone(s.Decide)
	if s.Parallel != nil {
		out.Parallel = []book.Branch{} // the word stays
	}
	for i := range out.Decide {
		out.Decide[i].Steps = nil
	}
	return &out
}

// native is a step of ours in CACAO's words, without its links.
func (e *exporter) native(s *book.Step) *Step {
	if out := e.from.step(s); out != nil {
		out.Extended = merged(out.Extended, note(told{Step: bare(s)}))
		return out
	}
	out := &Step{Type: action, Name: s.ID, Timeout: s.Timeout.Milliseconds(), Extended: note(told{Step: bare(s)})}
	switch s.Kind() {
	case book.Decide:
		e.decision(s, out)
	case book.Parallel:
		out.Type = parallel
	case book.Other:
		out.Type, out.Playbook = other, PlaybookID(s.Playbook)
	case book.Waiting:
		if s.Wait.Until != "" {
			v := variable("until-" + s.ID)
			out.Type, out.Condition = while, v+":value = 'false'"
			out.Variables = Variables{v: {Type: "bool", Description: "What CEL says: " + s.Wait.Until}}
			out.Timeout = s.Wait.For.Milliseconds()
			break
		}
		out.Delay = s.Wait.For.Milliseconds()
		fallthrough
	default:
		e.command(s, out)
	}
	return out
}

// decision is an if for one condition, and a switch for several.
func (e *exporter) decision(s *book.Step, out *Step) {
	v := variable("decide-" + s.ID)
	if n := len(s.Decide); n <= 2 && s.Decide[0].If != "" && (n == 1 || s.Decide[1].If == "") {
		out.Type, out.Condition = ifThen, v+":value = 'true'"
		out.Variables = Variables{v: {Type: "bool", Description: "What CEL says: " + s.Decide[0].If}}
		return
	}
	out.Type, out.Switch, out.Cases = choice, v+":value", map[string]string{}
	var says []string
	for i, b := range s.Decide {
		if b.If != "" {
			says = append(says, caseName(i, b)+" where "+b.If)
		}
	}
	out.Variables = Variables{v: {Type: "string", Description: "The first of which CEL says: " + strings.Join(says, "; ")}}
}

// caseName names a branch; the one for all else is called as CACAO wants it (section 4.10).
func caseName(i int, b book.Branch) string {
	if b.If == "" {
		return "default"
	}
	return "branch-" + strconv.Itoa(i)
}

// command says in words what software of others, or a person, is to do in place of ours.
func (e *exporter) command(s *book.Step, out *Step) {
	c := Command{Type: "manual"}
	out.Agent = software
	switch s.Kind() {
	case book.Action:
		c.Activity, c.Command = "configure-systems", e.effect(s, out)
	case book.Gather:
		c.Activity = "analyze-collected-data" //nolint:misspell // CACAO spells it so
		c.Command = "Read " + strings.Join(s.Gather, ", ") + " of what the finding is about"
	case book.Waiting:
		c.Activity, c.Command = "step-sequence", "Wait "+s.Wait.For.String()
	case book.Approve:
		out.Agent = people
		c.Activity, c.Command = "step-sequence", strings.TrimSpace(fmt.Sprintf("Agree to going on, or not: %d of you. %s", s.Approval.Need(), s.Approval.Why))
	case book.Task:
		out.Agent = people
		c.Activity, c.Command = "step-sequence", s.Manual.Do
	case book.Tell:
		c.Activity, c.Command = "deliver-content", "Tell "+s.Notify.To+": "+s.Notify.Say
	case book.Hook:
		c.Activity, c.Command = "execute-operation", "Post to the webhook "+s.Webhook.Name+listed(s.Webhook.Body)
	case book.Function:
		c.Activity, c.Command = "execute-operation", "Invoke the Lambda function "+s.Lambda.Function+listed(s.Lambda.Payload)
	default:
		c.Activity, c.Command = "execute-operation", "Run the Automation document "+s.Document.Name+listed(s.Document.Params)
	}
	out.Commands = []Command{c}
}

func listed(m map[string]string) string {
	var all []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		all = append(all, k+" = "+m[k])
	}
	if all == nil {
		return ""
	}
	return " with " + strings.Join(all, ", ")
}

// effect says of an action what it is done to, by variables that come from outside, and its parameters.
func (e *exporter) effect(s *book.Step, out *Step) string {
	on := "__resource_type__:value __resource_id__:value in account __account__:value, region __region__:value"
	out.In = []string{"__account__", "__region__", "__resource_id__", "__resource_type__"}
	if s.On != nil {
		on, out.In = s.On.Type+" named by CEL: "+s.On.ID, nil
	}
	for _, name := range slices.Sorted(maps.Keys(s.Params)) {
		if v := variable("param-" + name); v != "" {
			value := s.Params[name]
			if out.Variables == nil {
				out.Variables = Variables{}
			}
			out.Variables[v] = Variable{Type: "string", Description: "Parameter " + name, Value: &value, Constant: true}
			out.In = append(out.In, v)
		}
	}
	text := "Do " + s.Action + " on " + on
	if s.Approve != nil {
		text += fmt.Sprintf("; %d have to agree to exactly what it would change", s.Approve.Need())
	}
	return text + listed(s.With)
}

// again is what a loop does that waits for something: nothing, for a minute.
func (e *exporter) again(s *book.Step) string {
	id := e.name(action, s.ID, "again")
	e.p.Workflow[id] = &Step{
		Type: action, Name: "look again", Delay: time.Minute.Milliseconds(), Done: e.end(s.ID + "/again"), Agent: software,
		Commands: []Command{{Type: "manual", Activity: "step-sequence", Command: "Look again whether: " + s.Wait.Until}}, Extended: note(told{Part: "loop"}),
	}
	return id
}

// stop is where a failure leaves the rest to a person.
func (e *exporter) stop() string {
	id := e.name(end, "", "stop")
	e.p.Workflow[id] = &Step{Type: end, Name: "a person takes over", Extended: note(told{Part: "stop"})}
	return id
}

// undo is where a failure takes back first what was done.
func (e *exporter) undo() string {
	id := e.name(action, "", "undo")
	e.p.Workflow[id] = &Step{
		Type: action, Name: "take back what was done", Done: e.stop(), Agent: software,
		Commands: []Command{{Type: "manual", Activity: "revert-system", Command: "Take back, the last first, what the steps before have done"}},
		Extended: note(told{Part: "undo"}),
	}
	return id
}

// merged has the words of both, ours over theirs.
func merged(theirs, ours Extended) Extended {
	out := maps.Clone(theirs)
	if out == nil {
		out = Extended{}
	}
	maps.Copy(out, ours)
	return out
}
