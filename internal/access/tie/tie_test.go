package tie_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"jobzero/internal/access/estate"
	"jobzero/internal/access/holding"
	"jobzero/internal/access/tie"
	"jobzero/internal/principal/lineage"
	"jobzero/internal/principal/person"
)

var noon = time.Date(2030, 4, 5, 12, 0, 0, 0, time.UTC)

func staff() []person.Person {
	return []person.Person{
		{ID: "A", UserName: "ana@example.com", ExternalID: "00u-a", Active: true, Team: "Shop"},
		{ID: "B", UserName: "bo.li@example.com", Emails: []person.Email{{Value: "bo@example.org"}}, Active: true, Team: "Shop"},
		{ID: "C1", UserName: "cy@example.com", Active: true, Team: "Bank"},
		{ID: "C2", UserName: "cy@example.org", Active: true},
		{ID: "D-", UserName: "dee@example.com", Active: true, Gone: noon},
		{ID: "D", UserName: "dee@example.com", Active: true, Department: "Bank"},
	}
}

// scene reads files into a world and an estate, and joins them.
func scene(t *testing.T, people []person.Person, texts ...string) (tie.Look, *tie.Book) {
	t.Helper()
	w, e := holding.New(), estate.New()
	for _, text := range texts {
		also, err := w.Read("made.json", strings.NewReader(text))
		if err == nil && also.Estate {
			err = e.Read("made.json", strings.NewReader(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	w.Done()
	if err := e.Done(); err != nil {
		t.Fatal(err)
	}
	b := tie.NewBook(people)
	return tie.Look{World: w, Estate: e, Result: b.Join(w), Now: noon}, b
}

func user(name, more string) string {
	return `{"Arn":"arn:aws:iam::111122223333:user/` + name + `","UserName":"` + name + `","UserId":"AIDA` + strings.ToUpper(name) + `"` + more + `}`
}

func account(users ...string) string {
	return `{"UserDetailList":[` + strings.Join(users, ",") + `],"IsTruncated":false}`
}

func TestJoin(t *testing.T) {
	tags := func(kv ...string) string {
		var out []string
		for i := 0; i < len(kv); i += 2 {
			out = append(out, `{"Key":"`+kv[i]+`","Value":"`+kv[i+1]+`"}`)
		}
		return `,"Tags":[` + strings.Join(out, ",") + `]`
	}
	role := func(arn, more string) string {
		return `{"Arn":"arn:aws:iam::111122223333:role/` + arn + `"` + more + `}`
	}
	look, b := scene(t, staff(),
		account(user("ANA@example.com", ""), user("bo.li", ""), user("cy", ""), user("dee@example.com", ""), user("svc", tags("Owner", "bo@example.org")),
			user("x1", tags("E-Mail", "ana@example.com")), user("bot", tags("team", "shop")), user("ci", ""), user("old", tags("owner", "zed"))),
		`{"RoleDetailList":[`+strings.Join([]string{
			role("deploy", tags("technical_owner", "ana@example.com")), role("aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_1", ""),
			role("aws-service-role/x.amazonaws.com/AWSServiceRoleForX", ""), role("free", ""), role("shared", tags("owner", "Bank")), role("cyrole", tags("owner", "cy")),
		}, ",")+`]}`,
		`{"Users":[{"UserId":"s1","UserName":"someone","ExternalIds":[{"Id":"00u-a"}],"IdentityStoreId":"d"},{"UserId":"s2","UserName":"x","Emails":[{"Value":"BO@example.org"}],"IdentityStoreId":"d"},
{"UserId":"s3","UserName":"bo.li","IdentityStoreId":"d"},{"UserId":"s4","UserName":"none","IdentityStoreId":"d"}]}`,
		`{"Sessions":[{"Arn":"arn:aws:sts::1:assumed-role/AWSReservedSSO_Admin_1/ana@example.com"},{"Arn":"arn:aws:sts::1:assumed-role/web/ana@example.com"},
{"Arn":"arn:aws:sts::1:assumed-role/web/i-1"},{"Arn":"x"}]}`)
	var got []string
	for _, j := range look.Result.Joins {
		got = append(got, fmt.Sprint(j.Person, " ", j.Kind, " ", last(j.Principal), " ", j.Sure))
	}
	for _, s := range look.Result.Strays {
		got = append(got, fmt.Sprint("- ", s.Kind, " ", last(s.Principal), " ", s.Why))
	}
	want := []string{
		"A machine deploy likely", "A seat s1 proved", "A session AWSReservedSSO_Admin_1 proved", "A session web likely", "A user ANA@example.com likely",
		"A user x1 likely", "B machine svc likely", "B seat s2 likely", "B seat s3 perhaps", "B user bo.li perhaps", "D user dee@example.com likely",
		"- machine cyrole it may be cy@example.com or cy@example.org", "- machine free no tag says who owns it",
		"- seat s4 nobody is called so", "- session web nobody is called so", "- session x it is no session of a role",
		"- user ci nobody is called so", "- user cy it may be cy@example.com or cy@example.org", "- user old nobody is called so",
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if alone := look.Result.Alone; !slices.Equal(alone, []person.ID{"C1", "C2", "D-"}) {
		t.Errorf("alone: %v", alone)
	}
	if j, ok := b.Root(lineage.Root{Kind: lineage.Person, ID: "x", Name: "ana@example.com"}); !ok || j.Person != "A" {
		t.Errorf("by lineage: %+v", j)
	}
	if _, ok := b.Root(lineage.Root{Kind: lineage.Workload, Name: "ana@example.com"}); ok {
		t.Error("a workload is somebody")
	}
}

// last is the name at the end of an ARN, of a session that of its role.
func last(arn string) string {
	if _, rest, ok := strings.Cut(arn, "assumed-role/"); ok {
		role, _, _ := strings.Cut(rest, "/")
		return role
	}
	return arn[strings.LastIndexAny(arn, "/:")+1:]
}

// shut are the credentials of a user, all off and all read.
func shut(name string) string {
	out := ""
	for _, list := range []string{"AccessKeyMetadata", "SSHPublicKeys", "ServiceSpecificCredentials", "Certificates"} {
		out += `{"` + list + `":[],"UserName":"` + name + `","Account":"111122223333"}`
	}
	return out + `{"type":"AWS::IAM::User","account":"111122223333","id":"` + name + `","arn":"arn:aws:iam::111122223333:user/` + name + `","properties":{},"related":{"access_keys":[],"mfa":[]}}`
}

const (
	empty = `{"Users":[]}{"Sessions":[]}`
	allow = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`
)

func own(policies ...string) string {
	var out []string
	for i, p := range policies {
		out = append(out, fmt.Sprintf(`{"PolicyName":"p%d","PolicyDocument":%s}`, i, p))
	}
	return `,"UserPolicyList":[` + strings.Join(out, ",") + `]`
}

// TestGone: each single thing that is left, or that nobody looked at, keeps somebody from being gone.
func TestGone(t *testing.T) {
	ana := func(more string) string { return account(user("ana@example.com", more), user("other", "")) }
	deny := strings.NewReplacer("Allow", "Deny", "s3:GetObject", "*").Replace(allow)
	some := strings.Replace(deny, `"Action":"*"`, `"Action":"s3:*"`, 1)
	when := strings.Replace(deny, `"Resource":"*"`, `"Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"false"}}`, 1)
	bucket := `[{"Resource":"arn:aws:s3:::b","Account":"111122223333","Policy":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"WHO"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}}]`
	trust := `{"RoleDetailList":[{"Arn":"arn:aws:iam::111122223333:role/r","AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole","Condition":{"StringLike":{"aws:userid":"VALUE"}}}]}}]}`
	seat := `{"Users":[{"UserId":"s1","UserName":"ana@example.com","IdentityStoreId":"d","UserStatus":"DISABLED"}]}`
	none := `{"GroupMemberships":[]}{"AccountAssignments":[]}`
	off := shut("ana@example.com")
	for name, c := range map[string]struct {
		texts []string
		want  tie.Verdict
		says  string
	}{
		"nothing at all":       {[]string{ana(""), off, empty}, tie.Gone, ""},
		"deleted":              {[]string{account(), `{"UserDetailList":[` + user("dee@example.com", "") + `],"IsTruncated":false}`, empty}, tie.Gone, ""},
		"deleted, one is free": {[]string{account(user("other", "")), empty}, tie.Unknown, "1 users are nobody's"},
		"no account":           {[]string{empty}, tie.Unknown, "the users of no account were read"},
		"a page of accounts":   {[]string{strings.Replace(ana(""), "false", "true", 1), off, empty}, tie.Unknown, "not all users of account 111122223333"},
		"keys not read":        {[]string{ana(""), empty}, tie.Unknown, "access keys of"},
		"a key":                {[]string{ana(""), off, `{"AccessKeyMetadata":[{"UserName":"ana@example.com","AccessKeyId":"AKIA1","Status":"Active"}]}`, empty}, tie.There, "access key AKIA1 of"},
		"a key that is off":    {[]string{ana(""), off, `{"AccessKeyMetadata":[{"UserName":"ana@example.com","AccessKeyId":"AKIA1","Status":"Inactive"}]}`, empty}, tie.Gone, ""},
		"a password":           {[]string{ana(""), off, `{"LoginProfile":{"UserName":"ana@example.com"}}`, empty}, tie.There, "password of"},
		"a policy":             {[]string{ana(own(allow)), off, empty}, tie.There, "may s3:getobject, by p0, statement 1"},
		"a policy, denied":     {[]string{ana(own(allow, deny)), off, empty}, tie.Gone, ""},
		"denied in part":       {[]string{ana(own(allow, some)), off, empty}, tie.Unknown, "is denied wherever it was tried"},
		"denied on condition":  {[]string{ana(own(allow, when)), off, empty}, tie.Unknown, "hangs on what is not known"},
		"an unread policy":     {[]string{ana(`,"AttachedManagedPolicies":[{"PolicyArn":"arn:aws:iam::111122223333:policy/x"}]`), off, empty}, tie.Unknown, "the text of arn:aws:iam::111122223333:policy/x"},
		"all actions":          {[]string{ana(own(strings.Replace(allow, "s3:GetObject", "*", 1))), off, empty}, tie.There, "may iam:createuser"},
		"all but some":         {[]string{ana(own(strings.Replace(allow, `"Action":"s3:GetObject"`, `"NotAction":"iam:*"`, 1))), off, empty}, tie.There, "may s3:getobject"},
		"a bucket":             {[]string{ana(""), off, strings.Replace(bucket, "WHO", "arn:aws:iam::111122223333:user/ana@example.com", 1), empty}, tie.There, "resource policy of arn:aws:s3:::b names him"},
		"a bucket by ID":       {[]string{ana(""), off, strings.Replace(bucket, "WHO", "AIDAANA@EXAMPLE.COM", 1), empty}, tie.There, "resource policy of"},
		"another's bucket":     {[]string{ana(""), off, strings.Replace(bucket, "WHO", "arn:aws:iam::111122223333:user/other", 1), empty}, tie.Gone, ""},
		"a trust":              {[]string{ana(""), off, strings.Replace(trust, "VALUE", "*:ANA@example.com", 1), empty}, tie.There, "trust policy of"},
		"another's trust":      {[]string{ana(""), off, strings.Replace(trust, "VALUE", "*:diana@example.com", 1), empty}, tie.Gone, ""},
		"no seats":             {[]string{ana(""), off, `{"Sessions":[]}`}, tie.Unknown, "the users of Identity Center were not read"},
		"a seat":               {[]string{ana(""), off, strings.Replace(seat, "DISABLED", "ENABLED", 1), none, `{"Sessions":[]}`}, tie.There, "of Identity Center may sign in"},
		"a seat that is off":   {[]string{ana(""), off, seat, none, `{"Sessions":[]}`}, tie.Gone, ""},
		"its groups":           {[]string{ana(""), off, seat, `{"AccountAssignments":[]}`, `{"Sessions":[]}`}, tie.Unknown, "the groups of ana@example.com"},
		"its assignments":      {[]string{ana(""), off, seat, `{"GroupMemberships":[]}`, `{"Sessions":[]}`}, tie.Unknown, "assignments of permission sets were not read"},
		"an assignment": {
			[]string{ana(""), off, seat, none, `{"AccountAssignments":[{"AccountId":"444455556666","PermissionSetArn":"ps","PrincipalId":"s1","PrincipalType":"USER"}]}`, `{"Sessions":[]}`},
			tie.There, "permission set ps is assigned to him in 444455556666",
		},
		"no sessions":              {[]string{ana(""), off, `{"Users":[]}`}, tie.Unknown, "sessions were not read"},
		"a session":                {[]string{ana(""), off, `{"Users":[]}`, session("2030-04-05T12:00:01Z")}, tie.There, "lasts until"},
		"a session that is over":   {[]string{ana(""), off, `{"Users":[]}`, session("2030-04-05T12:00:00Z")}, tie.Gone, ""},
		"a session without an end": {[]string{ana(""), off, `{"Users":[]}`, session("")}, tie.Unknown, "nobody says when the session"},
	} {
		t.Run(name, func(t *testing.T) {
			look, _ := scene(t, staff(), c.texts...)
			r := look.Leaver(staff()[0])
			if all := strings.Join(append(r.Remains, r.Unsure...), "\n"); r.Verdict != c.want || !strings.Contains(all, c.says) || c.want == tie.Gone && all != "" {
				t.Errorf("%s, want %s with %s:\n%s", r.Verdict, c.want, c.says, all)
			}
		})
	}
}

func session(until string) string {
	return `{"Sessions":[{"Arn":"arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_A_1/ana@example.com","Until":"` + until + `"}]}`
}

// TestManyStatements: a policy of the largest size that is taken has an end.
func TestManyStatements(t *testing.T) {
	var all []string
	for i := range 5000 {
		all = append(all, fmt.Sprintf(`{"Effect":"Allow","Action":["s3:Get%d","s3:Put%d"],"Resource":["arn:aws:s3:::b%d","arn:aws:s3:::c%d/*"]}`, i, i, i, i))
	}
	deny := `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}`
	look, _ := scene(t, staff(), account(user("ana@example.com", own(`{"Version":"2012-10-17","Statement":[`+strings.Join(all, ",")+`]}`, deny))), shut("ana@example.com"), empty)
	r := look.Leaver(staff()[0])
	if r.Verdict != tie.Unknown || !strings.Contains(strings.Join(r.Unsure, " "), "allow more than was tried") {
		t.Errorf("%s: %v", r.Verdict, r.Unsure)
	}
}

func TestMover(t *testing.T) {
	look, b := scene(t, staff(), account(
		user("bo.li@example.com", `,"GroupList":["shop","staff"],"AttachedManagedPolicies":[{"PolicyArn":"arn:aws:iam::aws:policy/X"}]`),
		user("ana@example.com", `,"GroupList":["staff"]`), user("cy@example.com", `,"GroupList":["staff"]`)))
	bo := staff()[1]
	to := func(team string) tie.Move {
		bo.Team = team
		return b.Mover(bo, look.World, look.Result.Joins, noon)
	}
	if m := to("bank"); m.Peers != 1 || len(m.Go) != 2 || m.Go[0].ID != "shop" || m.Go[1].What != "policy" || len(m.Keep) != 1 || m.Keep[0].Peers != 1 {
		t.Errorf("%+v", m)
	}
	if m := to("nowhere"); m.Peers != 0 || len(m.Go) != 3 {
		t.Errorf("%+v", m)
	}
}

func TestStaleAndOrphans(t *testing.T) {
	people := staff()
	people[0].Active = false
	look, b := scene(t, people, `{"RoleDetailList":[
{"Arn":"arn:aws:iam::111122223333:role/used","RoleLastUsed":{"LastUsedDate":"2030-04-01T00:00:00Z"},"Tags":[{"Key":"owner","Value":"bank"}]},
{"Arn":"arn:aws:iam::111122223333:role/idle","RoleLastUsed":{"LastUsedDate":"2029-04-01T00:00:00Z"},"Tags":[{"Key":"owner","Value":"ana"}]},
{"Arn":"arn:aws:iam::111122223333:role/never","CreateDate":"2029-01-01T00:00:00Z","RoleLastUsed":{},"Tags":[{"Key":"owner","Value":"ana@example.com"}]},
{"Arn":"arn:aws:iam::111122223333:role/new","CreateDate":"2030-04-01T00:00:00Z","RoleLastUsed":{},"Tags":[{"Key":"owner","Value":"bo@example.org"}]},
{"Arn":"arn:aws:iam::111122223333:role/dark","CreateDate":"2029-01-01T00:00:00Z"}]}`)
	var got []string
	for _, i := range tie.Stale(look.World, 90*24*time.Hour, noon) {
		got = append(got, fmt.Sprint(last(i.Principal), " ", i.Unknown))
	}
	if !slices.Equal(got, []string{"dark true", "idle false", "never false"}) {
		t.Errorf("stale: %v", got)
	}
	got = nil
	for _, i := range b.Orphans(look.Result, noon) {
		got = append(got, fmt.Sprint(last(i.Principal), " ", i.Unknown))
	}
	if !slices.Equal(got, []string{"idle true", "never false", "dark false"}) {
		t.Errorf("orphans: %v", got)
	}
}

// BenchmarkJoin joins 100,000 people to as many users.
func BenchmarkJoin(b *testing.B) {
	w := holding.New()
	people := make([]person.Person, 100_000)
	var text strings.Builder
	for i := range people {
		people[i] = person.Person{ID: person.ID(fmt.Sprint(i)), UserName: fmt.Sprintf("p%d@example.com", i), Active: true}
		if i > 0 {
			text.WriteByte(',')
		}
		text.WriteString(user(fmt.Sprintf("p%d", i), ""))
	}
	if _, err := w.Read("made.json", strings.NewReader(account(text.String()))); err != nil {
		b.Fatal(err)
	}
	w.Done()
	for b.Loop() {
		if r := tie.NewBook(people).Join(w); len(r.Joins) != len(people) {
			b.Fatal(len(r.Joins))
		}
	}
}
