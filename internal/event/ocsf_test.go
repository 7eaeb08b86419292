package event

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"jobzero/internal/testcorpus"
)

func TestClasses(t *testing.T) {
	for _, c := range []struct {
		source, name, raw string
		readOnly          bool
		class, activity   int
	}{
		{"s3.amazonaws.com", "PutBucketPolicy", `{}`, false, 6003, 3},
		{"s3.amazonaws.com", "GetObject", `{}`, true, 6003, 2},
		{"ec2.amazonaws.com", "RunInstances", `{}`, false, 6003, 1},
		{"ec2.amazonaws.com", "TerminateInstances", `{}`, false, 6003, 4},
		{"ec2.amazonaws.com", "AuthorizeSecurityGroupIngress", `{}`, false, 6003, 3},
		{"kms.amazonaws.com", "ScheduleKeyDeletion", `{}`, false, 6003, 4},
		{"dynamodb.amazonaws.com", "BatchGetItem", `{}`, true, 6003, 2},
		{"sts.amazonaws.com", "AssumeRole", `{}`, true, 6003, 2},
		{"example.amazonaws.com", "Settle", `{}`, false, 6003, 99},
		{"signin.amazonaws.com", "ConsoleLogin", `{}`, false, 3002, 1},
		{"signin.amazonaws.com", "SwitchRole", `{}`, false, 3002, 7},
		{"signin.amazonaws.com", "GetSigninToken", `{}`, false, 6003, 2},
		{"iam.amazonaws.com", "CreateUser", `{}`, false, 3001, 1},
		{"iam.amazonaws.com", "DeactivateMFADevice", `{}`, false, 3001, 11},
		{"iam.amazonaws.com", "ListUsers", `{}`, true, 6003, 2},
		{"evil.example.com", "CreateUser", `not json`, false, 6003, 1},
	} {
		e := &Event{Source: c.source, Name: c.name, ReadOnly: c.readOnly, Raw: []byte(c.raw)}
		o := e.OCSF()
		if o.ClassUID != c.class || o.ActivityID != c.activity || o.TypeUID != int64(c.class*100+c.activity) || o.CategoryUID != c.class/1000 {
			t.Errorf("%s %s: class %d, activity %d, type %d, category %d", c.source, c.name, o.ClassUID, o.ActivityID, o.TypeUID, o.CategoryUID)
		}
	}
}

func TestOCSFWhole(t *testing.T) {
	e := &Event{
		ID: "e-1", Time: time.Date(2024, 8, 1, 13, 29, 57, 0, time.UTC), Account: "111122223333", Region: "us-east-1",
		Name: "DeleteTrail", Source: "cloudtrail.amazonaws.com", Type: "AwsApiCall", ErrorCode: "AccessDenied",
		SourceIP: "198.51.100.7", UserAgent: "aws-cli/2", Raw: []byte(`{}`),
		Actor: Actor{
			Type: "AssumedRole", ARN: "arn:aws:sts::444455556666:assumed-role/ops/eve", Account: "444455556666", PrincipalID: "AROA:eve",
			AccessKey: "ASIAEXAMPLE", IssuerARN: "arn:aws:iam::444455556666:role/ops",
		},
		Resources: []Resource{{ARN: "arn:aws:cloudtrail:us-east-1:111122223333:trail/main", Account: "111122223333", Type: "AWS::CloudTrail::Trail"}},
	}
	b, err := json.Marshal(e.OCSF())
	if err != nil {
		t.Fatal(err)
	}
	want := `{"activity_id":4,"activity_name":"Delete","category_uid":6,"category_name":"Application Activity","class_uid":6003,` +
		`"class_name":"API Activity","type_uid":600304,"type_name":"API Activity: Delete","time":1722518997000,"severity_id":1,"severity":"Informational",` +
		`"status_id":2,"status":"Failure","status_code":"AccessDenied","metadata":{"uid":"e-1","version":"1.8.0","event_code":"AwsApiCall",` +
		`"profiles":["cloud"],"product":{"name":"CloudTrail","vendor_name":"AWS"}},"cloud":{"provider":"AWS","region":"us-east-1",` +
		`"account":{"uid":"111122223333"}},"actor":{"user":{"type":"AssumedRole","type_id":99,"name":"arn:aws:sts::444455556666:assumed-role/ops/eve",` +
		`"uid":"arn:aws:sts::444455556666:assumed-role/ops/eve","uid_alt":"AROA:eve","credential_uid":"ASIAEXAMPLE","account":{"uid":"444455556666"}},` +
		`"session":{"issuer":"arn:aws:iam::444455556666:role/ops"}},"api":{"operation":"DeleteTrail","service":{"name":"cloudtrail.amazonaws.com"},` +
		`"response":{"error":"AccessDenied"}},"src_endpoint":{"ip":"198.51.100.7"},"http_request":{"user_agent":"aws-cli/2"},` +
		`"resources":[{"uid":"arn:aws:cloudtrail:us-east-1:111122223333:trail/main","type":"AWS::CloudTrail::Trail",` +
		`"owner":{"type_id":0,"account":{"uid":"111122223333"}}}]}`
	if d := cmp.Diff(want, string(b)); d != "" {
		t.Errorf("OCSF (-want +got):\n%s", d)
	}
}

func TestSignInStatus(t *testing.T) {
	for raw, want := range map[string]string{
		`{"responseElements":{"ConsoleLogin":"Success"},"additionalEventData":{"MFAUsed":"Yes"}}`: "Success true",
		`{"responseElements":{"ConsoleLogin":"Failure"},"additionalEventData":{"MFAUsed":"No"}}`:  "Failure false",
		`{"responseElements":null}`:  "Unknown nil",
		`{"responseElements":[1,2]}`: "Unknown nil",
	} {
		o := (&Event{Source: "signin.amazonaws.com", Name: "ConsoleLogin", Raw: []byte(raw)}).OCSF()
		mfa := "nil"
		if o.IsMFA != nil {
			mfa = strconv.FormatBool(*o.IsMFA)
		}
		if got := o.Status + " " + mfa; got != want || o.User == nil || o.Service == nil {
			t.Errorf("%s: %s, want %s", raw, got, want)
		}
	}
}

func TestAccountChangeNamesWhoIsChanged(t *testing.T) {
	e := &Event{Source: "iam.amazonaws.com", Name: "AttachRolePolicy", Account: "111122223333", Actor: Actor{UserName: "alice"}, Raw: []byte(`{"requestParameters":{"roleName":"ops"}}`)}
	if o := e.OCSF(); o.User.Name != "ops" || o.Actor.User.Name != "alice" {
		t.Errorf("user %+v, actor %+v", o.User, o.Actor.User)
	}
	self := &Event{Source: "iam.amazonaws.com", Name: "ChangePassword", Actor: Actor{UserName: "alice"}, Raw: []byte(`{"requestParameters":null}`)}
	if o := self.OCSF(); o.User.Name != "alice" {
		t.Errorf("user %+v", o.User)
	}
}

// TestAgainstTheSchema compares classes and activities with OCSF's own files.
func TestAgainstTheSchema(t *testing.T) {
	base := testcorpus.Path(t, "ocsf-schema")
	covered := map[string]bool{"API Activity": true, "Authentication": true, "Account Change": true}
	for file, class := range map[string]int{"application/api_activity": 3, "iam/authentication": 2, "iam/account_change": 1} {
		var schema struct {
			UID        int    `json:"uid"`
			Caption    string `json:"caption"`
			Attributes struct {
				Activity struct {
					Enum map[string]struct {
						Caption string `json:"caption"`
					} `json:"enum"`
				} `json:"activity_id"`
			} `json:"attributes"`
		}
		read(t, filepath.Join(base, "events", filepath.FromSlash(file)+".json"), &schema)
		if schema.UID != class {
			t.Fatalf("%s has uid %d", file, schema.UID)
		}
		for _, e := range []*Event{
			{Source: "s3.amazonaws.com", Name: "PutObject"},
			{Source: "s3.amazonaws.com", Name: "GetObject"},
			{Source: "iam.amazonaws.com", Name: "UpdateLoginProfile"},
			{Source: "iam.amazonaws.com", Name: "DetachUserPolicy"},
			{Source: "iam.amazonaws.com", Name: "EnableMFADevice"},
			{Source: "signin.amazonaws.com", Name: "ExitRole"},
		} {
			o := e.OCSF()
			if o.ClassUID%1000 != class || o.ClassName != schema.Caption {
				continue
			}
			if got := schema.Attributes.Activity.Enum[strconv.Itoa(o.ActivityID)].Caption; got != o.ActivityName {
				t.Errorf("%s: activity %d is %q in the schema, %q here", e.Name, o.ActivityID, got, o.ActivityName)
			}
			delete(covered, schema.Caption)
		}
	}
	if len(covered) != 0 {
		t.Errorf("not compared: %v", covered)
	}
}

func read(t *testing.T, path string, to any) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, to); err != nil {
		t.Fatal(err)
	}
}
