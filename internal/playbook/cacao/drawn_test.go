package cacao_test

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"jobzero/internal/playbook/book"
)

// drawer draws playbooks that use all of the language.
type drawer struct {
	t     *rapid.T
	count int
}

func (d *drawer) one(label string, of ...string) string {
	return rapid.SampledFrom(of).Draw(d.t, label)
}

func (d *drawer) maybe(label string) bool { return rapid.Bool().Draw(d.t, label) }

func (d *drawer) duration(label string) time.Duration {
	return time.Duration(rapid.Int64Range(1, int64(time.Hour)*400).Draw(d.t, label))
}

func (d *drawer) words(label string) string {
	return rapid.OneOf(rapid.SampledFrom([]string{"yes", "a: b", "two\nlines", "ö # x", `"quoted"`, "a\n\nb\n", "https://example.com/?a=1&b=<2>"}),
		rapid.StringMatching(`[A-Za-z][A-Za-z ,.:']{0,150}`)).Draw(d.t, label)
}

func (d *drawer) condition() string {
	return d.one("condition", `finding.severity == "critical"`, "freeze == false", `account.environment != "production"`, `steps["s-1"].state == "done"`, "true")
}

func (d *drawer) text() string {
	return d.one("text", "finding.title", "finding.principal", "resource.id")
}

func (d *drawer) definition() book.Definition {
	out := book.Definition{
		ID: rapid.StringMatching(`[a-z0-9][a-z0-9-]{0,20}`).Draw(d.t, "id"), Title: d.words("title"), Why: d.words("why"),
		Contains: d.maybe("contains"), OnFailure: book.Failure(d.one("on_failure", "", "next", "stop", "undo")),
	}
	switch d.one("when", "hand", "rules", "leavers", "all") {
	case "hand":
		out.When.Hand = true
	case "rules":
		out.When.Rules, out.SettledBy = []string{"a", "b"}, "some-expectation"
	case "leavers":
		out.When.Leavers = []string{"user"}
	default:
		out.When = book.Trigger{Expectations: []string{"x"}, Schedule: "30 6 * * 1", Tickets: []string{"human"}, Hand: true}
		out.Settled = "resource.gone"
	}
	for range rapid.IntRange(0, 2).Draw(d.t, "guards") {
		out.Guards = append(out.Guards, book.Guard{If: d.condition(), Why: d.words("guard"), Else: book.Else(d.one("else", "", "plan", "wait", "person"))})
	}
	out.Steps = d.steps(3, 1)
	return out
}

func (d *drawer) steps(depth, least int) (out []book.Step) {
	for range rapid.IntRange(least, 3).Draw(d.t, "steps") {
		out = append(out, d.step(depth))
	}
	return out
}

func (d *drawer) step(depth int) book.Step {
	d.count++
	s := book.Step{ID: fmt.Sprintf("s-%d", d.count), OnFailure: book.Failure(d.one("fails", "", "next", "stop", "undo"))}
	if d.maybe("if") {
		s.If = d.condition()
	}
	if d.maybe("timeout") {
		s.Timeout = d.duration("timeout")
	}
	if d.maybe("retry") {
		s.Retry = &book.Retry{Times: 3, Pause: d.duration("pause")}
	}
	if depth > 0 {
		switch d.one("inside", "no", "no", "decide", "parallel") {
		case "decide":
			for range rapid.IntRange(1, 3).Draw(d.t, "branches") {
				s.Decide = append(s.Decide, book.Branch{If: d.condition(), Steps: d.steps(depth-1, 0)})
			}
			if d.maybe("otherwise") {
				s.Decide[len(s.Decide)-1].If = ""
			}
			return s
		case "parallel":
			for range rapid.IntRange(1, 3).Draw(d.t, "branches") {
				s.Parallel = append(s.Parallel, book.Branch{Steps: d.steps(depth-1, 1)})
			}
			return s
		}
	}
	d.does(&s)
	return s
}

func (d *drawer) does(s *book.Step) {
	approval := func() *book.Approval {
		return &book.Approval{Persons: rapid.IntRange(0, 3).Draw(d.t, "persons"), Within: time.Hour, Expired: book.Expired(d.one("expired", "", "denied", "escalate"))}
	}
	switch d.one("kind", "action", "gather", "wait", "until", "approval", "manual", "notify", "playbook", "webhook", "lambda", "document") {
	case "gather":
		s.Gather = []string{"who", "activity"}
	case "wait":
		s.Wait = &book.Wait{For: d.duration("for")}
		if d.maybe("unless") {
			s.Wait.Unless, s.Wait.Gather = d.condition(), []string{"denied"}
		}
	case "until":
		s.Wait = &book.Wait{Until: d.condition()}
		if d.maybe("most") {
			s.Wait.For = d.duration("for")
		}
	case "approval":
		s.Approval = approval()
	case "manual":
		s.Manual = &book.Manual{Do: d.words("do")}
	case "notify":
		s.Notify = &book.Notify{To: "owner", Say: "{{ finding.title }} " + d.words("say")}
	case "playbook":
		s.Playbook = "another"
	case "webhook":
		s.Webhook = &book.Webhook{Name: "siem", Body: map[string]string{"what": d.text()}}
	case "lambda":
		s.Lambda = &book.Lambda{Function: "tidy"}
	case "document":
		s.Document = &book.Document{Name: "AWS-StopEC2Instance", Params: map[string]string{"InstanceId": d.text()}}
	default:
		s.Action, s.Always = "s3.block-public-access", d.maybe("always")
		if d.maybe("params") {
			s.Params = map[string]string{"until": d.words("param"), "odd name": "x"}
		}
		if d.maybe("with") {
			s.With = map[string]string{"who": d.text()}
		}
		if d.maybe("on") {
			s.On = &book.On{Type: "AWS::IAM::User", ID: d.text()}
		}
		if d.maybe("approve") {
			s.Approve = approval()
		}
	}
}
