package iam

import (
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"jobzero/internal/action"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/policy"
)

// text is a policy as a plan records it.
type text struct{ Document string }

// written is a policy as the API gives it: percent-encoded as RFC 3986 says, unless it is plain already.
func written(document *string) (string, error) {
	plain := aws.ToString(document)
	if strings.HasPrefix(strings.TrimSpace(plain), "{") {
		return plain, nil
	}
	plain, err := url.PathUnescape(plain)
	return plain, fault.Wrap(fault.Unavailable, err, "a policy that is not encoded as IAM encodes")
}

// narrow completes a plan that puts a smaller text in the place of the one that is there. One that is not surely smaller is refused.
func narrow(p *effect.Plan, now, smaller string) error {
	new, _, err := policy.Parse("document", policy.Identity, []byte(smaller))
	if err != nil {
		return err
	}
	if action.SameText(now, smaller) {
		p.Nothing = "the policy is so already"
		return nil
	}
	old, _, unread := policy.Parse("the policy that is there", policy.Identity, []byte(now))
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
	p.Before, err = action.Text(text{now})
	return err
}

func ended(p effect.Plan) bool { return p.Nothing != "" || p.Refused != "" }

// kept is the text that a plan found, which surely allows no less than the one that it puts.
func kept(p effect.Plan) (string, error) {
	var b text
	if err := action.ReadBefore(p, &b); err != nil {
		return "", err
	}
	old, _, err := policy.Parse("before", policy.Identity, []byte(b.Document))
	if err != nil {
		return "", err
	}
	new, _, err := policy.Parse("document", policy.Identity, []byte(p.Target.Params["document"]))
	if err != nil {
		return "", err
	}
	if !new.Narrower(old) {
		return "", fault.New(fault.Invalid, "the plan of %s for %s puts no smaller policy: plan it again", p.Action, p.Target.Ref)
	}
	return b.Document, nil
}

// verified says whether a policy allows no more than the smaller text.
func verified(now, smaller string) effect.Check {
	if now == "" {
		return effect.Check{Holds: true, Text: "there is no such policy any more"}
	}
	new, _, err := policy.Parse("document", policy.Identity, []byte(smaller))
	if err != nil {
		return effect.Check{Unknown: true, Text: err.Error()}
	}
	old, _, err := policy.Parse("the policy that is there", policy.Identity, []byte(now))
	switch {
	case err != nil:
		return effect.Check{Unknown: true, Text: err.Error()}
	case old.Narrower(new):
		return effect.Check{Holds: true, Text: "the policy allows no more than the smaller text"}
	}
	return effect.Check{Text: "the policy allows more than the smaller text"}
}
