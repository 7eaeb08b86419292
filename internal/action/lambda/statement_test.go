package lambda

import (
	"strings"
	"testing"
)

const statements = `{"Version":"2012-10-17","Id":"default","Statement":[
{"Sid":"url","Effect":"Allow","Principal":"*","Action":"lambda:InvokeFunctionUrl","Resource":"arn:aws:lambda:us-east-1:111122223333:function:shop","Condition":{"StringEquals":{"lambda:FunctionUrlAuthType":"NONE"}}},
{"Sid":"via","Effect":"Allow","Principal":{"AWS":"*"},"Action":"lambda:InvokeFunction","Resource":"*","Condition":{"Bool":{"lambda:InvokedViaFunctionUrl":"true"}}},
{"Sid":"s3","Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"*"},
{"Sid":"org","Effect":"Allow","Principal":"*","Action":"lambda:InvokeFunction","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}},
{"Sid":"two","Effect":"Allow","Principal":"*","Action":["lambda:InvokeFunction","lambda:GetFunction"],"Resource":"*"},
{"Sid":"tls","Effect":"Allow","Principal":"*","Action":"lambda:InvokeFunction","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}]}`

// TestPermissions: what lets everybody in is found, and what AddPermission could not write again is said.
func TestPermissions(t *testing.T) {
	o, err := permissions(statements, "")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"url": "", "via": "", "two": "it says more than one permission can", "tls": "it has a condition on aws:SecureTransport"}
	for _, p := range o.Public {
		if strange, ok := want[p.Sid]; !ok || p.Strange != strange {
			t.Errorf("%s: %q, want %q (%t)", p.Sid, p.Strange, strange, ok)
		}
		delete(want, p.Sid)
		switch in := p.input(); p.Sid {
		case "url":
			if in["FunctionUrlAuthType"] != "NONE" || in["Action"] != "lambda:InvokeFunctionUrl" || in["Principal"] != "*" {
				t.Errorf("%v", in)
			}
		case "via":
			if in["InvokedViaFunctionUrl"] != true {
				t.Errorf("%v", in)
			}
		}
	}
	if len(want) > 0 || o.Unclear != "" {
		t.Errorf("not found: %v; %s", want, o.Unclear)
	}
	if one, err := permissions(statements, "via"); err != nil || len(one.Public) != 1 {
		t.Errorf("%+v, %v", one, err)
	}
}

func FuzzPermissions(f *testing.F) {
	f.Add(statements, "")
	f.Add(`{"Statement":{"Effect":"Allow","Principal":"*","NotAction":"lambda:*"}}`, "url")
	f.Fuzz(func(t *testing.T, text, sid string) {
		o, err := permissions(text, sid)
		if err != nil {
			return
		}
		for _, p := range o.Public {
			if sid != "" && p.Sid != sid {
				t.Errorf("asked for %q, got %q", sid, p.Sid)
			}
			if p.Strange == "" && (p.Sid == "" || p.Action == "" || strings.Contains(p.Action, ",")) {
				t.Errorf("cannot be made again: %+v", p)
			}
		}
	})
}
