package tie

import (
	"strings"

	"jobzero/internal/access"
	"jobzero/internal/access/estate"
	"jobzero/internal/access/holding"
	"jobzero/internal/policy"
)

// maxTries bounds the calls that are tried for one user; a policy of 5,000 statements has more.
const maxTries = 2000

// grants says what still allows something to a user. Can names statements by which a call of theirs is allowed, one for each policy; unsure
// says what keeps from proving that nothing does.
func grants(e *estate.Estate, u *holding.User) (can, unsure []string) {
	p, ok := e.Granted(u.ARN)
	if !ok {
		return nil, []string{"the policies of " + u.ARN + " were not read"}
	}
	if closed(&p) {
		return nil, nil
	}
	for _, name := range p.Unread {
		unsure = append(unsure, "the text of "+name+" of "+u.ARN+" was not read")
	}
	if p.UnreadBoundary != "" {
		unsure = append(unsure, "the text of the boundary "+p.UnreadBoundary+" of "+u.ARN+" was not read")
	}
	tries := 0
	for _, d := range p.Identity {
		text, sure := allows(e, u, d, "", &tries)
		if text == "" {
			continue
		}
		if sure {
			can = append(can, text)
		} else {
			unsure = append(unsure, text)
		}
	}
	for _, g := range e.Guarded() {
		if g.Policy == nil || !names(g.Policy, u) {
			continue
		}
		if text, sure := allows(e, u, g.Policy, g.ARN, &tries); text != "" && sure {
			can = append(can, text)
		} else if text != "" {
			unsure = append(unsure, text)
		}
	}
	return can, unsure
}

// names reports whether a policy allows something to a user by name.
func names(d *policy.Document, u *holding.User) bool {
	for _, s := range d.Statements {
		for _, who := range s.Who {
			if s.Allow && (who.Name == u.ARN || who.Name == u.ID && u.ID != "") {
				return true
			}
		}
	}
	return false
}

// ShutOut reports whether a user is denied everything, whatever else allows.
func ShutOut(e *estate.Estate, user string) bool {
	p, ok := e.Granted(user)
	return ok && closed(&p)
}

// closed reports whether a statement denies everything without any condition, which is how leavers are shut out at once.
func closed(p *access.Policies) bool {
	docs := p.Identity
	for _, level := range p.SCPs {
		docs = append(docs[:len(docs):len(docs)], level...)
	}
	for _, d := range docs {
		for _, s := range d.Statements {
			if !s.Allow && len(s.Conditions) == 0 && whole(s.Actions) && whole(s.Resources) {
				return true
			}
		}
	}
	return false
}

func whole(list []*policy.Pattern) bool {
	for _, p := range list {
		if p.String() == "*" {
			return true
		}
	}
	return false
}

// allows tries the calls that the statements of a policy are about. A text without sure says what is not known; none: it allows nothing.
func allows(e *estate.Estate, u *holding.User, d *policy.Document, thing string, tries *int) (text string, sure bool) {
	for _, s := range d.Statements {
		if !s.Allow || thing != "" && !names(&policy.Document{Statements: []*policy.Statement{s}}, u) {
			continue
		}
		of := d.Name + ", " + s.Name()
		text = "what " + of + " allows to " + u.ARN + " is denied wherever it was tried, which does not prove that it is everywhere"
		for _, action := range samples(s.Actions, len(s.NotActions) > 0, "iam:createuser", "s3:getobject", "sts:assumerole", "ec2:runinstances") {
			for _, to := range samples(s.Resources, len(s.NotRes) > 0, "*", "arn:aws:s3:::x/x") {
				if thing != "" {
					to = thing
				}
				if *tries++; *tries > maxTries {
					return "the policies of " + u.ARN + " allow more than was tried", false
				}
				to = strings.ReplaceAll(to, "${aws:username}", u.Name)
				o, err := e.Can(u.ARN, estate.Question{Action: action, Resource: to})
				switch {
				case err != nil || o.Outcome == access.Unknown:
					text = "whether " + of + " allows " + action + " to " + u.ARN + " hangs on what is not known"
				case o.Outcome == access.Allowed:
					return u.ARN + " may " + action + ", by " + of, true
				}
			}
		}
	}
	return text, false
}

// samples are texts that patterns match; of a pattern for all, and of one that only says what not, those that are given.
func samples(list []*policy.Pattern, not bool, otherwise ...string) (out []string) {
	for _, p := range list {
		if p.String() == "*" {
			out = append(out, otherwise...)
			continue
		}
		out = append(out, strings.NewReplacer("*", "x", "?", "x").Replace(p.String()))
	}
	if not || len(out) == 0 {
		out = append(out, otherwise...)
	}
	return out
}
