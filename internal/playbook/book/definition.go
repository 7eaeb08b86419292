package book

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"jobzero/internal/finding"
)

// Definition is a playbook as people write it.
type Definition struct {
	ID     string  `yaml:"id"`     // small letters, digits and hyphens
	Title  string  `yaml:"title"`  // what it does, in a line
	Why    string  `yaml:"why"`    // for those who decide whether it may act
	When   Trigger `yaml:"when"`   // what begins it
	Guards []Guard `yaml:"guards"` // what has to hold before anything is changed
	Steps  []Step  `yaml:"steps"`  // one after the other, at most 200 with those in branches
	// Contains says that it stops harm that is under way: a change freeze does not hold it, and an approval that nobody gives in time is
	// asked for further up instead of being taken for a no.
	Contains bool `yaml:"contains"`
	// OnFailure is what a failed step leads to where it does not say so itself: next, which goes on with the step after it and is meant where
	// nothing is said; stop, which leaves the rest to a person; or undo, which takes back first what was done.
	OnFailure Failure `yaml:"on_failure"`
	// Settled shows that a rule's finding is settled: a CEL condition over the fresh resource, with the words of expectations. An expectation's
	// finding is settled by that expectation.
	Settled string `yaml:"settled"`
	// SettledBy shows the same by the ID of an expectation.
	SettledBy string `yaml:"settled_by"`
	// Origin is the CACAO playbook that it was made of, as JSON: what our language has no word for is in it, and is written out again.
	Origin string `yaml:"origin"`

	File  string   `yaml:"-"`
	Text  string   `yaml:"-"` // the document itself, pinned by each run
	words compiled // the conditions, by where they stand
	steps []*Step  // all of them, each before what is in it
}

// Trigger says what a playbook is for: the findings that it settles, or what else begins it.
type Trigger struct {
	Expectations []string `yaml:"expectations"` // IDs of those whose findings it settles
	Rules        []string `yaml:"rules"`        // IDs of those whose findings it settles; then settled or settled_by is needed too
	Leavers      []string `yaml:"leavers"`      // what of somebody who has left, such as access-key; fresh reads of it show that it is settled
	Reused       bool     `yaml:"reused"`       // a credential that software has shut is at work all the same; what the steps did shows that it is settled
	// Schedule is when it begins by itself, as cron writes it: minute, hour, day of the month, month, day of the week; in UTC.
	Schedule string `yaml:"schedule"`
	// Tickets are states; it begins when a ticket comes into one of them, such as human.
	Tickets []string `yaml:"tickets"`
	// Hand says that a person may begin it on a resource: `jobzero playbook run`.
	Hand bool `yaml:"hand"`
}

func (t Trigger) none() bool {
	return len(t.Expectations)+len(t.Rules)+len(t.Leavers)+len(t.Tickets) == 0 && t.Schedule == "" && !t.Reused && !t.Hand
}

// Guard is a condition that has to hold before anything is changed.
type Guard struct {
	If   string `yaml:"if"`   // CEL
	Why  string `yaml:"why"`  // in words, for those who read that it did not hold
	Else Else   `yaml:"else"` // plan, which plans and changes nothing and is meant where nothing is said; wait, which looks again later; or person, which hands over
}

// Else is what happens when a guard does not hold, or nobody knows whether it does.
type Else string

// The ways. ElsePlan plans and changes nothing, ElseWait looks again later, ElsePerson hands over.
const (
	ElsePlan   Else = "plan"
	ElseWait   Else = "wait"
	ElsePerson Else = "person"
)

// Failure is what a failed step leads to.
type Failure string

// The ways. Next goes on with the step after it: what a smallest cut could not close a deeper one may. Stop leaves the rest to a
// person, Undo takes back first what was done.
const (
	Next Failure = "next"
	Stop Failure = "stop"
	Undo Failure = "undo"
)

// Step is one step: exactly one of the keys from action to document says what it does.
type Step struct {
	ID string `yaml:"id"` // unique in the playbook; small letters, digits and hyphens
	If string `yaml:"if"` // CEL; the step is left out when it is false, and fails when nobody knows

	Action   string    `yaml:"action"`   // one effect, such as s3.block-public-access
	Gather   []string  `yaml:"gather"`   // read more, such as who, activity or related; nothing is changed
	Decide   []Branch  `yaml:"decide"`   // the first branch whose condition holds; one without a condition is for all else
	Parallel []Branch  `yaml:"parallel"` // all branches at the same time
	Wait     *Wait     `yaml:"wait"`     // for a time, or until something holds
	Approval *Approval `yaml:"approval"` // ask people whether to go on
	Manual   *Manual   `yaml:"manual"`   // a task for a person
	Notify   *Notify   `yaml:"notify"`   // tell people
	Playbook string    `yaml:"playbook"` // the steps of another one, as it is when this one begins
	Webhook  *Webhook  `yaml:"webhook"`  // post to an address of the settings
	Lambda   *Lambda   `yaml:"lambda"`   // invoke a function of the account
	Document *Document `yaml:"document"` // run a document of Systems Manager

	On     *On               `yaml:"on"`     // what an action is done to, where it is not what the finding is about
	Params map[string]string `yaml:"params"` // of an action, as they are
	With   map[string]string `yaml:"with"`   // of an action: CEL that gives the text
	// Always says that an action is done also when the finding is settled already.
	Always  bool      `yaml:"always"`
	Approve *Approval `yaml:"approve"` // of an action: people have to agree to exactly what is planned

	Timeout   time.Duration `yaml:"timeout"`    // then the step has failed; for ever where it is zero
	Retry     *Retry        `yaml:"retry"`      // how often a step that failed is tried again
	OnFailure Failure       `yaml:"on_failure"` // next, stop or undo; what the playbook says where it is empty

	place string // where it stands, such as steps[1].decide[0].steps[2]
}

// Branch is a way through a playbook.
type Branch struct {
	If    string `yaml:"if"`    // CEL
	Steps []Step `yaml:"steps"` // of decide there may be none
}

// On is the target of an action. ID, Account and Region are CEL that gives the text; the finding's account and region where they
// are empty.
type On struct {
	Type    string `yaml:"type"`    // such as AWS::IAM::User
	ID      string `yaml:"id"`      // CEL
	Account string `yaml:"account"` // CEL
	Region  string `yaml:"region"`  // CEL
}

// Wait waits for a time, or until a condition holds and at most for a time: output.came says which of the two it was. Or it waits for a time
// unless something comes about, which is then a failure of the step.
type Wait struct {
	For    time.Duration `yaml:"for"`    // how long; with until, at most
	Until  string        `yaml:"until"`  // CEL
	Unless string        `yaml:"unless"` // CEL
	Gather []string      `yaml:"gather"` // what is read anew before each look at the conditions, every one to ten minutes: output.WORD of the step
}

// Approval asks people.
type Approval struct {
	Persons int           `yaml:"persons"` // how many different ones have to agree; one where it is zero
	Within  time.Duration `yaml:"within"`  // how long the question stands; four hours where it is zero
	Expired Expired       `yaml:"expired"` // denied, which is a no, or escalate, which asks further up; where nothing is said a playbook that contains escalates
	Why     string        `yaml:"why"`     // what those who are asked have to know
}

// Expired is what an approval that nobody gave in time is taken for.
type Expired string

// The ways. Where nothing is said a playbook that contains escalates and any other denies.
const (
	Denied    Expired = "denied"
	Escalated Expired = "escalate"
)

// Manual is a task for a person.
type Manual struct {
	Do     string        `yaml:"do"`     // what a person shall do, in words
	Within time.Duration `yaml:"within"` // then it has failed; for ever where it is zero
}

// Notify tells people.
type Notify struct {
	To  string `yaml:"to"`  // owner; a channel of the settings; or a team or person of the organisation file
	Say string `yaml:"say"` // the text; {{ expression }} in it is CEL that gives a text
}

// Webhook posts JSON, signed, to an address of the settings.
type Webhook struct {
	Name string            `yaml:"name"` // of the address; the address itself and its secret are settings
	Body map[string]string `yaml:"body"` // field to CEL
}

// Lambda invokes a function of the finding's account and waits for its answer.
type Lambda struct {
	Function string            `yaml:"function"` // one of functions in the settings
	Payload  map[string]string `yaml:"payload"`  // field to CEL
}

// Document runs an Automation document of Systems Manager and waits for its end.
type Document struct {
	Name   string            `yaml:"name"`   // one of documents in the settings
	Params map[string]string `yaml:"params"` // name to CEL
}

// Retry says how often a step that failed is tried again. The pause doubles each time, with up to half of it by chance.
type Retry struct {
	Times int           `yaml:"times"` // after the first
	Pause time.Duration `yaml:"pause"` // before the second try; ten seconds where it is zero
	Most  time.Duration `yaml:"most"`  // longest pause; ten minutes where it is zero
}

// LeaverBy begins who says what is left of a leaver: what of his is behind it.
const LeaverBy = "jobzero/leaver/"

// Hash pins a definition: the hexadecimal SHA-256 of its text.
func (d Definition) Hash() string {
	sum := sha256.Sum256([]byte(d.Text))
	return hex.EncodeToString(sum[:])
}

// Settles reports whether the playbook is meant for the finding.
func (d Definition) Settles(f finding.Finding) bool {
	switch f.Kind {
	case finding.Rule:
		return slices.Contains(d.When.Rules, f.By)
	case finding.Leaver:
		return slices.Contains(d.When.Leavers, strings.TrimPrefix(f.By, LeaverBy))
	case finding.Reused:
		return d.When.Reused
	case finding.Asked:
		return d.ID == strings.TrimPrefix(f.By, AskedBy)
	default:
	}
	return slices.Contains(d.When.Expectations, f.By)
}

// AskedBy begins who says that a playbook is to be run: a person, a schedule or a ticket's state. The playbook's ID follows.
const AskedBy = "jobzero/asked/"

// Each goes through steps and those in them, each before what is in it.
func Each(steps []Step, look func(*Step)) {
	for i := range steps {
		s := &steps[i]
		look(s)
		for j := range s.Decide {
			Each(s.Decide[j].Steps, look)
		}
		for j := range s.Parallel {
			Each(s.Parallel[j].Steps, look)
		}
	}
}
