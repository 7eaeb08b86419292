package cacao

// The types of steps (section 4.2).
const (
	start    = "start"
	end      = "end"
	action   = "action"
	other    = "playbook-action"
	parallel = "parallel"
	ifThen   = "if-condition"
	while    = "while-condition"
	choice   = "switch-condition"
)

// Step is a step of a workflow, with the properties of all types of them (section 4). Times are in milliseconds.
type Step struct {
	Type        string            `json:"type" is:"required one=start|end|action|playbook-action|parallel|if-condition|while-condition|switch-condition"`
	Name        string            `json:"name,omitempty"`
	Description string            `json:"description,omitempty"`
	References  []Source          `json:"external_references,omitempty" is:"filled"`
	Delay       int64             `json:"delay,omitempty" is:"count"`
	Timeout     int64             `json:"timeout,omitempty"`
	Variables   Variables         `json:"step_variables,omitempty" is:"keys=variable"`
	Owner       string            `json:"owner,omitempty" is:"identifier"`
	Done        string            `json:"on_completion,omitempty" is:"identifier"`
	Success     string            `json:"on_success,omitempty" is:"identifier"`
	Failure     string            `json:"on_failure,omitempty" is:"identifier"`
	Commands    []Command         `json:"commands,omitempty" is:"filled for=action"`
	Agent       string            `json:"agent,omitempty" is:"identifier for=action"`
	Targets     []string          `json:"targets,omitempty" is:"filled identifier"`
	In          []string          `json:"in_args,omitempty" is:"filled"`
	Out         []string          `json:"out_args,omitempty" is:"filled"`
	Playbook    string            `json:"playbook_id,omitempty" is:"identifier for=playbook-action"`
	Version     string            `json:"playbook_version,omitempty" is:"timestamp"`
	Next        []string          `json:"next_steps,omitempty" is:"pair identifier for=parallel"`
	Condition   string            `json:"condition,omitempty" is:"for=if-condition|while-condition"`
	True        string            `json:"on_true,omitempty" is:"identifier for=if-condition|while-condition"`
	False       string            `json:"on_false,omitempty" is:"identifier"`
	Switch      string            `json:"switch,omitempty" is:"for=switch-condition"`
	Cases       map[string]string `json:"cases,omitempty" is:"identifier for=switch-condition"`
	Extended    Extended          `json:"step_extensions,omitempty" is:"filled keys=extension-definition"`
}

// Command is one thing to be done in an action step, with the properties of all types of them (section 5).
type Command struct {
	Type        string              `json:"type" is:"required"`
	Description string              `json:"description,omitempty"`
	Version     string              `json:"version,omitempty"`
	Activity    string              `json:"playbook_activity,omitempty"`
	References  []Source            `json:"external_references,omitempty"`
	Command     string              `json:"command,omitempty"`
	Encoded     string              `json:"command_b64,omitempty"`
	Headers     map[string][]string `json:"headers,omitempty"`
	Content     string              `json:"content,omitempty"`
	Body        string              `json:"content_b64,omitempty"`
}

// goesOn is where a workflow goes when a step worked.
func (s *Step) goesOn() string {
	if s.Done != "" {
		return s.Done
	}
	return s.Success
}
