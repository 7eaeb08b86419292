package ocsf

import (
	"encoding/json"
	"net/netip"
	"strings"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/finding"
)

// Version is the version of the schema that the view is written in. All its attributes are in every later 1.x too.
const Version = "1.5.0"

// Source is what a view is made from.
type Source struct {
	Finding     finding.Finding
	Event       *event.Event // what was judged
	Description string       // the rule's own words
	Tags        []string     // Sigma's: attack.persistence, attack.t1098.003
	Product     string       // version of jobzero
}

// Detection is a Detection Finding of a rule of ours.
type Detection struct {
	base
	IsAlert   bool           `json:"is_alert"`
	Evidences []evidence     `json:"evidences,omitempty"`
	Unmapped  map[string]any `json:"unmapped,omitempty"`
}

// base is what all classes of findings have. Times are milliseconds since 1970.
type base struct {
	ActivityID   int        `json:"activity_id"`
	ActivityName string     `json:"activity_name"`
	CategoryUID  int        `json:"category_uid"`
	CategoryName string     `json:"category_name"`
	ClassUID     int        `json:"class_uid"`
	ClassName    string     `json:"class_name"`
	TypeUID      int        `json:"type_uid"`
	TypeName     string     `json:"type_name"`
	Time         int64      `json:"time"`       // of the finding
	StartTime    int64      `json:"start_time"` // of the event
	EndTime      int64      `json:"end_time"`
	SeverityID   int        `json:"severity_id"`
	Severity     string     `json:"severity"`
	StatusID     int        `json:"status_id"`
	Status       string     `json:"status"`
	StatusDetail string     `json:"status_detail,omitempty"`
	Message      string     `json:"message"`
	Metadata     metadata   `json:"metadata"`
	Cloud        cloud      `json:"cloud"`
	Info         info       `json:"finding_info"`
	Resources    []resource `json:"resources,omitempty"`
}

type metadata struct {
	Version          string   `json:"version"`
	Product          entity   `json:"product"`
	Profiles         []string `json:"profiles"`
	OriginalEventUID string   `json:"original_event_uid,omitempty"`
	LogName          string   `json:"log_name,omitempty"`
	LogProvider      string   `json:"log_provider,omitempty"`
}

// entity is the shape that many small objects of the schema share.
type entity struct {
	Name    string `json:"name,omitempty"`
	UID     string `json:"uid,omitempty"`
	Vendor  string `json:"vendor_name,omitempty"`
	Version string `json:"version,omitempty"`
}

type cloud struct {
	Provider string   `json:"provider"`
	Region   string   `json:"region,omitempty"`
	Account  *account `json:"account,omitempty"`
}

type account struct {
	UID    string `json:"uid"`
	Type   string `json:"type"`
	TypeID int    `json:"type_id"`
}

type info struct {
	UID         string    `json:"uid"`
	Title       string    `json:"title"`
	Desc        string    `json:"desc,omitempty"`
	CreatedTime int64     `json:"created_time"`
	FirstSeen   int64     `json:"first_seen_time"`
	LastSeen    int64     `json:"last_seen_time"`
	Analytic    *analytic `json:"analytic,omitempty"`
	Attacks     []attack  `json:"attacks,omitempty"`
	Types       []string  `json:"types,omitempty"`
}

type analytic struct {
	UID    string `json:"uid"`
	Name   string `json:"name"`
	Type   string `json:"type"`
	TypeID int    `json:"type_id"`
}

type attack struct {
	Version      string  `json:"version"`
	Tactic       *entity `json:"tactic,omitempty"`
	Technique    *entity `json:"technique,omitempty"`
	SubTechnique *entity `json:"sub_technique,omitempty"`
}

type evidence struct {
	API      *api            `json:"api,omitempty"`
	Actor    *actor          `json:"actor,omitempty"`
	Endpoint *endpoint       `json:"src_endpoint,omitempty"`
	Data     json.RawMessage `json:"data,omitempty"`
}

type api struct {
	Operation string   `json:"operation"`
	Service   *entity  `json:"service,omitempty"`
	Response  *outcome `json:"response,omitempty"`
}

type outcome struct {
	Error string `json:"error"`
}

type actor struct {
	User      *user  `json:"user,omitempty"`
	InvokedBy string `json:"invoked_by,omitempty"`
}

type user struct {
	Name    string   `json:"name,omitempty"`
	UID     string   `json:"uid,omitempty"`
	UIDAlt  string   `json:"uid_alt,omitempty"`
	Type    string   `json:"type,omitempty"`
	TypeID  int      `json:"type_id"`
	Account *account `json:"account,omitempty"`
}

type endpoint struct {
	IP      string `json:"ip,omitempty"`
	Service string `json:"svc_name,omitempty"`
}

type resource struct {
	UID  string `json:"uid"`
	Type string `json:"type,omitempty"`
}

// View makes the view.
func View(s Source) Detection {
	f, e := s.Finding, s.Event
	id, word := severity(f.Severity)
	return Detection{
		base: base{
			ActivityID: 1, ActivityName: "Create", CategoryUID: 2, CategoryName: "Findings",
			ClassUID: 2004, ClassName: "Detection Finding", TypeUID: 200401, TypeName: "Detection Finding: Create",
			Time: millis(f.Detected), StartTime: millis(f.Occurred), EndTime: millis(f.Occurred),
			SeverityID: id, Severity: word, StatusID: 1, Status: "New", Message: f.Title,
			Metadata: metadata{
				Version: Version, Product: entity{Name: "jobzero", Vendor: "jobzero", Version: s.Product},
				Profiles: []string{"cloud"}, OriginalEventUID: string(e.ID), LogName: "CloudTrail", LogProvider: "AWS",
			},
			Cloud: cloud{Provider: "AWS", Region: f.Region, Account: accountOf(f.Account)},
			Info: info{
				// One finding may be seen many times; each sighting is an object of its own.
				UID: string(f.Fingerprint) + "/" + f.Sighting, Title: f.Title, Desc: s.Description,
				CreatedTime: millis(f.Detected), FirstSeen: millis(f.Occurred), LastSeen: millis(f.Occurred),
				Analytic: &analytic{UID: f.By, Name: f.Title, Type: "Rule", TypeID: 1}, Attacks: attacks(s.Tags),
			},
			Resources: resources(e),
		},
		IsAlert:   true,
		Evidences: []evidence{evidenceOf(e)},
		Unmapped:  map[string]any{"file": e.Origin.Place, "why": f.Why},
	}
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func severity(s finding.Severity) (id int, caption string) {
	if s.Rank() == 0 {
		return 0, "Unknown"
	}
	return s.Rank(), strings.ToUpper(string(s[:1])) + string(s[1:])
}

func accountOf(id string) *account {
	if id == "" {
		return nil
	}
	return &account{UID: id, Type: "AWS Account", TypeID: 10}
}

func evidenceOf(e *event.Event) evidence {
	out := evidence{
		API:   &api{Operation: e.Name},
		Actor: &actor{User: userOf(e.Actor), InvokedBy: e.Actor.InvokedBy},
	}
	if json.Valid(e.Raw) {
		out.Data = json.RawMessage(e.Raw)
	}
	if e.Source != "" {
		out.API.Service = &entity{Name: e.Source}
	}
	if e.ErrorCode != "" {
		out.API.Response = &outcome{Error: e.ErrorCode}
	}
	// CloudTrail writes an address, or the name of the service that called.
	if _, err := netip.ParseAddr(e.SourceIP); err == nil {
		out.Endpoint = &endpoint{IP: e.SourceIP}
	} else if e.SourceIP != "" {
		out.Endpoint = &endpoint{Service: e.SourceIP}
	}
	return out
}

func userOf(a event.Actor) *user {
	u := &user{Name: a.UserName, UID: a.ARN, UIDAlt: a.PrincipalID, Type: a.Type, Account: accountOf(a.Account)}
	switch a.Type {
	case "IAMUser", "AssumedRole", "FederatedUser", "IdentityCenterUser":
		u.Type, u.TypeID = "User", 1
	case "Root":
		u.Type, u.TypeID = "Admin", 2
	case "AWSService":
		u.Type, u.TypeID = "Service", 4
	case "":
		u.Type, u.TypeID = "Unknown", 0
	default:
		u.TypeID = 99 // Other: the type is the source's own word
	}
	if u.Name == "" && u.UID == "" {
		u.Name = a.Name()
	}
	return u
}

func resources(e *event.Event) (out []resource) {
	for _, r := range e.Resources {
		if r.ARN != "" {
			out = append(out, resource{r.ARN, r.Type})
		}
	}
	return out
}
