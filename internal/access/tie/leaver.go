package tie

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"jobzero/internal/access/estate"
	"jobzero/internal/access/holding"
	"jobzero/internal/principal"
	"jobzero/internal/principal/person"
)

// Verdict is whether somebody can still do anything.
type Verdict string

// The verdicts.
const (
	Gone    Verdict = "gone"    // proved: no way in, and nothing that allows
	There   Verdict = "there"   // something is left that works
	Unknown Verdict = "unknown" // nothing was found that works, and not all was looked at
)

// Thing is something of somebody's.
type Thing struct {
	What      string `json:"what"` // access key, password, assignment …
	ID        string `json:"id"`
	Principal string `json:"principal"` // by which it is his
	Account   string `json:"account,omitempty"`
	Works     bool   `json:"works"`            // it lets in or allows, as far as it is known
	Action    string `json:"action,omitempty"` // that ends it; empty: no action yet
	Note      string `json:"note,omitempty"`
	Sure      Sure   `json:"sure"`
}

// Report is what somebody leaves behind.
type Report struct {
	Person  person.Person `json:"-"`
	Verdict Verdict       `json:"verdict"`
	Things  []Thing       `json:"things"`
	Remains []string      `json:"remains,omitempty"` // why he is there
	Unsure  []string      `json:"unsure,omitempty"`  // why that he is gone is not proved
}

// actionOf is the action that there is for a kind of credential.
func actionOf(k holding.Kind) string {
	switch k {
	case holding.AccessKey:
		return "iam.deactivate-access-key"
	case holding.Password:
		return "iam.delete-login-profile"
	case holding.SSHKey:
		return "iam.deactivate-ssh-key"
	case holding.ServiceCredential:
		return "iam.deactivate-service-credential"
	case holding.Certificate:
		return "iam.deactivate-signing-certificate"
	case holding.MFA: // it lets nobody in
	}
	return ""
}

// Look is what is looked at for a leaver.
type Look struct {
	World  *holding.World
	Estate *estate.Estate
	Result Result
	Now    time.Time
	Part   bool // it is a part of what there is: what it has not is looked at in another
}

// Leaver lists everything of somebody's, and says whether it is proved that he can do nothing any more.
func (l Look) Leaver(p person.Person) Report {
	r := &report{Look: l, Report: Report{Person: p, Things: []Thing{}}}
	for _, j := range l.Result.Joins {
		if j.Person != p.ID {
			continue
		}
		switch j.Kind {
		case User:
			r.user(j)
		case Seat:
			r.seat(j)
		case Session:
			r.session(j)
		case Machine:
			r.add(j, Thing{What: "machine identity", ID: j.Principal, Note: "he answers for it: it needs another owner"})
		}
	}
	r.named()
	r.gaps()
	r.Settle()
	return r.Report
}

type report struct {
	Look
	Report
	called []string // all that policies may call him by
}

func (r *report) add(j Join, t Thing) {
	t.Principal, t.Sure = j.Principal, j.Sure
	r.Things = append(r.Things, t)
}

// left notes something that works. What is only perhaps his leaves it open.
func (r *report) left(j Join, text string) {
	if j.Sure == Perhaps {
		r.Unsure = append(r.Unsure, text+" (perhaps his: "+j.Reason+")")
		return
	}
	r.Remains = append(r.Remains, text)
}

func (r *report) user(j Join) {
	u := r.World.Users[j.Principal]
	r.called = append(r.called, u.ARN)
	if u.ID != "" {
		r.called = append(r.called, u.ID)
	}
	action := "iam.shut-out-user"
	if ShutOut(r.Estate, u.ARN) {
		action = ""
	}
	r.add(j, Thing{What: "IAM user", ID: u.ARN, Account: u.Account, Action: action})
	for _, c := range u.Credentials {
		t := Thing{What: string(c.Kind), ID: c.ID, Account: u.Account, Works: c.Active && c.Kind != holding.MFA, Action: actionOf(c.Kind)}
		if c.Kind == holding.AccessKey && len(c.ID) == 1 {
			t.Note = "its number in the credential report: list-access-keys has the ID"
		}
		r.add(j, t)
		if c.Active && c.Kind != holding.MFA {
			r.left(j, strings.TrimSpace(string(c.Kind)+" "+c.ID)+" of "+u.ARN+" is active")
		}
	}
	for _, k := range u.Unread() {
		if k != holding.MFA { // a device lets nobody in
			r.Unsure = append(r.Unsure, string(k)+"s of "+u.ARN+" were not read")
		}
	}
	for _, g := range u.Groups {
		r.add(j, Thing{What: "group", ID: g, Account: u.Account})
	}
	for _, p := range u.Policies {
		r.add(j, Thing{What: "policy", ID: p, Account: u.Account})
	}
	can, unsure := grants(r.Estate, u)
	for _, text := range can {
		r.left(j, text)
	}
	r.Unsure = append(r.Unsure, unsure...)
}

func (r *report) seat(j Join) {
	w := r.World
	s := w.Seats[j.Principal]
	r.called = append(r.called, s.ID)
	for _, name := range append([]string{s.UserName}, s.Emails...) {
		if name != "" {
			r.called = append(r.called, name)
		}
	}
	r.add(j, Thing{What: "Identity Center user", ID: s.ID, Works: !s.Disabled, Note: s.UserName})
	if !s.Disabled {
		r.left(j, "user "+s.UserName+" of Identity Center may sign in")
	}
	assigned := w.Of(s.ID)
	for _, m := range w.In(s.ID) {
		r.add(j, Thing{What: "Identity Center group", ID: m.Group, Action: "identitystore.remove-from-group", Note: w.Groups[m.Group].Name})
		assigned = append(assigned[:len(assigned):len(assigned)], w.Of(m.Group)...)
	}
	for _, a := range assigned {
		t := Thing{What: "assignment", ID: a.Set, Account: a.Account, Works: !s.Disabled}
		if !a.Group {
			t.Action = "sso.remove-assignment"
		} else {
			t.Note = strings.TrimSpace("through group " + w.Groups[a.Holder].Name)
		}
		r.add(j, t)
		r.left(j, "permission set "+a.Set+" is assigned to him in "+a.Account)
	}
	if !w.MembershipsRead {
		r.Unsure = append(r.Unsure, "the groups of "+s.UserName+" in Identity Center were not read")
	}
	if !w.AssignmentsRead {
		r.Unsure = append(r.Unsure, "assignments of permission sets were not read")
	}
}

func (r *report) session(j Join) {
	for _, s := range r.World.Sessions {
		if s.ARN != j.Principal {
			continue
		}
		over := !s.Until.IsZero() && !s.Until.After(r.Now)
		t := Thing{What: "session", ID: s.ARN, Works: !over}
		if a, err := principal.ParseARN(s.ARN); err == nil {
			t.Account = a.Account
		}
		if !over {
			t.Action = Ends(s.ARN)
		}
		r.add(j, t)
		switch {
		case over:
		case s.Until.IsZero():
			r.Unsure = append(r.Unsure, "nobody says when the session "+s.ARN+" ends")
		default:
			r.left(j, "the session "+s.ARN+" lasts until "+s.Until.UTC().Format(time.RFC3339))
		}
	}
}

// identities are the condition keys whose values name who calls.
var identities = []string{ //nolint:gochecknoglobals // a list of AWS's words, never changed
	"aws:userid", "aws:username", "aws:principalarn", "aws:sourceidentity", "sts:rolesessionname", "sts:sourceidentity", "identitystore:userid", "saml:sub",
}

// named looks for policies that name him: roles that trust him, and resources that let him in.
func (r *report) named() {
	names := append([]string{r.Person.UserName}, r.called...)
	for _, e := range r.Person.Emails {
		names = append(names, e.Value)
	}
	for _, g := range r.Estate.Guarded() {
		if g.Policy == nil {
			r.Unsure = append(r.Unsure, "a policy that may name him was not read: "+g.Unread)
			continue
		}
		for _, s := range g.Policy.Statements {
			if !s.Allow {
				continue
			}
			by := ""
			for _, who := range s.Who {
				if slices.Contains(r.called, who.Name) {
					by = who.Name
				}
			}
			for _, c := range s.Conditions {
				if !slices.Contains(identities, strings.ToLower(c.Key)) {
					continue
				}
				for _, v := range c.Values {
					if by == "" && slices.ContainsFunc(names, func(n string) bool { return mentions(v, n) }) {
						by = v
					}
				}
			}
			if by == "" {
				continue
			}
			what := "resource policy"
			if strings.Contains(g.ARN, ":role/") {
				what = "trust policy"
			}
			r.Things = append(r.Things, Thing{What: what, ID: g.ARN, Principal: by, Account: g.Account, Works: true, Note: "statement " + s.Name() + " names him", Sure: Proved})
			r.Remains = append(r.Remains, what+" of "+g.ARN+" names him, in statement "+s.Name())
		}
	}
}

// mentions reports whether a value of a policy holds a name as a whole: AROAX:ana@example.com and *:ana@example.com do, diana does not.
func mentions(value, name string) bool {
	if name == "" {
		return false
	}
	value, name = strings.ToLower(value), strings.ToLower(name)
	for at := 0; ; {
		i := strings.Index(value[at:], name)
		if i < 0 {
			return false
		}
		begin, end := at+i, at+i+len(name)
		if (begin == 0 || strings.ContainsRune(":/*", rune(value[begin-1]))) && (end == len(value) || strings.ContainsRune(":/*", rune(value[end]))) {
			return true
		}
		at = begin + 1
	}
}

// gaps are what nobody looked at.
func (r *report) gaps() {
	w := r.World
	for account, whole := range w.Accounts {
		if !whole {
			r.Unsure = append(r.Unsure, "not all users of account "+account+" were read")
		}
	}
	if r.Part {
		return
	}
	if lost := r.lost(); len(r.Things) == 0 && lost > 0 {
		r.Unsure = append(r.Unsure, "nothing here is joined to him, and "+strconv.Itoa(lost)+" users are nobody's who is known: one may be his")
	}
	if len(w.Accounts) == 0 {
		r.Unsure = append(r.Unsure, "the users of no account were read")
	}
	if !w.SeatsRead {
		r.Unsure = append(r.Unsure, "the users of Identity Center were not read")
	}
	if !w.SessionsRead {
		r.Unsure = append(r.Unsure, "sessions were not read: one outlives what it came from by up to 36 hours")
	}
}

// lost counts the users who are nobody's.
func (r *report) lost() (n int) {
	for _, s := range r.Result.Strays {
		if s.Kind == User || s.Kind == Seat {
			n++
		}
	}
	return n
}

// Add puts a part to another, with the verdict of both.
func (r *Report) Add(o Report) {
	r.Things, r.Remains, r.Unsure = append(r.Things, o.Things...), append(r.Remains, o.Remains...), append(r.Unsure, o.Unsure...)
	r.Settle()
}

// Settle says what follows from what is left and what is not known.
func (r *Report) Settle() {
	slices.Sort(r.Unsure)
	r.Unsure = slices.Compact(r.Unsure)
	slices.Sort(r.Remains)
	r.Remains = slices.Compact(r.Remains)
	switch {
	case len(r.Remains) > 0:
		r.Verdict = There
	case len(r.Unsure) > 0:
		r.Verdict = Unknown
	default:
		r.Verdict = Gone
	}
}
