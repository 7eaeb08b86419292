package holding_test

import (
	"strings"
	"testing"

	"jobzero/internal/access/estate"
	"jobzero/internal/access/holding"
	"jobzero/internal/fault"
)

// TestLooks: what it looks like decides who reads a file; nobody reads it twice.
func TestLooks(t *testing.T) {
	for text, want := range map[string]bool{
		`{"AccessKeyMetadata": []}`:                             true,
		`{"UserName": "ana", "LoginProfile": null}`:             true,
		`{"Users": [{"UserId": "s-1"}]}`:                        true,
		`{"Content": "dXNlcg=="}`:                               true,
		`{"type": "AWS::IAM::User", "properties": {}}`:          true,
		"\xEF\xBB\xBFuser,arn,user_creation_time\n":             true,
		`{"nothing": {"Users": []}}`:                            false,
		`{"a": "Users"}`:                                        false,
		`{"UserDetailList": [], "IsTruncated": false}`:          false,
		`[{"type": "AWS::S3::Bucket"}]`:                         false,
		`{"AWSTemplateFormatVersion": "2010", "Resources": {}}`: false,
		"email,name\n":                                          false,
		"":                                                      false,
	} {
		if got := holding.Looks([]byte(text)); got != want {
			t.Errorf("%s: %v", text, got)
		}
		if want && estate.Looks([]byte(text)) {
			t.Errorf("%s: it looks like what an estate reads too", text)
		}
	}
}

// TestGuessed: lists of credentials say a name and an account, and a user's path only his details; it is one user whichever comes first.
func TestGuessed(t *testing.T) {
	const details = `{"UserDetailList": [{"Arn": "arn:aws:iam::111122223333:user/shop/ana", "UserName": "ana"}]}`
	const keys = `{"UserName": "ana", "Account": "111122223333", "AccessKeyMetadata": [{"AccessKeyId": "AKIA1", "Status": "Active", "AccessKeyLastUsed": {"LastUsedDate": "2026-01-02T03:04:05Z"}}]}`
	const login = `{"UserName": "ana", "Account": "111122223333", "LoginProfile": null}`
	for _, order := range [][]string{{details, keys, login}, {keys, login, details}} {
		w := read(t, order...)
		u := w.Users["arn:aws:iam::111122223333:user/shop/ana"]
		if len(w.Users) != 1 || u == nil || !u.Read[holding.AccessKey] || !u.Read[holding.Password] || u.Read[holding.SSHKey] {
			t.Fatalf("%+v", w.Users)
		}
		if c := u.Credentials; len(c) != 1 || c[0].ID != "AKIA1" || !c[0].Active || !c[0].Told || c[0].Used.IsZero() {
			t.Errorf("%+v", c)
		}
	}
}

// FuzzAnswers reads whatever looks like an answer, in two parts, through an estate that tells a world as the commands do it.
func FuzzAnswers(f *testing.F) {
	for _, s := range []string{
		`{"UserName": "a", "Account": "111122223333", "LoginProfile": null}`,
		`{"UserName": "a", "Account": "1", "AccessKeyMetadata": [{"AccessKeyId": "AKIA1", "AccessKeyLastUsed": {}}]}`,
		`{"GroupMemberships": [{"GroupId": "g", "MembershipId": "m", "MemberId": {"UserId": "u"}}]}`,
		`{"AccountAssignments": [{"AccountId": "1", "PrincipalType": "GROUP", "InstanceArn": "arn:aws:sso:::instance/i"}]}`,
		`{"UserDetailList": [{"Arn": "arn:aws:iam::1:user/p/a"}], "RoleDetailList": [{"Arn": "arn:aws:iam::1:role/r", "RoleLastUsed": {}, "InstanceProfileList": [{"Arn": "x"}]}], "IsTruncated": true}`,
		"user,arn,password_enabled,mfa_active,access_key_1_active,access_key_2_active,cert_1_active,cert_2_active\na,arn:aws:iam::1:user/a,true,true,true,false,false,false\n",
		`{"type": "AWS::IAM::User", "account": "1", "id": "a", "arn": "arn:aws:iam::1:user/a", "properties": {}}`,
	} {
		f.Add(s, `{"Sessions": []}`)
	}
	f.Fuzz(func(t *testing.T, one, two string) {
		w, e := holding.New(), estate.New()
		e.Tell(w)
		for _, text := range []string{one, two} {
			var err error
			if estate.Looks([]byte(text)) {
				err = e.Read("x", strings.NewReader(text))
			} else {
				holding.Looks([]byte(text))
				_, err = w.Read("x", strings.NewReader(text))
			}
			if err != nil && !fault.Is(err, fault.Invalid) {
				t.Fatalf("%v", err)
			}
		}
		w.Done()
		for arn, u := range w.Users {
			if u.ARN != arn {
				t.Fatalf("%s is kept as %s", u.ARN, arn)
			}
		}
	})
}
