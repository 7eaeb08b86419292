package tie_test

import (
	"strings"
	"testing"
	"time"

	"jobzero/internal/access"
	"jobzero/internal/access/tie"
	"jobzero/internal/policy"
	"jobzero/internal/policy/timed"
	"jobzero/internal/principal/lineage"
)

func taken(root lineage.Root, s lineage.Strength) lineage.Session {
	noon := time.Date(2030, 4, 5, 12, 0, 0, 0, time.UTC)
	return lineage.Session{
		ARN: "arn:aws:sts::111122223333:assumed-role/deploy/ana@example.com", Account: "111122223333", Role: "deploy", Name: "ana@example.com",
		ID: "AROADEPLOY:ana@example.com", Issued: noon, Until: noon.Add(time.Hour), Root: root, Strength: s,
	}
}

// TestBehind: only whoever is proved to be at the root of a session has it for sure.
func TestBehind(t *testing.T) {
	_, book := scene(t, staff())
	ana := lineage.Root{Kind: lineage.Person, ID: "arn:aws:iam::111122223333:user/ana@example.com", Name: "ana@example.com", Account: "111122223333"}
	nobody := lineage.Root{Kind: lineage.Unknown, ID: "AROAX", Name: "AROAX"}
	for name, c := range map[string]struct {
		root     lineage.Root
		strength lineage.Strength
		want     tie.Sure
		reason   string
	}{
		"proved":               {ana, lineage.Proved, tie.Likely, "the root arn"},
		"claimed":              {ana, lineage.Claimed, tie.Perhaps, "only claimed"},
		"a part of an address": {lineage.Root{Kind: lineage.Person, ID: "ana", Name: "ana"}, lineage.Proved, tie.Perhaps, "beginning of an address"},
		"only its name":        {nobody, lineage.Untraced, tie.Perhaps, "was not seen"},
		"an unknown provider":  {lineage.Root{Kind: lineage.Unknown, ID: "oidc:idp.example.com:ana@example.com", Name: "ana@example.com"}, lineage.Proved, tie.Perhaps, "is not known"},
		"a function":           {lineage.Root{Kind: lineage.Workload, ID: "lambda:1:f", Name: "f"}, lineage.Proved, "", ""},
		"somebody else":        {lineage.Root{Kind: lineage.Person, ID: "zoe@example.net", Name: "zoe@example.net"}, lineage.Proved, "", ""},
	} {
		j, ok := book.Behind(taken(c.root, c.strength))
		if ok != (c.want != "") || j.Sure != c.want || !strings.Contains(j.Reason, c.reason) {
			t.Errorf("%s: %+v, %v", name, j, ok)
		}
	}
}

// TestDenied: a session is over only by a Deny of everything that surely is about it, until its end.
func TestDenied(t *testing.T) {
	s := taken(lineage.Root{}, lineage.Proved)
	end := func(e timed.End) string {
		text, err := e.Statement()
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	deny := func(condition string) string {
		return `{"Effect":"Deny","Action":"*","Resource":"*","Condition":` + condition + `}`
	}
	now := s.Issued.Add(10 * time.Minute)
	user := policy.Keys{"identitystore:userid": policy.Is("9067-ana")}
	for name, c := range map[string]struct {
		statement string
		want      bool
	}{
		"issued before":                     {end(timed.End{Session: s.Name, Issued: now}), true},
		"all of the role":                   {end(timed.End{Issued: now}), true},
		"of another name":                   {end(timed.End{Session: "bo@example.com", Issued: now}), false},
		"before it was issued":              {end(timed.End{Session: s.Name, Issued: s.Issued.Add(-time.Minute)}), false},
		"at the second of its issue":        {end(timed.End{Session: s.Name, Issued: s.Issued.Add(time.Second)}), false}, // clocks differ
		"from now on":                       {end(timed.End{Session: s.Name, From: now}), true},
		"from later on":                     {end(timed.End{Session: s.Name, From: now.Add(time.Minute)}), false},
		"for a while":                       {deny(`{"DateLessThan":{"aws:CurrentTime":"` + now.Add(time.Minute).Format(time.RFC3339) + `"}}`), false},
		"by the user's number":              {deny(`{"StringEquals":{"identitystore:UserId":"9067-ana"}}`), true},
		"by another's number":               {deny(`{"StringEquals":{"identitystore:UserId":"9067-bo"}}`), false},
		"by what nobody knows":              {deny(`{"StringEquals":{"aws:SourceIdentity":"ana"}}`), false},
		"of its role":                       {deny(`{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/deploy"}}`), true},
		"of everything":                     {`{"Effect":"Deny","Action":"*","Resource":"*"}`, true},
		"of one service":                    {`{"Effect":"Deny","Action":"s3:*","Resource":"*"}`, false},
		"an Allow of that name":             {strings.Replace(end(timed.End{Session: s.Name, Issued: now}), "Deny", "Allow", 1), false},
		"a Deny under the name of an ended": {`{"Sid":"SessionsIssuedBefore20300405T121000Zanax40examplex2Ecom","Effect":"Deny","Action":"s3:*","Resource":"*"}`, false},
	} {
		d, _, err := policy.Parse("x", policy.Identity, []byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},`+c.statement+`]}`))
		if err != nil {
			t.Fatal(err)
		}
		if got := tie.Denied(access.Policies{Identity: []*policy.Document{d}}, s, user, now); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
