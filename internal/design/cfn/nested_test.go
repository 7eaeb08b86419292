package cfn_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/design"
	"jobzero/internal/design/cfn"
	"jobzero/internal/fault"
)

func folder(files map[string]string) fstest.MapFS {
	out := fstest.MapFS{}
	for name, text := range files {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

// TestNested: parameters go down, outputs come up, places and links name the right file and resource.
func TestNested(t *testing.T) {
	in := folder(map[string]string{
		"shop/main.yaml": `
Resources:
  Key: {Type: "AWS::KMS::Key"}
  Store:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ./parts/store.yaml
      Parameters: {Name: shop-data, Key: !Ref Key}
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties: {Bucket: !GetAtt Store.Outputs.Name, PolicyDocument: {}}
  Far: {Type: "AWS::CloudFormation::Stack", Properties: {TemplateURL: "https://example.com/a.yaml"}}
  Lost: {Type: "AWS::CloudFormation::Stack", Properties: {TemplateURL: lost.yaml}}
  Out: {Type: "AWS::CloudFormation::Stack", Properties: {TemplateURL: ../../etc/passwd}}
  Built: {Type: "AWS::CloudFormation::Stack", Properties: {TemplateURL: !Ref Key}, Metadata: {"aws:asset:path": parts/none.json}}
`,
		"shop/parts/store.yaml": `
Parameters: {Name: {Type: String}, Key: {Type: String}, More: {Type: String}}
Resources:
  Data:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Ref Name
      BucketEncryption: {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: "aws:kms", KMSMasterKeyID: !Ref Key}}]}
Outputs: {Name: {Value: !Ref Data}}
`,
		"shop/parts/none.json": `{"Resources": {}}`,
	})
	d, err := cfn.ReadFile(in, "shop/main.yaml", cfn.Options{Account: "111122223333"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range d.Resources {
		got = append(got, r.Name+" "+r.ID+" "+r.Where("properties.BucketName").String())
	}
	if diff := cmp.Diff([]string{
		"Key Key shop/main.yaml:3:3", "Store Store shop/main.yaml:7:7", "Store.Data shop-data shop/parts/store.yaml:7:19", "Policy shop-data shop/main.yaml:11:18",
		"Far Far shop/main.yaml:12:58", "Lost Lost shop/main.yaml:13:59", "Out Out shop/main.yaml:14:58", "Built Built shop/main.yaml:15:60",
	}, got); diff != "" {
		t.Error(diff)
	}
	for _, want := range []design.Link{
		{From: "Store.Data", Path: "properties.BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.KMSMasterKeyID", To: "Key"},
		{From: "Policy", Path: "properties.Bucket", To: "Store.Data"},
	} {
		found := false
		for _, l := range d.Links {
			found = found || l == want
		}
		if !found {
			t.Errorf("no %+v in %+v", want, d.Links)
		}
	}
	var why []string
	for _, s := range d.Skipped {
		why = append(why, s.Name+": "+s.Why)
	}
	if diff := cmp.Diff([]string{
		"Far.*: its template is at https://example.com/a.yaml, which is not read", "Lost.*: its template shop/lost.yaml is not there",
		"Out.*: its template ../../etc/passwd lies outside of the folder",
	}, why); diff != "" {
		t.Error(diff)
	}
}

// TestNestedRound: a stack that nests itself, and stacks that feed each other, end.
func TestNestedRound(t *testing.T) {
	in := folder(map[string]string{
		"self.yaml": "Resources: {S: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: self.yaml}}}",
		"ring.yaml": "Resources:\n  A: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: leaf.yaml, Parameters: {P: !GetAtt B.Outputs.O}}}\n" +
			"  B: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: leaf.yaml, Parameters: {P: !GetAtt A.Outputs.O}}}\n",
		"leaf.yaml":  "Parameters: {P: {Type: String}}\nResources: {D: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Ref P}}}\nOutputs: {O: {Value: !Ref P}}",
		"bad.yaml":   "Resources: {S: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: worse.yaml}}}",
		"worse.yaml": "Resources:\n  A: b\n",
	})
	if _, err := cfn.ReadFile(in, "self.yaml", cfn.Options{}); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "self.yaml:1:13: stacks nest more than 10 deep") {
		t.Error(err)
	}
	if _, err := cfn.ReadFile(in, "bad.yaml", cfn.Options{}); !fault.Is(err, fault.Invalid) || !strings.HasPrefix(err.Error(), "worse.yaml:2:3: ") {
		t.Error(err)
	}
	d, err := cfn.ReadFile(in, "ring.yaml", cfn.Options{})
	if err != nil || len(d.Resources) != 4 {
		t.Fatalf("%+v %v", d.Resources, err)
	}
	for _, r := range d.Resources {
		if r.Type == "AWS::S3::Bucket" && len(r.Unknown) != 1 {
			t.Errorf("%+v", r)
		}
	}
	if _, err := cfn.ReadFile(in, "none.yaml", cfn.Options{}); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
}

// TestServerless: what the serverless transform makes.
func TestServerless(t *testing.T) {
	_, d := one(t, `
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Runtime: python3.13, Environment: {Variables: {A: a}}, Tags: {Team: shop}}
Resources:
  Queue: {Type: "AWS::SQS::Queue"}
  Pay:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.main
      Environment: {Variables: {B: b}}
      Tracing: Active
      AutoPublishAlias: live
      Policies:
        - AmazonS3ReadOnlyAccess
        - SQSPollerPolicy: {QueueName: !GetAtt Queue.QueueName}
        - Statement: [{Effect: Allow, Action: "s3:*", Resource: "*"}]
      FunctionUrlConfig: {AuthType: NONE}
      Events:
        Web: {Type: Api, Properties: {Path: /, Method: get}}
        Jobs: {Type: SQS, Properties: {Queue: !GetAtt Queue.Arn, BatchSize: "5"}}
        Daily: {Type: Schedule, Properties: {Schedule: rate(1 day)}}
        Odd: {Type: AlexaSkill}
  Store: {Type: "AWS::Serverless::SimpleTable", Properties: {PrimaryKey: {Name: id, Type: Number}, SSESpecification: {SSEEnabled: "true"}}}
  Flow: {Type: "AWS::Serverless::StateMachine", Properties: {Type: EXPRESS, Definition: {}, Policies: [arn:aws:iam::aws:policy/AdministratorAccess]}}
  Front: {Type: "AWS::Serverless::HttpApi", Properties: {StageName: live, AccessLogSettings: {Format: x}}}
  Layer: {Type: "AWS::Serverless::LayerVersion", Properties: {ContentUri: layer/}}
  Join: {Type: "AWS::Serverless::Connector"}
  Use: {Type: Custom::Use, Properties: {Role: !GetAtt PayRole.Arn}}
`, "PayRole", given())
	names := map[string]design.Declared{}
	var list []string
	for _, r := range d.Resources {
		names[r.Name] = r
		list = append(list, r.Name+" "+string(r.Type))
	}
	if diff := cmp.Diff([]string{
		"Queue AWS::SQS::Queue", "Pay AWS::Lambda::Function", "PayRole AWS::IAM::Role", "PayUrl AWS::Lambda::Url",
		"PayUrlPublicPermissions AWS::Lambda::Permission", "PayWebPermission AWS::Lambda::Permission",
		"PayJobs AWS::Lambda::EventSourceMapping", "PayDailyPermission AWS::Lambda::Permission", "PayDaily AWS::Events::Rule",
		"Store AWS::DynamoDB::Table", "Flow AWS::StepFunctions::StateMachine", "FlowRole AWS::IAM::Role", "Front AWS::ApiGatewayV2::Api",
		"FrontStage AWS::ApiGatewayV2::Stage", "Layer AWS::Lambda::LayerVersion", "Use Custom::Use",
		"ServerlessRestApi AWS::ApiGateway::RestApi", "ServerlessRestApiStage AWS::ApiGateway::Stage",
	}, list); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]any{
		"Runtime": "python3.13", "Handler": "app.main", "Environment": map[string]any{"Variables": map[string]any{"A": "a", "B": "b"}},
		"Tags": []any{map[string]any{"Key": "Team", "Value": "shop"}}, "TracingConfig": map[string]any{"Mode": "Active"},
	}, names["Pay"].Properties); diff != "" {
		t.Error(diff)
	}
	role := names["PayRole"].Properties
	if diff := cmp.Diff([]any{
		"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole", "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess",
		"arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
	}, role["ManagedPolicyArns"]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]any{
		map[string]any{"PolicyName": "PayRolePolicy1"},
		map[string]any{"PolicyName": "PayRolePolicy2", "PolicyDocument": map[string]any{
			"Statement": []any{map[string]any{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}},
		}},
	}, role["Policies"]); diff != "" {
		t.Error(diff)
	}
	if p := names["PayUrlPublicPermissions"].Properties; p["Principal"] != "*" || p["FunctionUrlAuthType"] != "NONE" {
		t.Errorf("%+v", p)
	}
	if at := names["PayRole"].Where("properties.Policies[1].PolicyDocument.Statement[0].Action").String(); at != "t.yaml:18:47" {
		t.Error(at)
	}
	var skipped []string
	for _, s := range d.Skipped {
		skipped = append(skipped, s.Name)
	}
	if diff := cmp.Diff([]string{"Pay.AutoPublishAlias", "PayWeb", "Pay.Events.Odd", "Join"}, skipped); diff != "" {
		t.Error(diff)
	}
	if len(d.Problems) > 0 {
		t.Errorf("%+v", d.Problems)
	}
}
