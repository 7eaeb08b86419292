package effect

import "encoding/json"

// About is what an effect is made for, as those outside read it whom it tells or asks. The engine fills it in; a playbook cannot.
type About struct {
	Ticket   string `json:"ticket,omitempty"`
	Run      string `json:"run,omitempty"`
	Step     string `json:"step,omitempty"`
	Playbook string `json:"playbook,omitempty"`
	Why      string `json:"why,omitempty"`   // of the playbook
	Title    string `json:"title,omitempty"` // of the finding
	Severity string `json:"severity,omitempty"`
	Account  string `json:"account,omitempty"`
	Region   string `json:"region,omitempty"`
	Resource string `json:"resource,omitempty"` // what the finding is about, in words
	Team     string `json:"team,omitempty"`     // that owns it
	Person   string `json:"person,omitempty"`   // who answers for it
}

// AboutParam is the input that carries an About, as JSON.
const AboutParam = "about"

// ReadAbout is what a target says that it is for; empty where nobody filled it in, as in a plan that a person asks for.
func ReadAbout(t Target) (a About, err error) {
	if text := t.Params[AboutParam]; text != "" {
		err = json.Unmarshal([]byte(text), &a)
	}
	return a, err
}
