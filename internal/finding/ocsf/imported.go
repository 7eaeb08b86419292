package ocsf

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"jobzero/internal/event/ocsf"
	"jobzero/internal/finding"
)

// Finding is a finding in the class that fits it.
type Finding struct {
	base
	IsAlert         bool              `json:"is_alert,omitempty"`
	Vulnerabilities []json.RawMessage `json:"vulnerabilities,omitempty"`
	Compliance      json.RawMessage   `json:"compliance,omitempty"`
	Evidences       []evidence        `json:"evidences,omitempty"`
	DataSecurity    json.RawMessage   `json:"data_security,omitempty"`
	RawData         string            `json:"raw_data,omitempty"` // the finding as the tool wrote it
}

// Imported makes the view of an imported finding. Its evidence says of which class it is: a Vulnerability Finding (2002), a
// Compliance Finding (2003), a Data Security Finding (2006), or else a Detection Finding (2004). product is the version of jobzero.
func Imported(f finding.Finding, product string) Finding {
	class, name := 2004, "Detection Finding"
	out, kind := Finding{}, ""
	for _, e := range f.Evidence {
		if e.Kind == "report" {
			out.RawData = string(e.Data)
		}
		if kind == "" && (e.Kind == vulnerable || e.Kind == complies || e.Kind == sensitive) {
			kind = e.Kind // a class has no place for what another one wants
		}
		if e.Kind != kind {
			continue
		}
		switch kind {
		case vulnerable:
			class, name = 2002, "Vulnerability Finding"
			out.Vulnerabilities = append(out.Vulnerabilities, e.Data)
		case complies:
			class, name = 2003, "Compliance Finding"
			out.Compliance = e.Data
		case sensitive:
			class, name = 2006, "Data Security Finding"
			out.DataSecurity = e.Data
		}
	}
	out.base = baseOf(f, product)
	tool, _, _ := strings.Cut(f.By, "/")
	out.Metadata.LogName, out.Info.Types = tool, []string{f.By}
	out.become(class, name)
	out.IsAlert = (class == 2004 || class == 2006) && f.State != finding.Done // the other classes have no such attribute
	return out
}

// become sets the class.
func (b *base) become(class int, name string) {
	b.ClassUID, b.ClassName = class, name
	b.TypeUID, b.TypeName = class*100+b.ActivityID, name+": "+b.ActivityName
}

// tags are the resource's, by name.
func tags(all map[string]string) (out []map[string]string) {
	for _, k := range slices.Sorted(maps.Keys(all)) {
		out = append(out, map[string]string{"name": k, "value": all[k]})
	}
	return out
}

// baseOf is what does not depend on the class.
func baseOf(f finding.Finding, product string) base {
	id, word := severity(f.Severity)
	b := base{
		ActivityID: 1, ActivityName: "Create", CategoryUID: 2, CategoryName: "Findings",
		Time: millis(f.Detected), StartTime: millis(f.Occurred), EndTime: millis(latest(f)),
		SeverityID: id, Severity: word, StatusID: 1, Status: "New", StatusDetail: f.Note, Message: f.Title,
		Metadata: metadata{
			Version: ocsf.Version, Product: entity{Name: "jobzero", Vendor: "jobzero", Version: product},
			Profiles: []string{"cloud"}, OriginalEventUID: f.Sighting,
		},
		Cloud: cloud{Provider: "AWS", Region: f.Region, Account: ocsf.AccountOf(f.Account)},
		Info: info{
			UID: string(f.Fingerprint) + "/" + f.Sighting, Title: f.Title, Desc: f.Why,
			CreatedTime: millis(f.Detected), FirstSeen: millis(f.Occurred), LastSeen: millis(latest(f)),
		},
	}
	if f.Count > 1 {
		b.ActivityID, b.ActivityName = 2, "Update"
	}
	switch f.State {
	case finding.Done:
		b.ActivityID, b.ActivityName, b.StatusID, b.Status = 3, "Close", 4, "Resolved"
	case finding.Human:
		b.StatusID, b.Status = 2, "In Progress"
	case finding.Open:
	}
	if f.Resource != nil {
		uid := f.ARN
		if uid == "" {
			uid = f.Resource.ID
		}
		b.Resources = []resource{{UID: uid, Type: string(f.Resource.Type), Region: f.Resource.Region, Tags: tags(f.Tags)}}
	}
	return b
}

func latest(f finding.Finding) time.Time {
	if f.LastSeen.After(f.Detected) {
		return f.LastSeen
	}
	return f.Detected
}
