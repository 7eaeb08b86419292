package cloudcontrol

import (
	"encoding/json"
	"strings"
	"testing"

	"jobzero/internal/resource"
)

// FuzzDescribe: whatever a service answers, a resource is made of it or an error, and what is unknown has a path and a cause.
func FuzzDescribe(f *testing.F) {
	f.Add("AWS::Lambda::Function", `{"FunctionName":"f","Tags":[{"Key":"a","Value":"b"}],"SnapStart":{}}`)
	f.Add("AWS::ElasticLoadBalancingV2::Listener", `{"DefaultActions":[{"AuthenticateOidcConfig":{}},7,null]}`)
	f.Add("AWS::ECR::Repository", `{"RepositoryPolicyText":"{}","Arn":1,"Tags":{"a":1}}`)
	f.Add("AWS::RDS::DBInstance", `{"MasterUserPassword":null,"AllocatedStorage":1e999}`)
	f.Fuzz(func(t *testing.T, typ, text string) {
		res, err := describe(resource.Ref{Type: resource.Type(typ), Account: "111122223333", ID: "x"}, text)
		if err != nil {
			return
		}
		if res.Properties == nil {
			t.Fatal("no properties and no error")
		}
		for _, u := range res.Unknown {
			if u.Cause == "" || !strings.HasPrefix(u.Path, "properties.") && !strings.HasPrefix(u.Path, "related.") {
				t.Fatalf("%+v", u)
			}
		}
		if _, err := json.Marshal(res); err != nil {
			t.Fatal(err)
		}
	})
}
