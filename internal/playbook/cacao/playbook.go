package cacao

// Playbook is a CACAO playbook (section 3.1). What a property has to be stands behind "is", in the words of rule.go.
type Playbook struct {
	Type         string               `json:"type" is:"required one=playbook"`
	SpecVersion  string               `json:"spec_version" is:"required one=cacao-2.0"`
	ID           string               `json:"id" is:"required identifier"`
	Name         string               `json:"name" is:"required"`
	Description  string               `json:"description,omitempty"`
	Types        []string             `json:"playbook_types,omitempty"`
	Activities   []string             `json:"playbook_activities,omitempty" is:"filled"`
	Summary      *Summary             `json:"playbook_processing_summary,omitempty"`
	CreatedBy    string               `json:"created_by" is:"required identifier"`
	Created      string               `json:"created" is:"required timestamp"`
	Modified     string               `json:"modified" is:"required timestamp"`
	Revoked      bool                 `json:"revoked,omitempty"`
	ValidFrom    string               `json:"valid_from,omitempty" is:"timestamp"`
	ValidUntil   string               `json:"valid_until,omitempty" is:"timestamp"`
	DerivedFrom  []string             `json:"derived_from,omitempty" is:"filled identifier"`
	RelatedTo    []string             `json:"related_to,omitempty" is:"filled identifier"`
	Priority     *int64               `json:"priority,omitempty" is:"percent"`
	Severity     *int64               `json:"severity,omitempty" is:"percent"`
	Impact       *int64               `json:"impact,omitempty" is:"percent"`
	Sectors      []string             `json:"industry_sectors,omitempty" is:"filled"`
	Labels       []string             `json:"labels,omitempty" is:"filled"`
	References   []Source             `json:"external_references,omitempty" is:"filled"`
	Markings     []string             `json:"markings,omitempty" is:"filled identifier"`
	Variables    Variables            `json:"playbook_variables,omitempty" is:"keys=variable"`
	Start        string               `json:"workflow_start" is:"required identifier"`
	Exception    string               `json:"workflow_exception,omitempty" is:"identifier"`
	Workflow     map[string]*Step     `json:"workflow" is:"required keys=step"`
	Extended     Extended             `json:"playbook_extensions,omitempty" is:"filled keys=extension-definition"`
	Logins       map[string]Login     `json:"authentication_info_definitions,omitempty" is:"filled keys=identifier"`
	Agents       map[string]Agent     `json:"agent_definitions,omitempty" is:"filled keys=identifier"`
	Targets      map[string]Agent     `json:"target_definitions,omitempty" is:"filled keys=identifier"`
	Extensions   map[string]Extension `json:"extension_definitions,omitempty" is:"keys=extension-definition"`
	DataMarkings map[string]Marking   `json:"data_marking_definitions,omitempty" is:"keys=marking"`
	Signatures   []Signature          `json:"signatures,omitempty" is:"filled"`
}

// Summary says what software needs to be able to do for a playbook (section 10.14).
type Summary struct {
	Manual         bool `json:"manual_playbook,omitempty"`
	External       bool `json:"external_playbooks,omitempty"`
	Parallel       bool `json:"parallel_processing,omitempty"`
	If             bool `json:"if_logic,omitempty"`
	While          bool `json:"while_logic,omitempty"`
	Switch         bool `json:"switch_logic,omitempty"`
	Temporal       bool `json:"temporal_logic,omitempty"`
	Marked         bool `json:"data_markings,omitempty"`
	Signed         bool `json:"digital_signatures,omitempty"`
	Countersigned  bool `json:"countersigned_signatures,omitempty"`
	WithExtensions bool `json:"extensions,omitempty"`
}

// Source names something outside of the playbook (section 10.6).
type Source struct {
	Name        string `json:"name" is:"required"`
	Description string `json:"description,omitempty"`
	Source      string `json:"source,omitempty"`
	URL         string `json:"url,omitempty"`
	External    string `json:"external_id,omitempty"`
	Reference   string `json:"reference_id,omitempty"`
}

// Variables are values by their names, each with two underscores before and behind (section 10.18).
type Variables map[string]Variable

// Variable is a value that a playbook or a step has.
type Variable struct {
	Type        string  `json:"type" is:"required"`
	Description string  `json:"description,omitempty"`
	Value       *string `json:"value,omitempty" is:"nullable"` // nil: not known
	Constant    bool    `json:"constant,omitempty"`
	External    bool    `json:"external,omitempty"` // given from outside
}

// Extended are the properties of extensions, by the identifiers of those (section 8).
type Extended map[string]map[string]any

// Extension says what an extension is (section 8).
type Extension struct {
	Type        string   `json:"type" is:"required one=extension-definition"`
	Name        string   `json:"name" is:"required"`
	Description string   `json:"description,omitempty"`
	CreatedBy   string   `json:"created_by" is:"required identifier"`
	Schema      string   `json:"schema" is:"required"`
	Version     string   `json:"version" is:"required"`
	References  []Source `json:"external_references,omitempty"`
}
