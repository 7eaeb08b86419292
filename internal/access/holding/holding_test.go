package holding_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/access/holding"
	"jobzero/internal/fault"
)

const (
	ana     = "arn:aws:iam::111122223333:user/team/ana"
	details = `{"UserDetailList":[{"Arn":"` + ana + `","UserId":"AIDAANA","UserName":"ana","CreateDate":"2020-01-01T00:00:00+00:00",
"Tags":[{"Key":"owner","Value":"bo"}],"GroupList":["staff"],"AttachedManagedPolicies":[{"PolicyArn":"arn:aws:iam::aws:policy/ReadOnlyAccess"}],"UserPolicyList":[{"PolicyName":"own"}]}],
"RoleDetailList":[{"Arn":"arn:aws:iam::111122223333:role/web","RoleId":"AROAW","CreateDate":"2020-01-01T00:00:00+00:00","RoleLastUsed":{"LastUsedDate":"2021-01-01T00:00:00+00:00"}},
{"Arn":"arn:aws:iam::111122223333:role/old","RoleLastUsed":{}},{"Arn":"arn:aws:iam::111122223333:role/dark"}],"IsTruncated":false}`
	head   = "user,arn,password_enabled,password_last_used,password_last_changed,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated\n"
	report = head + "<root_account>,arn:aws:iam::111122223333:root,not_supported,N/A,N/A,true,true,N/A,N/A,false,N/A,N/A,false,N/A,false,N/A\n" +
		"ana," + ana + ",true,no_information,2020-01-01T00:00:00+00:00,true,true,2020-02-01T00:00:00+00:00,2021-02-01T00:00:00+00:00,false,2020-03-01T00:00:00+00:00,N/A,true,2020-04-01T00:00:00+00:00,false,N/A\n"
)

func read(t *testing.T, texts ...string) *holding.World {
	t.Helper()
	w := holding.New()
	for _, text := range texts {
		if _, err := w.Read("made.json", strings.NewReader(text)); err != nil {
			t.Fatal(err)
		}
	}
	w.Done()
	return w
}

func day(month int) time.Time { return time.Date(2020, time.Month(month), 1, 0, 0, 0, 0, time.UTC) }

func TestUsersAndRoles(t *testing.T) {
	w := read(t, details, report)
	u := w.Users[ana]
	want := []holding.Credential{
		{Kind: holding.Password, Active: true, Created: day(1)},
		{Kind: holding.AccessKey, ID: "1", Active: true, Created: day(2), Used: day(2).AddDate(1, 0, 0), Told: true},
		{Kind: holding.AccessKey, ID: "2", Created: day(3), Told: true},
		{Kind: holding.Certificate, ID: "1", Active: true, Created: day(4)},
		{Kind: holding.MFA, Active: true},
	}
	if d := cmp.Diff(want, u.Credentials); d != "" {
		t.Error(d)
	}
	if got := u.Unread(); !slices.Equal(got, []holding.Kind{holding.SSHKey, holding.ServiceCredential}) || len(u.Lives()) != 4 {
		t.Errorf("not read: %v, live %v", got, u.Lives())
	}
	if u.Account != "111122223333" || u.Name != "ana" || u.Tags["owner"] != "bo" || len(u.Policies) != 2 || !w.Accounts["111122223333"] || len(w.Users) != 1 {
		t.Errorf("%+v", u)
	}
	web, old, dark := w.Roles["arn:aws:iam::111122223333:role/web"], w.Roles["arn:aws:iam::111122223333:role/old"], w.Roles["arn:aws:iam::111122223333:role/dark"]
	if !web.Told || web.Used.Year() != 2021 || !old.Told || !old.Used.IsZero() || dark.Told {
		t.Errorf("%+v %+v %+v", web, old, dark)
	}
}

// TestListsKnowBetter: a list names the keys one by one; when each was used only the report says.
func TestListsKnowBetter(t *testing.T) {
	keys := `{"AccessKeyMetadata":[{"UserName":"ana","AccessKeyId":"AKIA1","Status":"Active","CreateDate":"2020-02-01T00:00:00+00:00"}]}`
	more := `{"SSHPublicKeys":[],"UserName":"ana"}{"ServiceSpecificCredentials":[{"UserName":"ana","ServiceSpecificCredentialId":"ACCA1","Status":"Inactive"}]}
{"MFADevices":[]," Account":"x","UserName":"ana"}{"Certificates":[],"UserName":"ana"}`
	w := read(t, details, `{"Content":"`+base64.StdEncoding.EncodeToString([]byte(report))+`","ReportFormat":"text/csv"}`, keys, more, keys)
	u := w.Users[ana]
	want := []holding.Credential{
		{Kind: holding.AccessKey, ID: "AKIA1", Active: true, Created: day(2), Used: day(2).AddDate(1, 0, 0), Told: true},
		{Kind: holding.ServiceCredential, ID: "ACCA1"},
		{Kind: holding.Password, Active: true, Created: day(1)},
	}
	if d := cmp.Diff(want, u.Credentials); d != "" || len(u.Unread()) != 0 {
		t.Errorf("not read %v\n%s", u.Unread(), d)
	}
}

func TestResources(t *testing.T) {
	w := read(t, `{"type":"AWS::IAM::User","account":"111122223333","id":"ana","arn":"`+ana+`","tags":{"email":"a@example.com"},"properties":{"LoginProfile":{"PasswordResetRequired":false}},
"related":{"access_keys":[{"Id":"AKIA1","Status":"Active","UserName":"ana"}],"mfa":[]}}
{"type":"AWS::IAM::AccessKey","account":"111122223333","id":"AKIA1","properties":{"UserName":"ana","Status":"Inactive"},"related":{"last_used":{"LastUsedDate":"2020-01-01T00:00:00Z"}}}
{"type":"AWS::IAM::User","account":"111122223333","id":"bo","arn":"arn:aws:iam::111122223333:user/bo","properties":{},"related":{},"unknown":[{"path":"related.access_keys","cause":"denied"}]}
{"type":"AWS::IAM::User","account":"111122223333","id":"cy","arn":"arn:aws:iam::111122223333:user/cy","properties":{},"gone":true}
{"type":"AWS::SSO::Assignment","account":"111122223333","id":"x","properties":{"TargetId":"444455556666","PermissionSetArn":"ps","PrincipalType":"GROUP","PrincipalId":"g"}}
{"type":"AWS::S3::Bucket","account":"111122223333","id":"x","properties":{}}`)
	want := []holding.Credential{{Kind: holding.AccessKey, ID: "AKIA1", Used: day(1), Told: true}, {Kind: holding.Password, Active: true}}
	if d := cmp.Diff(want, w.Users[ana].Credentials); d != "" {
		t.Error(d)
	}
	if bo := w.Users["arn:aws:iam::111122223333:user/bo"]; bo.Read[holding.AccessKey] || !bo.Read[holding.Password] || !bo.Read[holding.MFA] {
		t.Errorf("%+v", bo)
	}
	if len(w.Users) != 2 || len(w.Of("g")) != 1 || w.Accounts["111122223333"] {
		t.Errorf("%+v", w)
	}
}

func TestIdentityCenter(t *testing.T) {
	w := read(t, `{"Users":[{"UserId":"s1","UserName":"ana","IdentityStoreId":"d-1","UserStatus":"DISABLED","Emails":[{"Value":"a@example.com"}],"ExternalIds":[{"Id":"00u"}]}]}`,
		`{"Groups":[{"GroupId":"g1","DisplayName":"Shop","IdentityStoreId":"d-1"}]}`, `{"GroupMemberships":[{"GroupId":"g1","MemberId":{"UserId":"s1"}}]}`,
		`{"AccountAssignments":[{"AccountId":"444455556666","PermissionSetArn":"ps","PrincipalId":"s1","PrincipalType":"USER"}]}`,
		`{"Users":[{"UserName":"ana","UserId":"AIDAANA","Arn":"`+ana+`"}]}`, `{"Sessions":[{"Arn":"x","Until":"2020-01-01T00:00:00Z"}]}`, `[]`)
	s := w.Seats["s1"]
	if !s.Disabled || s.Emails[0] != "a@example.com" || s.External[0] != "00u" || len(w.Seats) != 1 || w.Users[ana].ID != "AIDAANA" {
		t.Errorf("%+v of %v", s, w.Seats)
	}
	if len(w.In("s1")) != 1 || len(w.Of("s1")) != 1 || w.Groups["g1"].Name != "Shop" || !w.SeatsRead || !w.MembershipsRead || !w.AssignmentsRead || !w.SessionsRead {
		t.Errorf("%+v", w)
	}
	if none := read(t, details); none.SeatsRead || none.SessionsRead || none.MembershipsRead || none.AssignmentsRead {
		t.Errorf("%+v", none)
	}
}

func TestPages(t *testing.T) {
	first := strings.Replace(details, `"IsTruncated":false`, `"IsTruncated":true`, 1)
	if w := read(t, first); w.Accounts["111122223333"] {
		t.Error("a page is taken for all users")
	}
	if w := read(t, first, details); !w.Accounts["111122223333"] {
		t.Error("the last page does not end the list")
	}
}

func TestBadFiles(t *testing.T) {
	for text, want := range map[string]string{
		"":                     "made.json: byte 0: want what the AWS CLI answers",
		"{":                    "made.json: byte",
		`7`:                    "want an object",
		`{"Buckets":[]}`:       "want an answer of iam, identitystore or sso-admin",
		`{"UserName":"ana"}`:   "want an answer of",
		`{"SSHPublicKeys":[]}`: "does not say whose it is",
		`{"AccessKeyMetadata":[{"UserName":"x"}]}`: `no file before says in which account user "x" is`,
		`{"Users":7}`: "read Users",
		`{"type":"AWS::IAM::User","properties":{}}`: "has no arn",
		`{"Content":"dXNlcixhcm4K"}`:                "has no column password_enabled",
		head + "x,no-arn" + strings.Repeat(",", 14): `made.json:2: "no-arn" is no ARN of a user`,
		head + "x\n": "read the credential report",
	} {
		_, err := holding.New().Read("made.json", strings.NewReader(text))
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: %v, want %s", text, err, want)
		}
	}
	w := holding.New()
	two := details + strings.ReplaceAll(details, "111122223333", "444455556666") + `{"LoginProfile":{"UserName":"ana"}}`
	if _, err := w.Read("made.json", strings.NewReader(two)); err == nil || !strings.Contains(err.Error(), `user ana is in accounts 111122223333 and 444455556666: add "Account"`) {
		t.Error(err)
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{details, report, `{"SSHPublicKeys":[],"UserName":"a","Account":"1"}`, `[{"Resource":"x"}]`, `{"Content":"eA=="}`, `{"type":"AWS::IAM::User","arn":"a","properties":{},"related":{"mfa":[1]}}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		w := holding.New()
		if _, err := w.Read("x", strings.NewReader(text)); err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", text, err)
		}
		w.Done()
	})
}
