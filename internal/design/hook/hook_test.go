package hook_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/design"
	"jobzero/internal/design/hook"
	"jobzero/internal/fault"
)

const stack = "arn:aws:cloudformation:eu-central-1:111122223333:stack/shop/0a1b"

const forResource = `{"awsAccountId": "111122223333", "stackId": "` + stack + `", "actionInvocationPoint": "CREATE_PRE_PROVISION",
 "requestData": {"targetName": "AWS::S3::Bucket", "targetType": "AWS::S3::Bucket", "targetLogicalId": "Data",
  "targetModel": {"resourceProperties": {"BucketName": "shop-data", "ObjectLockEnabled": "true",
   "Tags": [{"Key": "Team", "Value": "{{resolve:ssm:/team}}"}], "Nothing": {"Ref": "Data"}}, "previousResourceProperties": null}}}`

const forStack = `{"awsAccountId": "111122223333", "stackId": "` + stack + `", "actionInvocationPoint": "CREATE_PRE_PROVISION",
 "requestData": {"targetName": "STACK", "targetType": "STACK", "targetLogicalId": "` + stack + `", "payload": "https://example.com/payload?key=secret"}}`

const template = "Resources:\n  Data:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: !Sub ${AWS::StackName}-${AWS::Region}-${AWS::Partition}\n"

func payload(t testing.TB) []byte {
	t.Helper()
	data, err := json.Marshal(map[string]string{"template": template, "previousTemplate": "x"})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestResource(t *testing.T) {
	for name, text := range map[string]string{
		"RESOURCE":      forResource,
		"CLOUD_CONTROL": strings.ReplaceAll(strings.ReplaceAll(forResource, `"targetType": "AWS::S3::Bucket"`, `"targetType": "RESOURCE"`), `"stackId": "`+stack+`"`, `"region": "eu-central-1"`),
	} {
		t.Run(name, func(t *testing.T) {
			d, err := hook.Read("call", []byte(text), nil)
			if err != nil {
				t.Fatal(err)
			}
			if d.Format != design.Hook || len(d.Resources) != 1 {
				t.Fatalf("%+v", d)
			}
			r := d.Resources[0]
			if r.ID != "shop-data" || r.Account != "111122223333" || r.Region != "eu-central-1" || r.Where("tags.Team").String() != "call:4:38" {
				t.Errorf("%+v %s", r, r.Where("tags.Team"))
			}
			if diff := cmp.Diff(map[string]any{
				"BucketName": "shop-data", "ObjectLockEnabled": true, "Tags": []any{map[string]any{"Key": "Team"}},
				"Nothing": map[string]any{"Ref": "Data"},
			}, r.Properties); diff != "" {
				t.Error(diff)
			}
			if len(r.Unknown) != 2 || len(d.Problems) != 1 || !strings.Contains(d.Problems[0].Why, "no property Nothing") {
				t.Errorf("%+v %+v", r.Unknown, d.Problems)
			}
		})
	}
}

func TestStack(t *testing.T) {
	for name, text := range map[string]string{"STACK": forStack, "CHANGE_SET": strings.ReplaceAll(forStack, `"STACK"`, `"CHANGE_SET"`)} {
		t.Run(name, func(t *testing.T) {
			asked := ""
			d, err := hook.Read("call", []byte(text), func(url string) ([]byte, error) {
				asked = url
				return payload(t), nil
			})
			if err != nil {
				t.Fatal(err)
			}
			r := d.Resources[0]
			if asked != "https://example.com/payload?key=secret" || r.ID != "shop-eu-central-1-aws" || r.Place.String() != "call#template:2:3" {
				t.Errorf("%s %+v", asked, r)
			}
		})
	}
}

// TestKept reads a call that was kept with its template: the address is no longer good then.
func TestKept(t *testing.T) {
	text := strings.ReplaceAll(forStack, `"payload": "https://example.com/payload?key=secret"`, `"template": "Resources:\n  Data:\n    Type: AWS::S3::Bucket\n"`)
	d, err := hook.Read("call", []byte(text), nil)
	if err != nil || len(d.Resources) != 1 || d.Resources[0].Name != "Data" {
		t.Errorf("%+v %v", d, err)
	}
}

func TestDeletion(t *testing.T) {
	d, err := hook.Read("call", []byte(strings.ReplaceAll(forResource, "CREATE_PRE", "DELETE_PRE")), nil)
	if err != nil || len(d.Resources) != 0 || len(d.Skipped) != 1 || d.Skipped[0].Name != "Data" {
		t.Errorf("%+v %v", d, err)
	}
}

func TestRefused(t *testing.T) {
	gives := func(text string, err error) hook.Fetch {
		return func(url string) ([]byte, error) {
			if err != nil {
				err = errors.New("get " + url + ": " + err.Error())
			}
			return []byte(text), err
		}
	}
	for name, c := range map[string]struct {
		text  string
		fetch hook.Fetch
		want  string
	}{
		"no JSON":     {"{", nil, "call:1:"},
		"a list":      {"[]", nil, "call:1:1: want one map"},
		"other":       {`{"a": 1}`, nil, "call:1:2: this is no call of a hook"},
		"other kind":  {`{"requestData": {"targetName": "HOUSE"}}`, nil, "call:1:32: a call for HOUSE is not known"},
		"no payload":  {`{"requestData": {"targetName": "STACK"}}`, nil, "want requestData.payload"},
		"no fetch":    {forStack, nil, "nothing is given to fetch it with"},
		"not there":   {forStack, gives("", errors.New("403")), "fetch the template of the call: get its address: 403"},
		"no template": {forStack, gives("{}", nil), "call#payload.json:1:1: there is no template"},
		"broken":      {forStack, gives(`{"template": "a: b"}`, nil), "call#template:1:1: this is no CloudFormation template"},
		"properties":  {`{"requestData": {"targetName": "A::B::C", "targetModel": {"resourceProperties": "x"}}}`, nil, "want a map"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := hook.Read("call", []byte(c.text), c.fetch)
			if err == nil || fault.Is(err, fault.Internal) || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v\nwant %s", err, c.want)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(forResource), []byte("{}"))
	f.Add([]byte(forStack), payload(f))
	f.Fuzz(func(t *testing.T, call, payload []byte) {
		_, err := hook.Read("call", call, func(string) ([]byte, error) { return payload, nil })
		if err != nil && !strings.HasPrefix(err.Error(), "call") {
			t.Errorf("an error without a place: %v", err)
		}
	})
}
