package cacao

// Agent is who or what carries commands out, or what they are carried out on (section 7).
type Agent struct {
	Type        string           `json:"type" is:"required"`
	Name        string           `json:"name" is:"required"`
	Description string           `json:"description,omitempty"`
	Location    *Location        `json:"location,omitempty"`
	Extended    Extended         `json:"agent_target_extensions,omitempty" is:"filled keys=extension-definition"`
	Contact     *Contact         `json:"contact,omitempty"`
	Logical     []string         `json:"logical,omitempty" is:"filled"`
	Sector      string           `json:"sector,omitempty" is:"for=sector"`
	Address     map[string][]any `json:"address,omitempty" is:"for=http-api|linux|net-address|ssh keys=address"`
	Port        string           `json:"port,omitempty"`
	Login       string           `json:"authentication_info,omitempty" is:"identifier"`
	Category    []string         `json:"category,omitempty" is:"filled for=security-category"`
}

// Contact is how somebody is reached (section 10.5).
type Contact struct {
	Email   map[string]string `json:"email,omitempty"`
	Phone   map[string]string `json:"phone,omitempty"`
	Details string            `json:"contact_details,omitempty"`
}

// Location is where something stands (section 10.4).
type Location struct {
	Name      string `json:"name,omitempty"`
	Text      string `json:"description,omitempty"`
	Building  string `json:"building_details,omitempty"`
	Network   string `json:"network_details,omitempty"`
	Region    string `json:"region,omitempty" is:"region"`
	Country   string `json:"country,omitempty"`
	Area      string `json:"administrative_area,omitempty"`
	City      string `json:"city,omitempty"`
	Street    string `json:"street_address,omitempty"`
	Code      string `json:"postal_code,omitempty"`
	Latitude  string `json:"latitude,omitempty"`
	Longitude string `json:"longitude,omitempty"`
	Precision string `json:"precision,omitempty"`
}

// Login is how an agent or target is logged in to (section 6).
type Login struct {
	Type        string   `json:"type" is:"required"`
	Name        string   `json:"name,omitempty"`
	Description string   `json:"description,omitempty"`
	Extended    Extended `json:"authentication_info_extensions,omitempty" is:"filled keys=extension-definition"`
	UserID      string   `json:"user_id,omitempty"`
	Username    string   `json:"username,omitempty"`
	Password    string   `json:"password,omitempty"`
	Header      string   `json:"oauth_header,omitempty" is:"for=oauth2"`
	Token       string   `json:"token,omitempty" is:"for=oauth2"`
	KMS         bool     `json:"kms,omitempty"`
	KMSKey      string   `json:"kms_key_identifier,omitempty"`
}

// Marking says how a playbook may be shared (section 9).
type Marking struct {
	Type        string   `json:"type" is:"required one=marking-statement|marking-tlp|marking-iep"`
	ID          string   `json:"id" is:"required identifier"`
	Name        string   `json:"name,omitempty" is:"for=marking-iep"`
	Description string   `json:"description,omitempty" is:"for=marking-iep"`
	CreatedBy   string   `json:"created_by" is:"required identifier"`
	Created     string   `json:"created" is:"required timestamp"`
	Revoked     bool     `json:"revoked,omitempty"`
	ValidFrom   string   `json:"valid_from,omitempty" is:"timestamp"`
	ValidUntil  string   `json:"valid_until,omitempty" is:"timestamp"`
	Labels      []string `json:"labels,omitempty" is:"filled"`
	References  []Source `json:"external_references,omitempty" is:"filled title for=marking-iep"` // texts in an IEP, objects elsewhere
	Extended    Extended `json:"marking_extensions,omitempty" is:"filled keys=extension-definition"`
	Statement   string   `json:"statement,omitempty" is:"for=marking-statement"`
	Level       string   `json:"tlpv2_level,omitempty" is:"for=marking-tlp one=TLP:RED|TLP:AMBER|TLP:AMBER+STRICT|TLP:GREEN|TLP:CLEAR"`
	TLP         string   `json:"tlp,omitempty" is:"for=marking-iep"`
	IEP         *int64   `json:"iep_version,omitempty" is:"for=marking-iep"`
	Begins      string   `json:"start_date,omitempty" is:"timestamp for=marking-iep"`
	Ends        *string  `json:"end_date,omitempty" is:"timestamp nullable for=marking-iep"`
	Transit     string   `json:"encrypt_in_transit,omitempty" is:"for=marking-iep"`
	Permitted   string   `json:"permitted_actions,omitempty" is:"for=marking-iep"`
	Notify      string   `json:"affected_party_notifications,omitempty" is:"for=marking-iep"`
	Attribution string   `json:"attribution,omitempty" is:"for=marking-iep"`
	Resale      string   `json:"unmodified_resale,omitempty" is:"for=marking-iep"`
}

// Signature is a signature over a playbook (section 10.15). Nobody here checks whether it is right.
type Signature struct {
	Type       string     `json:"type" is:"required one=jss"`
	ID         string     `json:"id" is:"required identifier"`
	CreatedBy  string     `json:"created_by,omitempty" is:"identifier"`
	Created    string     `json:"created" is:"required timestamp"`
	Modified   string     `json:"modified" is:"required timestamp"`
	Revoked    bool       `json:"revoked,omitempty"`
	Signee     string     `json:"signee" is:"required"`
	ValidFrom  string     `json:"valid_from,omitempty" is:"timestamp"`
	ValidUntil string     `json:"valid_until,omitempty" is:"timestamp"`
	RelatedTo  string     `json:"related_to" is:"required identifier"`
	Version    string     `json:"related_version" is:"required timestamp"`
	Hash       string     `json:"hash_algorithm" is:"required"`
	Algorithm  string     `json:"algorithm" is:"required"`
	Key        string     `json:"public_key,omitempty" is:"keyed"`
	Chain      []string   `json:"public_cert_chain,omitempty" is:"filled keyed"`
	URL        string     `json:"cert_url,omitempty" is:"keyed"`
	Thumb      string     `json:"thumbprint,omitempty" is:"keyed"`
	Value      string     `json:"value" is:"required"`
	Counter    *Signature `json:"signature,omitempty"`
}
