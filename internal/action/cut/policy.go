package cut

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
)

// Policy is the policy of a resource; a nil text is none.
type Policy struct {
	ARN  string // the resource's
	Text *string
}

// same compares what two policies say: AWS may write one in another way than it was put.
func (p Policy) same(o Policy) bool {
	if p.Text == nil || o.Text == nil {
		return p == o
	}
	return p.ARN == o.ARN && action.SameText(*p.Text, *o.Text)
}

// Place is where a kind of resource keeps its policy.
type Place struct {
	About   action.Info // but for its class of undo and the parameter that all have
	Service string      // whose condition keys are known
	Noun    string      // such as "the queue"
	Look    func(ctx context.Context, cfg aws.Config, t effect.Target) (Policy, error)
	// Put is the call that puts a text.
	Put func(t effect.Target, now Policy, text string) (effect.Call, error)
	// Drop is the call that takes the policy away; nil: there is always one, and Least is what it says then.
	Drop  func(t effect.Target, now Policy) (effect.Call, error)
	Least func(t effect.Target, now Policy) (string, error)
	Send  func(ctx context.Context, cfg aws.Config, call effect.Call) error
}

// Action makes an action of a place.
func (p Place) Action() setting.Of[Policy] {
	p.About.Undo, p.About.UndoHelpsAttacker = effect.Exact, true
	p.About.Params = append(p.About.Params, Declared(p.Noun))
	return setting.Of[Policy]{
		About: p.About, Find: setting.InRegion, Guard: Undeclared(p.Noun), Look: p.Look, Goal: p.goal, Calls: p.calls, Same: Policy.same, Send: p.Send,
	}
}

// Declared says what people have said about the resource.
func Declared(noun string) action.Param {
	return action.Param{Name: "declared", Text: "public or private, as people said; where it is public, " + noun + " is left alone"}
}

// Undeclared refuses what is declared public.
func Undeclared(noun string) func(context.Context, action.Session, effect.Target) (string, error) {
	return func(_ context.Context, _ action.Session, t effect.Target) (string, error) {
		switch d := t.Params["declared"]; d {
		case "public":
			return noun + " is declared public", nil
		case "", "private":
			return "", nil
		default:
			return "", fault.New(fault.Invalid, "declared is %q, want public or private", d)
		}
	}
}

func (p Place) goal(t effect.Target, now Policy) (setting.Goal[Policy], error) {
	g := setting.Goal[Policy]{To: now, Met: p.Noun + " has no policy", Missing: "the policy lets everybody in"}
	if now.Text == nil {
		return g, nil
	}
	c, err := Public(*now.Text, p.Service, t.Ref.Account)
	if err != nil {
		return g, err
	}
	if g.Met, g.Unclear = "no statement of the policy lets everybody in", c.Unclear; !c.Cut {
		return g, nil
	}
	g.To.Text, g.Diff, g.Loses = c.Rest, c.Diff, c.Loses
	if c.Rest == nil && p.Least != nil {
		least, err := p.Least(t, now)
		if err != nil {
			return g, err
		}
		g.To.Text, g.Diff = &least, g.Diff+"\n+ "+least
	}
	return g, nil
}

func (p Place) calls(t effect.Target, from, to Policy) ([]effect.Call, error) {
	if from.same(to) {
		return nil, nil
	}
	var call effect.Call
	var err error
	if to.Text == nil {
		if p.Drop == nil {
			return nil, fault.New(fault.Invalid, "the plan of %s for %s has recorded no policy", p.About.ID, t.Ref)
		}
		call, err = p.Drop(t, from)
	} else {
		call, err = p.Put(t, from, *to.Text)
	}
	return []effect.Call{call}, err
}
