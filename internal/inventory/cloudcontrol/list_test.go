package cloudcontrol_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

func page(next string, ids ...string) string {
	list := []map[string]string{}
	for _, id := range ids {
		list = append(list, map[string]string{"Identifier": id, "Properties": "{}"})
	}
	out := map[string]any{"TypeName": "x", "ResourceDescriptions": list}
	if next != "" {
		out["NextToken"] = next
	}
	d, _ := json.Marshal(out)
	return string(d)
}

// TestList: each way in which a type is listed, page by page.
func TestList(t *testing.T) {
	answers := map[call]string{
		{TypeName: "AWS::Kinesis::Stream"}:                                                              page("2", "a", "b"),
		{TypeName: "AWS::Kinesis::Stream", NextToken: "2"}:                                              page("", "c", "a"),
		{TypeName: "AWS::ApiGateway::RestApi"}:                                                          page("", "r1", "r2"),
		{TypeName: "AWS::Amplify::App"}:                                                                 page("", "arn:aws:amplify:eu-central-1:111122223333:apps/d1"),
		{TypeName: "AWS::SNS::Topic"}:                                                                   page("", "arn:aws:sns:eu-central-1:111122223333:alarms"),
		{TypeName: "AWS::CloudFront::OriginAccessControl"}:                                              page("", "E1"),
		{TypeName: "AWS::Amplify::Branch", ResourceModel: `{"AppId":"d1"}`}:                             page("", "arn:x/branches/main"),
		{TypeName: "AWS::ApiGateway::Stage", ResourceModel: `{"RestApiId":"r1"}`}:                       page("", "r1|prod", "r1|dev"),
		{TypeName: "AWS::WAFv2::WebACL", ResourceModel: `{"Scope":"REGIONAL"}`}:                         page("", "shop|1|REGIONAL"),
		{TypeName: "AWS::WAFv2::WebACL", ResourceModel: `{"Scope":"CLOUDFRONT"}`}:                       page("", "site|2|CLOUDFRONT"),
		{TypeName: "AWS::OpenSearchServerless::SecurityPolicy", ResourceModel: `{"Type":"encryption"}`}: page("", "encryption|all"),
		{TypeName: "AWS::OpenSearchServerless::SecurityPolicy", ResourceModel: `{"Type":"network"}`}:    page("", "network|all"),
	}
	for name, c := range map[string]struct {
		typ            resource.Type
		region, called string
		want           []string
	}{
		"plain":            {"AWS::Kinesis::Stream", region, region, []string{"a", "b", "c"}},
		"each":             {"AWS::ApiGateway::Stage", region, region, []string{"r1|prod", "r1|dev"}}, // r2 was deleted in between
		"behind the slash": {"AWS::Amplify::Branch", region, region, []string{"arn:x/branches/main"}},
		"same":             {"AWS::SNS::TopicInlinePolicy", region, region, []string{"arn:aws:sns:eu-central-1:111122223333:alarms"}},
		"with":             {"AWS::OpenSearchServerless::SecurityPolicy", region, region, []string{"encryption|all", "network|all"}},
		"here only":        {"AWS::WAFv2::WebACL", region, region, []string{"shop|1|REGIONAL"}},
		"there too":        {"AWS::WAFv2::WebACL", "us-east-1", "us-east-1", []string{"shop|1|REGIONAL", "site|2|CLOUDFRONT"}},
		"account":          {"AWS::Glue::DataCatalogEncryptionSettings", region, "", []string{account}},
		"never":            {"AWS::OpenSearchService::Domain", region, "", nil},
		"of all regions":   {"AWS::CloudFront::OriginAccessControl", "", "us-east-1", []string{"E1"}},
		"not in a region":  {"AWS::Timestream::InfluxDBInstance", region, region, nil},
	} {
		t.Run(name, func(t *testing.T) {
			at := c.region
			if at == "" {
				at = region
			}
			cfg, calls := api(t, at, func(asked call) (int, string) {
				if asked.Action != "ListResources" {
					t.Errorf("called %s", asked.Action)
				}
				if body, ok := answers[call{TypeName: asked.TypeName, ResourceModel: asked.ResourceModel, NextToken: asked.NextToken}]; ok {
					return 0, body
				}
				if asked.ResourceModel != "" {
					return 400, refused("ResourceNotFoundException", "no such parent")
				}
				return 400, refused("TypeNotFoundException", "The type does not exist")
			})
			got, err := reader(t, c.typ).List(t.Context(), cfg, account, c.region)
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for _, ref := range got {
				if ref.Type != c.typ || ref.Account != account || ref.Region != c.region {
					t.Errorf("got %+v", ref)
				}
				if back, err := resource.ParseKey(ref.Key()); err != nil || back != ref {
					t.Errorf("%+v does not survive its key: %+v, %v", ref, back, err)
				}
				ids = append(ids, ref.ID)
			}
			if d := cmp.Diff(c.want, ids); d != "" {
				t.Error(d)
			}
			for _, asked := range *calls {
				if asked.region != c.called {
					t.Errorf("asked in %s", asked.region)
				}
			}
		})
	}
}

// TestListDenied: what cannot be listed is an error, never an empty list.
func TestListDenied(t *testing.T) {
	for _, typ := range []resource.Type{"AWS::Kinesis::Stream", "AWS::ApiGateway::Stage", "AWS::WAFv2::WebACL", "AWS::SNS::TopicInlinePolicy"} {
		cfg, _ := api(t, region, func(call) (int, string) {
			return 400, refused("AccessDeniedException", "User is not authorized to perform: cloudformation:ListResources")
		})
		if got, err := reader(t, typ).List(t.Context(), cfg, account, region); !fault.Is(err, fault.Denied) {
			t.Errorf("%s: got %v, %v", typ, got, err)
		}
	}
}
