package drift_test

import (
	"encoding/json"
	"testing"

	"jobzero/internal/design"
	"jobzero/internal/design/cfn"
	"jobzero/internal/design/drift"
	"jobzero/internal/resource"
)

// FuzzCompare: whatever a template says and an API answers, the comparison ends, and what is the same, differs or is open is shown.
func FuzzCompare(f *testing.F) {
	f.Add([]byte(stack), []byte(`{"SecurityGroupIngress":[{"IpProtocol":"tcp","FromPort":22}]}`), "properties.SecurityGroupIngress[+]")
	f.Add([]byte(`{"Resources":{"It":{"Type":"AWS::IAM::Role","Properties":{"AssumeRolePolicyDocument":"{\"Statement\":{\"Effect\":\"Allow\"}}"}}}}`),
		[]byte(`{"AssumeRolePolicyDocument":{"Statement":[{"effect":"Allow","Principal":"*"}]}}`), `properties["a.b"].*.c[7]`)
	f.Add([]byte(`{"Resources":{"It":{"Type":"AWS::S3::Bucket","Properties":{"Tags":[[[{"Key":[1]}]],{"Ref":"X"}]}}}}`), []byte(`{"Tags":[[[{"Key":1}]]]}`), "properties")
	f.Fuzz(func(t *testing.T, template, live []byte, dark string) {
		doc, err := cfn.Read("fuzz", template, cfn.Options{Account: account, Region: region})
		if err != nil {
			return
		}
		var properties map[string]any
		if json.Unmarshal(live, &properties) != nil {
			return
		}
		w := drift.World{Account: account, Region: region, IDs: map[string]string{}, Read: map[string]resource.Resource{}}
		for _, d := range doc.Resources {
			w.IDs[d.Name] = "arn:aws:x:::" + d.Name
		}
		for _, d := range doc.Resources {
			refs, _ := w.Refs(d)
			for _, ref := range refs {
				w.Read[ref.Key()] = resource.Resource{
					Ref: ref, Properties: properties, Related: map[string]any{"policy": properties}, Unknown: []resource.Unknown{{Path: dark, Cause: "dark"}},
				}
			}
		}
		for _, c := range drift.Compare(doc, w) {
			if _, err := json.Marshal(c.Differences); err != nil {
				t.Fatalf("what differs cannot be shown: %v", err)
			}
			for _, d := range c.Differences {
				if d.Kind == drift.Changed && d.Said == nil {
					t.Errorf("%s changed from nothing", d.Path)
				}
			}
		}
		if drift.Compare(design.Document{}, w) == nil && len(w.IDs) > 0 {
			t.Error("a stack that the text does not know is not named")
		}
	})
}
