package narrow

import (
	"jobzero/internal/action"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/policy"
)

// Text is a policy as a plan records it.
type Text struct{ Document string }

// Complete completes a plan that puts a smaller text in the place of the one that is there. One that is not surely smaller is refused.
func Complete(p *effect.Plan, k policy.Kind, now, smaller string) error {
	new, _, err := policy.Parse("document", k, []byte(smaller))
	if err != nil {
		return err
	}
	if action.SameText(now, smaller) {
		p.Nothing = "the policy is so already"
		return nil
	}
	old, _, unread := policy.Parse("the policy that is there", k, []byte(now))
	switch {
	case unread != nil:
		p.Refused = "the policy that is there cannot be read, so that nothing can be held against it: " + unread.Error()
	case !new.Narrower(old):
		p.Refused = "it is not sure that the new text allows no more than the one that is there"
	}
	if p.Refused != "" {
		return nil
	}
	p.Diff = "- " + now + "\n+ " + smaller
	p.Before, err = action.Text(Text{now})
	return err
}

// Ended reports whether there is nothing to plan any more.
func Ended(p effect.Plan) bool { return p.Nothing != "" || p.Refused != "" }

// Kept is the text that a plan found, which surely allows no less than the one that it puts.
func Kept(p effect.Plan, k policy.Kind) (string, error) {
	var b Text
	if err := action.ReadBefore(p, &b); err != nil {
		return "", err
	}
	old, _, err := policy.Parse("before", k, []byte(b.Document))
	if err != nil {
		return "", err
	}
	new, _, err := policy.Parse("document", k, []byte(p.Target.Params["document"]))
	if err != nil {
		return "", err
	}
	if !new.Narrower(old) {
		return "", fault.New(fault.Invalid, "the plan of %s for %s puts no smaller policy: plan it again", p.Action, p.Target.Ref)
	}
	return b.Document, nil
}

// Verified says whether a policy allows no more than the smaller text.
func Verified(k policy.Kind, now, smaller string) effect.Check {
	if now == "" {
		return effect.Check{Holds: true, Text: "there is no such policy any more"}
	}
	new, _, err := policy.Parse("document", k, []byte(smaller))
	if err != nil {
		return effect.Check{Unknown: true, Text: err.Error()}
	}
	old, _, err := policy.Parse("the policy that is there", k, []byte(now))
	switch {
	case err != nil:
		return effect.Check{Unknown: true, Text: err.Error()}
	case old.Narrower(new):
		return effect.Check{Holds: true, Text: "the policy allows no more than the smaller text"}
	}
	return effect.Check{Text: "the policy allows more than the smaller text"}
}
