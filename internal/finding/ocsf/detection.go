package ocsf

import (
	"strings"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/event/ocsf"
	"jobzero/internal/finding"
)

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
	Provider string        `json:"provider"`
	Region   string        `json:"region,omitempty"`
	Account  *ocsf.Account `json:"account,omitempty"`
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

type resource struct {
	UID    string              `json:"uid"`
	Type   string              `json:"type,omitempty"`
	Region string              `json:"region,omitempty"`
	Tags   []map[string]string `json:"tags,omitempty"` // name and value
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
				Version: ocsf.Version, Product: entity{Name: "jobzero", Vendor: "jobzero", Version: s.Product},
				Profiles: []string{"cloud"}, OriginalEventUID: string(e.ID), LogName: logName(e.Log), LogProvider: "AWS",
			},
			Cloud: cloud{Provider: "AWS", Region: f.Region, Account: ocsf.AccountOf(f.Account)},
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

// logName is what the log is called. CloudTrail keeps the name that views have always had.
func logName(l event.Log) string {
	if l == event.CloudTrail {
		return "CloudTrail"
	}
	return l.String()
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

func resources(e *event.Event) (out []resource) {
	for _, r := range e.Resources {
		if r.ARN != "" {
			out = append(out, resource{UID: r.ARN, Type: r.Type})
		}
	}
	return out
}
