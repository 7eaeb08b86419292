package cloudformation_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/google/go-cmp/cmp"

	"jobzero/internal/fault"
	"jobzero/internal/inventory/cloudformation"
	"jobzero/internal/resource"
	"jobzero/internal/testmoto"
)

const template = `Parameters:
  Team: {Type: String, Default: web}
  Word: {Type: String, NoEcho: true}
Resources:
  Orders: {Type: AWS::SQS::Queue}
  Late: {Type: AWS::SQS::Queue}
Outputs:
  Name: {Value: !GetAtt Orders.QueueName, Export: {Name: orders-name}}
`

const importer = `Resources:
  More: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub ["${n}-more", {n: !ImportValue orders-name}]}}
`

func TestStacks(t *testing.T) {
	server := testmoto.Shared(t)
	account, ctx := testmoto.Account(), t.Context()
	cfg := server.Config(account)
	client := sdk.NewFromConfig(cfg)
	if names, err := cloudformation.List(ctx, cfg); err != nil || len(names) > 0 {
		t.Fatalf("before there are any: %v, %v", names, err)
	}
	for name, text := range map[string]string{"shop": template} {
		if _, err := client.CreateStack(ctx, &sdk.CreateStackInput{
			StackName: &name, TemplateBody: &text, Tags: []types.Tag{{Key: aws.String("unit"), Value: aws.String("storefront")}},
			Parameters: []types.Parameter{{ParameterKey: aws.String("Word"), ParameterValue: aws.String("hidden")}},
		}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := client.CreateStack(ctx, &sdk.CreateStackInput{StackName: aws.String("more"), TemplateBody: aws.String(importer)}); err != nil {
		t.Fatal(err)
	}
	names, err := cloudformation.List(ctx, cfg)
	if slices.Sort(names); err != nil || !slices.Equal(names, []string{"more", "shop"}) {
		t.Fatalf("%v, %v", names, err)
	}
	s, err := cloudformation.Read(ctx, cfg, account, "shop")
	if err != nil {
		t.Fatal(err)
	}
	if s.Name != "shop" || s.Account != account || !strings.HasPrefix(s.ID, "arn:aws:cloudformation:") || s.State != "CREATE_COMPLETE" || string(s.Template) != template || s.Processed {
		t.Errorf("%+v", s)
	}
	if s.Parameters["Team"] != "web" || s.Parameters["Word"] == "" || s.Tags["unit"] != "storefront" || s.Outputs["Name"] == "" || s.Exports != nil {
		t.Errorf("%+v", s)
	}
	slices.SortFunc(s.Members, func(a, b cloudformation.Member) int { return strings.Compare(a.Name, b.Name) })
	if len(s.Members) != 2 || s.Members[1].Name != "Orders" || s.Members[1].Type != "AWS::SQS::Queue" || !strings.Contains(s.Members[1].ID, "Orders") {
		t.Errorf("%+v", s.Members)
	}
	more, err := cloudformation.Read(ctx, cfg, account, "more")
	if err != nil || more.Exports["orders-name"] != s.Outputs["Name"] {
		t.Errorf("what it imports: %v, %v", more.Exports, err)
	}
	if _, err := cloudformation.Read(ctx, cfg, account, "none"); !fault.Is(err, fault.NotFound) {
		t.Errorf("none: %v", err)
	}
}

// stackOf is an API with one stack in a state.
func stackOf(t *testing.T, state string) (aws.Config, *[]string) {
	t.Helper()
	var calls []string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		action := r.FormValue("Action")
		calls = append(calls, action+" "+r.FormValue("TemplateStage"))
		switch action {
		case "DescribeStacks":
			fmt.Fprintf(w, `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>shop</StackName><StackId>arn:shop</StackId>`+
				`<StackStatus>%s</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`, state)
		case "GetTemplate":
			body := "Transform: AWS::LanguageExtensions\nResources: {}"
			if r.FormValue("TemplateStage") == "Processed" {
				body = "Resources: {}"
			}
			fmt.Fprintf(w, `<GetTemplateResponse><GetTemplateResult><TemplateBody>%s</TemplateBody></GetTemplateResult></GetTemplateResponse>`, body)
		case "ListStackResources":
			more := `<NextToken>2</NextToken>`
			if r.FormValue("NextToken") == "2" {
				more = ""
			}
			fmt.Fprintf(w, `<ListStackResourcesResponse><ListStackResourcesResult>%s<StackResourceSummaries><member><LogicalResourceId>A%s</LogicalResourceId>`+
				`<PhysicalResourceId>a</PhysicalResourceId><ResourceType>AWS::SQS::Queue</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member>`+
				`<member><LogicalResourceId>Old%s</LogicalResourceId><ResourceType>AWS::SQS::Queue</ResourceType><ResourceStatus>DELETE_COMPLETE</ResourceStatus>`+
				`</member></StackResourceSummaries></ListStackResourcesResult></ListStackResourcesResponse>`, more, r.FormValue("NextToken"), r.FormValue("NextToken"))
		default:
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>`)
		}
	}))
	t.Cleanup(srv.Close)
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String(srv.URL), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "s", ""),
	}, &calls
}

func TestWhatTransformsHaveMade(t *testing.T) {
	cfg, _ := stackOf(t, "UPDATE_COMPLETE")
	s, err := cloudformation.Read(t.Context(), cfg, "111122223333", "shop")
	if err != nil || !s.Processed || string(s.Template) != "Resources: {}" {
		t.Errorf("%s, %t, %v", s.Template, s.Processed, err)
	}
	if len(s.Members) != 2 || s.Members[0].Name != "A" || s.Members[1].Name != "A2" {
		t.Errorf("members: %+v", s.Members)
	}
}

// TestDrifts: a stack that stands is compared, one that is being changed is looked at later, and one that was not made is none.
func TestDrifts(t *testing.T) {
	ref := resource.Ref{Type: resource.StackDrift, Account: "111122223333", Region: "us-east-1", ID: "shop"}
	held := cloudformation.Held{Properties: map[string]any{"Different": int64(0)}, Unknown: []resource.Unknown{{Path: "properties.Differences[+]", Cause: "x"}}}
	compared := 0
	d := cloudformation.Drifts{Hold: func(_ context.Context, s cloudformation.Stack) (cloudformation.Held, error) {
		compared += len(s.Members)
		return held, nil
	}}
	for state, want := range map[string]struct {
		gone bool
		code fault.Code
	}{
		"UPDATE_COMPLETE": {false, ""}, "UPDATE_ROLLBACK_COMPLETE": {false, ""}, "UPDATE_IN_PROGRESS": {false, fault.Unavailable},
		"REVIEW_IN_PROGRESS": {true, ""}, "ROLLBACK_COMPLETE": {true, ""}, "DELETE_COMPLETE": {true, ""}, "DELETE_FAILED": {true, ""},
	} {
		cfg, calls := stackOf(t, state)
		r, err := d.Read(t.Context(), cfg, ref)
		if r.Gone != want.gone || (err == nil) != (want.code == "") || err != nil && !fault.Is(err, want.code) {
			t.Errorf("%s: %+v, %v", state, r, err)
		}
		if ok := !want.gone && want.code == ""; ok == (len(*calls) == 1) || ok && (cmp.Diff(held.Unknown, r.Unknown) != "" || r.ARN != "arn:shop") {
			t.Errorf("%s: %v, %+v", state, *calls, r)
		}
	}
	if compared != 4 {
		t.Errorf("%d members were compared, want 4", compared)
	}
	cfg, _ := stackOf(t, "UPDATE_COMPLETE")
	if r, err := (cloudformation.Drifts{}).Read(t.Context(), cfg, ref); err != nil || len(r.Unknown) == 0 {
		t.Errorf("nobody compares: %+v, %v", r, err)
	}
}
