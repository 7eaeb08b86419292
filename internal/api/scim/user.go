package scim

import (
	"encoding/json"
	"strconv"
	"time"

	"jobzero/internal/principal/person"
)

// resource is somebody as SCIM has him. Groups are added by whoever has asked for them.
func resourceOf(p *person.Person) (map[string]any, error) {
	res := map[string]any{}
	if len(p.Said) > 0 {
		if err := json.Unmarshal(p.Said, &res); err != nil {
			return nil, err
		}
	} else {
		fill(res, p)
	}
	res["id"], res["active"] = string(p.ID), p.Active
	res["schemas"] = userShape().schemas(res)
	return res, nil
}

// fill makes the resource of somebody whom no SCIM client has told of.
func fill(res map[string]any, p *person.Person) {
	for _, f := range []struct{ urn, name, value string }{
		{"", "userName", p.UserName},
		{"", "externalId", p.ExternalID},
		{"", "displayName", p.Display},
		{"", "title", p.Title},
		{enterpriseSchema, "employeeNumber", p.Number},
		{enterpriseSchema, "department", p.Department},
		{ownSchema, "team", p.Team},
		{ownSchema, "startDate", written3339(p.Start)},
		{ownSchema, "endDate", written3339(p.End)},
	} {
		if f.value != "" {
			put(res, f.urn, f.name, f.value)
		}
	}
	name := map[string]any{}
	if p.Given != "" {
		name["givenName"] = p.Given
	}
	if p.Family != "" {
		name["familyName"] = p.Family
	}
	if len(name) > 0 {
		res["name"] = name
	}
	if p.Manager != "" {
		put(res, enterpriseSchema, "manager", map[string]any{"value": p.Manager})
	}
	var emails []any
	for _, e := range p.Emails {
		m := map[string]any{"value": e.Value}
		if e.Kind != "" {
			m["type"] = e.Kind
		}
		if e.Primary {
			m["primary"] = true
		}
		emails = append(emails, m)
	}
	if len(emails) > 0 {
		res["emails"] = emails
	}
}

func written3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// meta is what a resource says of itself (RFC 7643, 3.1).
func meta(kind, location string, created, changed time.Time, version int64) map[string]any {
	return map[string]any{
		"resourceType": kind, "created": written3339(created), "lastModified": written3339(changed), "location": location, "version": tag(version),
	}
}

// tag is the ETag of a version. It is weak: the order of members in the text is not promised.
func tag(version int64) string { return `W/"` + strconv.FormatInt(version, 10) + `"` }

// personOf is somebody after a client has said how the resource is. Where it does not say whether he is active, he is what he was:
// whoever leaves the word out of a PUT does not mean to let somebody in again.
func personOf(was person.Person, res map[string]any) (person.Person, error) {
	p := was
	p.UserName, p.ExternalID = said(res, "userName"), said(res, "externalId")
	p.Display, p.Title = said(res, "displayName"), said(res, "title")
	name, _ := res["name"].(map[string]any)
	p.Given, p.Family = said(name, "givenName"), said(name, "familyName")
	if p.Display == "" {
		p.Display = said(name, "formatted")
	}
	at, _ := res[enterpriseSchema].(map[string]any)
	p.Number, p.Department = said(at, "employeeNumber"), said(at, "department")
	manager, _ := at["manager"].(map[string]any)
	if p.Manager = said(manager, "value"); p.Manager == "" {
		p.Manager = said(manager, "displayName")
	}
	own, _ := res[ownSchema].(map[string]any)
	p.Team = said(own, "team")
	p.Start, _ = time.Parse(time.RFC3339, said(own, "startDate")) // coerce has read it, or it is not there
	p.End, _ = time.Parse(time.RFC3339, said(own, "endDate"))
	p.Emails, p.Groups = nil, nil
	list, _ := res["emails"].([]any)
	for _, v := range list {
		m, _ := v.(map[string]any)
		if said(m, "value") != "" {
			p.Emails = append(p.Emails, person.Email{Value: said(m, "value"), Kind: said(m, "type"), Primary: m["primary"] == true})
		}
	}
	if b, ok := res["active"].(bool); ok {
		p.Active = b
	}
	keep := map[string]any{}
	for k, v := range res {
		if a := named(userShape().core.attributes, k); a == nil || !a.readOnly && k != "schemas" && k != "active" {
			keep[k] = v
		}
	}
	text, err := json.Marshal(keep)
	if err != nil {
		return p, err
	}
	if len(text) > maxSaid {
		return p, bad(tooMany, "the resource has %d bytes: at most %d are kept", len(text), maxSaid)
	}
	p.Said, p.Source = text, person.SCIM
	return p, p.Check()
}

func said(m map[string]any, name string) string {
	s, _ := m[name].(string)
	return s
}
