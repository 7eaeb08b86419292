package scim_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/api"
	"jobzero/internal/api/scim"
	"jobzero/internal/principal/person"
	"jobzero/internal/store"
	"jobzero/internal/telemetry"
)

const token = "made-up-token-of-a-test-0123456789"

// door is the whole way of a directory: a socket, the server and a database.
type door struct {
	*testing.T
	base  string
	store *store.Store
	now   atomic.Int64 // seconds after noon
}

var noon = time.Date(2030, 4, 5, 12, 0, 0, 0, time.UTC)

func open(t *testing.T) *door {
	t.Helper()
	s, err := store.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "people.db"))
	if err != nil {
		t.Fatal(err)
	}
	d := &door{T: t, store: s}
	var last atomic.Int64
	h := scim.New(scim.Options{
		Store: store.In(s, func(tx *store.Tx) scim.Tx { return tx }), Token: token,
		NewID: func() person.ID { return person.ID(fmt.Sprintf("01P%03d", last.Add(1))) },
		Now:   func() time.Time { return noon.Add(time.Duration(d.now.Load()) * time.Second) },
	})
	server := api.New(api.Options{Listen: "127.0.0.1:0", People: h})
	addr, err := server.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		if err := server.Stop(context.Background()); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	d.base = "http://" + addr.String() + scim.Prefix
	return d
}

// said is an answer.
type said struct {
	status int
	header http.Header
	text   string
	body   map[string]any
}

// ask sends a request. Headers are key, value, key, value.
func (d *door) ask(method, path, body string, headers ...string) said {
	d.Helper()
	req, err := http.NewRequestWithContext(d.Context(), method, d.base+path, strings.NewReader(body))
	if err != nil {
		d.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	if body != "" {
		req.Header.Set("Content-Type", "application/scim+json; charset=utf-8")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		d.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		d.Fatal(err)
	}
	out := said{status: res.StatusCode, header: res.Header, text: string(text)}
	if len(bytes.TrimSpace(text)) > 0 {
		if err := json.Unmarshal(text, &out.body); err != nil {
			d.Fatalf("%s %s: %v in %s", method, path, err, text)
		}
	}
	return out
}

// must sends a request that has to end with a status.
func (d *door) must(status int, method, path, body string, headers ...string) said {
	d.Helper()
	out := d.ask(method, path, body, headers...)
	if out.status != status {
		d.Fatalf("%s %s: got %d %s, want %d", method, path, out.status, out.text, status)
	}
	return out
}

// at walks into a value: names of members and numbers of elements.
func at(v any, path ...any) any {
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[p]
		case int:
			list, _ := v.([]any)
			if p >= len(list) {
				return nil
			}
			v = list[p]
		}
	}
	return v
}

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

func (d *door) user(userName string, more string) string {
	d.Helper()
	out := d.must(201, "POST", "/Users", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"`+userName+`"`+more+`}`)
	return out.body["id"].(string)
}

// kept is somebody as the store has him.
func (d *door) kept(id string) (p person.Person) {
	d.Helper()
	err := d.store.View(d.Context(), func(tx *store.Tx) (err error) {
		p, err = tx.Person(d.Context(), person.ID(id))
		return err
	})
	if err != nil {
		d.Fatal(err)
	}
	return p
}

func (d *door) history(id string) (kinds []person.Kind) {
	d.Helper()
	err := d.store.View(d.Context(), func(tx *store.Tx) error {
		all, err := tx.History(d.Context(), person.ID(id), 0)
		for _, e := range all {
			kinds = append(kinds, e.Kind)
		}
		return err
	})
	if err != nil {
		d.Fatal(err)
	}
	return kinds
}

func TestToken(t *testing.T) {
	d := open(t)
	for _, header := range []string{"", "Bearer", "Bearer ", "Bearer x", "Basic " + token, token, "Bearer " + token + "x", "Bearer " + token[1:]} {
		out := d.must(401, "GET", "/Users", "", "Authorization", header)
		if out.header.Get("WWW-Authenticate") == "" || out.body["status"] != "401" {
			t.Errorf("%q: %s", header, out.text)
		}
	}
	d.must(200, "GET", "/Users", "", "Authorization", "bearer "+token)
	closed := scim.New(scim.Options{Token: telemetry.Secret("")})
	s := api.New(api.Options{Listen: "127.0.0.1:0", People: closed})
	addr, err := s.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Stop(context.Background()) }()
	for _, header := range []string{"", "Bearer ", "Bearer " + token} {
		d.base = "http://" + addr.String() + scim.Prefix
		d.must(401, "GET", "/Users", "", "Authorization", header)
	}
}

func TestDiscovery(t *testing.T) {
	d := open(t)
	if c := d.must(200, "GET", "/ServiceProviderConfig", "").body; at(c, "patch", "supported") != true || at(c, "bulk", "supported") != false {
		t.Errorf("%v", c)
	}
	if all := d.must(200, "GET", "/ResourceTypes", "").body; all["totalResults"] != 2.0 || at(all, "Resources", 0, "endpoint") != "/Users" {
		t.Errorf("%v", all)
	}
	d.must(200, "GET", "/ResourceTypes/Group", "")
	if all := d.must(200, "GET", "/Schemas", "").body; all["totalResults"] != 4.0 {
		t.Errorf("%v", all)
	}
	one := d.must(200, "GET", "/Schemas/"+enterprise, "").body
	if at(one, "attributes", 0, "name") != "employeeNumber" || at(one, "attributes", 5, "subAttributes", 0, "caseExact") != true {
		t.Errorf("%v", one)
	}
	d.must(403, "GET", "/Schemas?filter=id+pr", "")
	d.must(404, "GET", "/Schemas/urn:none", "")
	d.must(404, "GET", "/Nothing", "")
	d.must(501, "GET", "/Me", "")
	d.must(501, "POST", "/Bulk", `{}`)
}

// TestEntra is the life of somebody as Entra ID tells it: what it asks before, what it creates, and its own way to write PATCH.
func TestEntra(t *testing.T) {
	d := open(t)
	none := d.must(200, "GET", "/Users?filter=userName+eq+%22ana%40example.com%22", "").body
	if none["totalResults"] != 0.0 || len(none["Resources"].([]any)) != 0 {
		t.Errorf("before: %v", none)
	}
	made := d.must(201, "POST", "/Users", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","`+enterprise+`"],
"externalId":"ana","userName":"ana@example.com","active":true,"addresses":null,"displayName":"Ana Sousa",
"emails":[{"primary":true,"type":"work","value":"ana@example.com"}],"meta":{"resourceType":"User"},
"name":{"formatted":"Ana Sousa","familyName":"Sousa","givenName":"Ana"},"title":"Engineer","password":"never kept",
"`+enterprise+`":{"department":"Shop","employeeNumber":"17"}}`)
	id, _ := made.body["id"].(string)
	if made.header.Get("Location") != d.base+"/Users/"+id || made.header.Get("ETag") != `W/"1"` || at(made.body, "meta", "location") != d.base+"/Users/"+id {
		t.Errorf("created: %v %s", made.header, made.text)
	}
	if strings.Contains(made.text, "never kept") || strings.Contains(string(d.kept(id).Said), "never kept") {
		t.Errorf("a password was kept: %s", made.text)
	}
	d.now.Store(60)
	boss := d.user("bo@example.com", "")
	out := d.must(200, "PATCH", "/Users/"+id, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[
{"op":"Replace","path":"displayName","value":"Ana S."},
{"op":"Add","path":"emails[type eq \"other\"].value","value":"ana@example.org"},
{"op":"Replace","path":"emails[type eq \"work\"].value","value":"ana.sousa@example.com"},
{"op":"Add","path":"`+enterprise+`:manager","value":"`+boss+`"},
{"op":"Add","value":{"name.givenName":"Anna","`+enterprise+`:department":"Bank","nickName":"an"}},
{"op":"Add","path":"roles[primary eq \"True\"].value","value":"admin"}]}`)
	if out.header.Get("ETag") != `W/"2"` || at(out.body, "emails", 0, "value") != "ana.sousa@example.com" || at(out.body, "emails", 1, "type") != "other" ||
		at(out.body, enterprise, "manager", "value") != boss || at(out.body, "name", "givenName") != "Anna" || at(out.body, "name", "familyName") != "Sousa" ||
		at(out.body, "roles", 0, "primary") != true {
		t.Errorf("changed: %s", out.text)
	}
	p := d.kept(id)
	want := person.Person{
		ID: person.ID(id), UserName: "ana@example.com", ExternalID: "ana", Number: "17", Display: "Ana S.", Given: "Anna", Family: "Sousa",
		Emails: []person.Email{{Value: "ana.sousa@example.com", Kind: "work", Primary: true}, {Value: "ana@example.org", Kind: "other"}},
		Title:  "Engineer", Department: "Bank", Manager: boss, Active: true, Source: person.SCIM, Created: noon, Changed: noon.Add(time.Minute), Version: 2,
	}
	p.Said = nil
	if diff := cmp.Diff(want, p); diff != "" {
		t.Error(diff)
	}
	off := d.must(200, "PATCH", "/Users/"+id, `{"Operations":[{"op":"Replace","path":"active","value":"False"}]}`)
	if now := d.kept(id); off.body["active"] != false || now.State(noon.Add(time.Hour)) != person.Left {
		t.Errorf("switched off: %s", off.text)
	}
	d.must(200, "PATCH", "/Users/"+id, `{"Operations":[{"op":"Replace","path":"active","value":"False"}]}`)
	d.must(204, "DELETE", "/Users/"+id, "")
	for _, method := range []string{"GET", "DELETE"} {
		d.must(404, method, "/Users/"+id, "")
	}
	d.must(404, "PATCH", "/Users/"+id, `{"Operations":[{"op":"Replace","path":"active","value":true}]}`)
	if got := d.history(id); !cmp.Equal(got, []person.Kind{person.Changed, person.Departed, person.Moved, person.Joined}) {
		t.Errorf("history: %v", got)
	}
	if d.kept(id).Gone.IsZero() {
		t.Error("somebody who was deleted is not known to be gone")
	}
	if again := d.user("ana@example.com", ""); again == id {
		t.Error("somebody new has the ID of somebody who is gone")
	}
}

// TestOkta is the life of somebody and of a group as Okta tells it.
func TestOkta(t *testing.T) {
	d := open(t)
	id := d.user("bo@example.com", `,"name":{"givenName":"Bo","familyName":"Li"},"emails":[{"primary":true,"value":"bo@example.com","type":"work"}],
"displayName":"Bo Li","locale":"en-US","externalId":"00u1","groups":[],"active":true`)
	put := d.must(200, "PUT", "/Users/"+id, `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"`+id+`","userName":"bo@example.com",
"name":{"givenName":"Bo","familyName":"Lind"},"emails":[{"primary":true,"value":"bo@example.com"}],"groups":[],"meta":{"resourceType":"User"}}`)
	if at(put.body, "name", "familyName") != "Lind" || put.body["displayName"] != nil || put.body["active"] != true {
		t.Errorf("put: %s", put.text)
	}
	group := d.must(201, "POST", "/Groups", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Shop","members":[]}`).body["id"].(string)
	d.must(204, "PATCH", "/Groups/"+group, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
"Operations":[{"op":"add","path":"members","value":[{"value":"`+id+`","display":"bo@example.com"}]}]}`)
	d.must(204, "PATCH", "/Groups/"+group, `{"Operations":[{"op":"replace","value":{"id":"`+group+`","displayName":"Shops"}}]}`)
	if g := d.must(200, "GET", "/Groups/"+group, "").body; g["displayName"] != "Shops" || at(g, "members", 0, "value") != id || at(g, "members", 0, "type") != "User" {
		t.Errorf("group: %v", g)
	}
	if u := d.must(200, "GET", "/Users/"+id, "").body; at(u, "groups", 0, "display") != "Shops" {
		t.Errorf("user: %v", u)
	}
	d.must(200, "PATCH", "/Users/"+id, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","value":{"active":false}}]}`)
	d.must(200, "PUT", "/Users/"+id, `{"userName":"bo@example.com"}`)
	if d.kept(id).Active {
		t.Error("a PUT without active let somebody in again")
	}
	d.must(204, "PATCH", "/Groups/"+group, `{"Operations":[{"op":"remove","path":"members[value eq \"`+id+`\"]"}]}`)
	if g := d.must(200, "GET", "/Groups/"+group, "").body; g["members"] != nil {
		t.Errorf("group: %v", g)
	}
	if got := d.history(group); !cmp.Equal(got, []person.Kind{person.Quit, person.Changed, person.Entered, person.Joined}) {
		t.Errorf("history: %v", got)
	}
	d.must(204, "DELETE", "/Groups/"+group, "")
	d.must(404, "GET", "/Groups/"+group, "")
}

// TestMembers changes who is in a group in every way that directories write.
func TestMembers(t *testing.T) {
	d := open(t)
	var ids []any
	for i := range 5 {
		ids = append(ids, d.user(fmt.Sprintf("p%d@example.com", i), `,"displayName":"P`+fmt.Sprint(i)+`"`))
	}
	inner := d.must(201, "POST", "/Groups", `{"displayName":"Inner"}`).body["id"].(string)
	group := d.must(201, "POST", "/Groups", fmt.Sprintf(`{"displayName":"All","externalId":"g-1","members":[{"value":"%s"},{"value":"%s"}]}`, ids[0], inner)).body["id"].(string)
	for _, c := range []struct{ operations, want string }{
		{`{"op":"Add","path":"members","value":[{"value":"%[2]s"},{"value":"%[3]s"}]}`, "P0 P1 P2 Inner"},
		{`{"op":"Add","path":"members","value":[{"value":"%[2]s"}]}`, "P0 P1 P2 Inner"},
		{`{"op":"Remove","path":"members","value":[{"$ref":null,"value":"%[1]s"}]}`, "P1 P2 Inner"},
		{`{"op":"remove","path":"members[value eq \"%[2]s\" or value eq \"%[4]s\"]"}`, "P2 Inner"},
		{`{"op":"add","value":{"members":[{"value":"%[5]s"}],"displayName":"Everybody"}}`, "P2 P4 Inner"},
		{`{"op":"remove","path":"members[type eq \"Group\"]"}`, "P2 P4"},
		{`{"op":"remove","path":"members[display sw \"p4\"]"}`, "P2"},
		{`{"op":"replace","path":"members","value":[{"value":"%[1]s"},{"value":"%[3]s"}]}`, "P0 P2"},
		{`{"op":"remove","path":"members","value":[{"value":"%[1]s"}]},{"op":"add","path":"members","value":{"value":"%[2]s"}}`, "P1 P2"},
		{`{"op":"remove","path":"members"}`, ""},
	} {
		d.must(204, "PATCH", "/Groups/"+group, `{"Operations":[`+fmt.Sprintf(c.operations+`%[6]s`, append(ids, "")...)+`]}`)
		var got []string
		list, _ := d.must(200, "GET", "/Groups/"+group, "").body["members"].([]any)
		for _, m := range list {
			got = append(got, at(m, "display").(string))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("after %s: %v, want %s", c.operations, got, c.want)
		}
	}
	for _, c := range []struct{ operations, kind string }{
		{`{"op":"add","path":"members","value":[{"value":"nobody"}]}`, "invalidValue"},
		{`{"op":"add","path":"members","value":[{"value":"` + group + `"}]}`, "invalidValue"},
		{`{"op":"add","path":"members","value":[{"display":"x"}]}`, "invalidValue"},
		{`{"op":"replace","path":"members[value eq \"x\"].value","value":"y"}`, "mutability"},
		{`{"op":"remove","path":"displayName"}`, "invalidValue"},
	} {
		if out := d.must(400, "PATCH", "/Groups/"+group, `{"Operations":[`+c.operations+`]}`); out.body["scimType"] != c.kind {
			t.Errorf("%s: %s", c.operations, out.text)
		}
	}
	d.must(204, "PATCH", "/Groups/"+group, fmt.Sprintf(`{"Operations":[{"op":"add","path":"members","value":[{"value":"%s"}]}]}`, ids[1]))
	for filter, want := range map[string]float64{
		`members[value eq "%s"]`: 1, `members.value eq "%s"`: 1, `members eq "%s"`: 1, `displayName eq "everybody"`: 1, `externalId eq "g-1"`: 1,
		`externalId eq "G-1"`: 0, `displayName sw "I" and not (members pr)`: 1, `members.display co "p1"`: 1,
	} {
		if strings.Contains(filter, "%s") {
			filter = fmt.Sprintf(filter, ids[1])
		}
		out := d.must(200, "POST", "/Groups/.search", `{"filter":`+quoted(filter)+`,"excludedAttributes":["members"]}`)
		if out.body["totalResults"] != want || strings.Contains(out.text, `"members"`) {
			t.Errorf("%s: %s, want %v", filter, out.text, want)
		}
	}
	d.must(204, "DELETE", "/Users/"+ids[1].(string), "")
	if g := d.must(200, "GET", "/Groups/"+group, "").body; g["members"] != nil {
		t.Errorf("somebody who is gone is in a group: %v", g)
	}
	d.must(409, "POST", "/Groups", `{"displayName":"EVERYBODY"}`)
}

func quoted(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

// TestManyMembers: a group may have as many members as one request can name.
func TestManyMembers(t *testing.T) {
	d := open(t)
	var list []string
	err := d.store.Update(d.Context(), func(tx *store.Tx) error {
		for i := range 1500 {
			p := person.Person{ID: person.ID(fmt.Sprintf("02P%04d", i)), UserName: fmt.Sprintf("m%d", i), Active: true, Version: 1}
			list = append(list, `{"value":"`+string(p.ID)+`"}`)
			if err := tx.SavePerson(d.Context(), p, person.Between(nil, p, "mia", noon)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	id := d.must(201, "POST", "/Groups", `{"displayName":"All","members":[`+strings.Join(list, ",")+`]}`).body["id"].(string)
	d.must(200, "PUT", "/Groups/"+id, `{"displayName":"All","members":[`+strings.Join(list[1:], ",")+`,`+list[1]+`]}`)
	members, _ := d.must(200, "GET", "/Groups/"+id, "").body["members"].([]any)
	if len(members) != 1499 || at(members[0], "value") != "02P0001" || at(members[1498], "value") != "02P1499" {
		t.Errorf("%d members", len(members))
	}
}

// TestList filters, sorts and turns pages.
func TestList(t *testing.T) {
	d := open(t)
	d.user("ana@example.com", `,"displayName":"Ana","title":"Lead","emails":[{"type":"work","value":"ana@example.com"},{"type":"home","value":"ana@example.org","primary":true}],
"`+enterprise+`":{"department":"Shop"}`)
	d.now.Store(60)
	d.user("Bo@example.com", `,"displayName":"bo","active":false,"emails":[{"type":"work","value":"bo@example.com"}]`)
	d.user("cy@example.com", `,"displayName":"Cy","userType":"External","externalId":"x,1"`)
	for filter, want := range map[string]string{
		`userName eq "ANA@example.com"`:                                         "ana",
		`userName eq "ana@example.com" and active eq false`:                     "",
		`externalId eq "x,1"`:                                                   "cy",
		`userName co "@EXAMPLE" and not (title pr)`:                             "bo cy",
		`title pr or userType eq "external"`:                                    "ana cy",
		`active eq "False"`:                                                     "bo",
		`emails[type eq "work" and value ew "@example.com"]`:                    "ana bo",
		`emails[type eq "home"].value sw "ana"`:                                 "ana",
		`emails co "example.org"`:                                               "ana",
		`emails.type eq "work" and (displayName eq "BO" or displayName eq "x")`: "bo",
		`urn:ietf:params:scim:schemas:core:2.0:User:userName sw "c"`:            "cy",
		enterprise + `:department eq "shop"`:                                    "ana",
		`meta.created gt "2030-04-05T12:00:30Z"`:                                "bo cy",
		`meta.lastModified le "2030-04-05T12:00:00Z"`:                           "ana",
		`userName gt "bo@example.com"`:                                          "cy",
		`userName ge "bo@example.com" AND userName lt "cz"`:                     "bo cy",
		`userName ne "cy@example.com"`:                                          "ana bo",
		`title eq null`:                                                         "bo cy",
		`title ne null`:                                                         "ana",
		`groups pr`:                                                             "",
		`not(userName sw "a" or userName sw "b")`:                               "cy",
		`userName eq "nobody"`:                                                  "",
	} {
		out := d.must(200, "POST", "/Users/.search", `{"filter":`+quoted(filter)+`,"attributes":["userName"]}`)
		var got []string
		for _, r := range out.body["Resources"].([]any) {
			got = append(got, strings.ToLower(strings.TrimSuffix(at(r, "userName").(string), "@example.com")))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", filter, got, want)
		}
	}
	for query, want := range map[string]string{
		"sortBy=displayName&sortOrder=descending": "Cy bo Ana",
		"sortBy=title":                                "Ana bo Cy",
		"sortBy=title&sortOrder=descending":           "Cy bo Ana",
		"sortBy=emails":                               "Ana bo Cy",
		"startIndex=2&count=1":                        "bo",
		"startIndex=2&count=1&sortBy=userName":        "bo",
		"startIndex=0&count=-1":                       "",
		"startIndex=9":                                "",
		"filter=active+eq+true&startIndex=2&count=10": "Cy",
		"sortBy=userName&startIndex=7":                "",
	} {
		out := d.must(200, "GET", "/Users?"+query, "")
		var got []string
		for _, r := range out.body["Resources"].([]any) {
			got = append(got, at(r, "displayName").(string))
		}
		total := 3.0
		if strings.HasPrefix(query, "filter") {
			total = 2
		}
		if strings.Join(got, " ") != want || out.body["totalResults"] != total {
			t.Errorf("%s: %v of %v, want %s", query, got, out.body["totalResults"], want)
		}
	}
	ana := at(d.must(200, "GET", "/Users?filter=userName+sw+%22a%22&attributes=name,emails.value,"+enterprise, "").body, "Resources", 0)
	want := map[string]any{
		"id": "01P001", "schemas": []any{"urn:ietf:params:scim:schemas:core:2.0:User", enterprise},
		"emails":   []any{map[string]any{"value": "ana@example.com"}, map[string]any{"value": "ana@example.org"}},
		enterprise: map[string]any{"department": "Shop"},
	}
	if diff := cmp.Diff(any(want), ana); diff != "" {
		t.Error(diff)
	}
	less := d.must(200, "GET", "/Users/01P001?excludedAttributes=emails.type,id,title,meta", "")
	if less.body["id"] == nil || less.body["title"] != nil || less.body["meta"] != nil || strings.Contains(less.text, `"type"`) || less.body["displayName"] != "Ana" {
		t.Errorf("%s", less.text)
	}
}

// TestRefused: every refusal has the status and the scimType of the RFC, and changes nothing.
func TestRefused(t *testing.T) {
	d := open(t)
	id := d.user("ana@example.com", `,"emails":[{"type":"work","value":"a@example.com"}]`)
	d.user("bo@example.com", "")
	patch := func(operation string) string { return `{"Operations":[` + operation + `]}` }
	for _, c := range []struct {
		status             int
		kind, method, path string
		body               string
	}{
		{400, "invalidFilter", "GET", "/Users?filter=userName+is+%22x%22", ""},
		{400, "invalidFilter", "GET", "/Users?filter=nothing+eq+1", ""},
		{400, "invalidFilter", "GET", "/Users?filter=active+gt+true", ""},
		{400, "invalidFilter", "GET", "/Users?filter=name+eq+%22x%22", ""},
		{400, "invalidFilter", "GET", "/Users?filter=(userName+pr", ""},
		{400, "invalidFilter", "GET", "/Users?filter=meta.created+gt+%22noon%22", ""},
		{400, "invalidFilter", "GET", "/Users?filter=" + strings.Repeat("(", 40) + "userName+pr" + strings.Repeat(")", 40), ""},
		{400, "invalidPath", "GET", "/Users?sortBy=name", ""},
		{400, "invalidValue", "GET", "/Users?count=many", ""},
		{400, "invalidValue", "GET", "/Users?attributes=a&excludedAttributes=b", ""},
		{400, "invalidSyntax", "POST", "/Users", `{"userName":`},
		{400, "invalidSyntax", "POST", "/Users", `[]`},
		{400, "invalidValue", "POST", "/Users", `{}`},
		{400, "invalidValue", "POST", "/Users", `{"userName":"x","active":"maybe"}`},
		{400, "invalidValue", "POST", "/Users", `{"userName":{"a":1}}`},
		{400, "invalidValue", "POST", "/Users", `{"userName":"x","emails":[{"value":"a","primary":true},{"value":"b","primary":true}]}`},
		{400, "invalidValue", "POST", "/Users", `{"userName":"` + strings.Repeat("x", 2000) + `"}`},
		{400, "tooMany", "POST", "/Users", `{"userName":"x","emails":[{"value":"` + strings.Repeat("x", 4000) + strings.Repeat(`"},{"value":"`+strings.Repeat("y", 4000), 1) + `"}],"roles":[` + big() + `]}`},
		{409, "uniqueness", "POST", "/Users", `{"userName":"ANA@example.com"}`},
		{409, "uniqueness", "PUT", "/Users/" + id, `{"userName":"bo@example.com"}`},
		{400, "mutability", "PATCH", "/Users/" + id, patch(`{"op":"replace","path":"id","value":"x"}`)},
		{400, "noTarget", "PATCH", "/Users/" + id, patch(`{"op":"remove"}`)},
		{400, "noTarget", "PATCH", "/Users/" + id, patch(`{"op":"replace","path":"emails[type eq \"home\"].value","value":"x"}`)},
		{400, "noTarget", "PATCH", "/Users/" + id, patch(`{"op":"add","path":"emails[type eq \"home\" or type eq \"other\"].value","value":"x"}`)},
		{400, "invalidPath", "PATCH", "/Users/" + id, patch(`{"op":"replace","path":"emails[","value":"x"}`)},
		{400, "invalidPath", "PATCH", "/Users/" + id, patch(`{"op":"replace","path":"nothing","value":"x"}`)},
		{400, "invalidValue", "PATCH", "/Users/" + id, patch(`{"op":"remove","path":"userName"}`)},
		{400, "invalidValue", "PATCH", "/Users/" + id, patch(`{"op":"add","value":"x"}`)},
		{400, "invalidSyntax", "PATCH", "/Users/" + id, patch(`{"op":"move","path":"title"}`)},
		{400, "invalidSyntax", "PATCH", "/Users/" + id, `{}`},
		{404, "", "GET", "/Users/none", ""},
		{404, "", "PUT", "/Groups/none", `{"displayName":"x"}`},
		{413, "", "POST", "/Users", `{"userName":"` + strings.Repeat("x", 2<<20) + `"}`},
	} {
		out := d.ask(c.method, c.path, c.body)
		kind, _ := out.body["scimType"].(string)
		if out.status != c.status || kind != c.kind || out.body["detail"] == "" || at(out.body, "schemas", 0) != "urn:ietf:params:scim:api:messages:2.0:Error" {
			t.Errorf("%s %.120s %.120s: %d %.300s, want %d %s", c.method, c.path, c.body, out.status, out.text, c.status, c.kind)
		}
	}
	d.must(415, "POST", "/Users", `userName=x`, "Content-Type", "application/x-www-form-urlencoded")
	if d.kept(id).Version != 1 || len(d.history(id)) != 1 {
		t.Error("a refused request has changed something")
	}
}

// big is more roles than are kept of one resource.
func big() string {
	var out []string
	for i := range 30 {
		out = append(out, fmt.Sprintf(`{"value":"%d%s"}`, i, strings.Repeat("z", 3000)))
	}
	return strings.Join(out, ",")
}

// TestVersions: what somebody has not seen he cannot change.
func TestVersions(t *testing.T) {
	d := open(t)
	id := d.user("ana@example.com", "")
	d.must(304, "GET", "/Users/"+id, "", "If-None-Match", `W/"1"`)
	d.must(200, "GET", "/Users/"+id, "", "If-None-Match", `W/"2"`)
	d.must(200, "PUT", "/Users/"+id, `{"userName":"ana@example.com","title":"Lead"}`, "If-Match", `W/"1"`)
	d.must(412, "PUT", "/Users/"+id, `{"userName":"ana@example.com","title":"Boss"}`, "If-Match", `W/"1"`)
	d.must(412, "DELETE", "/Users/"+id, "", "If-Match", `"1"`)
	same := d.must(200, "PUT", "/Users/"+id, `{"userName":"ana@example.com","title":"Lead"}`, "If-Match", "*")
	if same.header.Get("ETag") != `W/"2"` {
		t.Errorf("a change of nothing has changed the version: %v", same.header)
	}
	g := d.must(201, "POST", "/Groups", `{"displayName":"Shop"}`).body["id"].(string)
	d.must(412, "PATCH", "/Groups/"+g, `{"Operations":[{"op":"replace","path":"displayName","value":"x"}]}`, "If-Match", `W/"9"`)
	d.must(412, "DELETE", "/Groups/"+g, "", "If-Match", `W/"9"`)
}

// TestNobodyIsForgotten: people whom a file told of are found by a directory, which takes them over.
func TestNobodyIsForgotten(t *testing.T) {
	d := open(t)
	p := person.Person{
		ID: "01F", UserName: "di@example.com", Given: "Di", Family: "Moe", Department: "Shop", Team: "Web", Number: "9", Manager: "01P", Active: true,
		Start: noon, End: noon.Add(time.Hour), Source: "hr", Created: noon, Changed: noon, Version: 1, Emails: []person.Email{{Value: "di@example.com", Kind: "work", Primary: true}},
	}
	err := d.store.Update(d.Context(), func(tx *store.Tx) error {
		return tx.SavePerson(d.Context(), p, person.Between(nil, p, "mia", noon))
	})
	if err != nil {
		t.Fatal(err)
	}
	own := "urn:ietf:params:scim:schemas:extension:jobzero:2.0:User"
	got := at(d.must(200, "GET", "/Users?filter=userName+eq+%22di%40example.com%22", "").body, "Resources", 0)
	if at(got, "name", "givenName") != "Di" || at(got, own, "endDate") != "2030-04-05T13:00:00Z" || at(got, enterprise, "manager", "value") != "01P" {
		t.Errorf("%v", got)
	}
	d.must(200, "PATCH", "/Users/01F", `{"Operations":[{"op":"replace","path":"`+own+`:endDate","value":"2030-04-06"},{"op":"remove","path":"`+own+`:startDate"}]}`)
	want := p
	want.Source, want.Version, want.Start, want.End = person.SCIM, 2, time.Time{}, noon.Add(12*time.Hour)
	now := d.kept("01F")
	now.Said = nil
	if diff := cmp.Diff(want, now); diff != "" {
		t.Error(diff)
	}
}
