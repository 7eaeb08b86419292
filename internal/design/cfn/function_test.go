package cfn_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/design"
	"jobzero/internal/design/cfn"
)

// given are options with everything that can be known.
func given() cfn.Options {
	return cfn.Options{
		Account: "111122223333", Region: "eu-central-1", StackName: "shop",
		Parameters: map[string]string{"Given": "yes", "Zones": "a, b"},
	}
}

// TestFunctions puts each function where any value may be, and looks at what comes out. A text that begins with ? is the
// cause of one that is unknown.
func TestFunctions(t *testing.T) {
	const head = `
Parameters:
  Given: {Type: String}
  Zones: {Type: CommaDelimitedList}
  Fixed: {Type: Number, Default: 7}
  Only: {Type: String, AllowedValues: [one]}
  Open: {Type: String}
  Stored: {Type: "AWS::SSM::Parameter::Value<String>", Default: /a/b}
Mappings:
  M: {eu-central-1: {ami: ami-1, list: [x, y]}}
Conditions:
  Yes: !Equals [!Ref Given, "yes"]
  No: !Not [!Condition Yes]
  Maybe: !Equals [!Ref Open, a]
  Or: !Or [!Condition Maybe, !Condition Yes]
  And: !And [!Condition Maybe, !Condition No]
  Both: !And [!Condition Maybe, !Condition Yes]
Resources:
  Named: {Type: "AWS::S3::Bucket", Properties: {BucketName: !Sub "${AWS::StackName}-data"}}
  Data: {Type: "AWS::S3::Bucket"}
  Worker: {Type: "AWS::IAM::Role", Properties: {RoleName: worker, Path: /jobs/, AssumeRolePolicyDocument: {}}}
  Nameless: {Type: "AWS::IAM::Role", Properties: {AssumeRolePolicyDocument: {}}}
  Jobs: {Type: "AWS::SQS::Queue", Properties: {QueueName: jobs}}
  T:
    Type: Custom::Any
    Properties:
      V: `
	for _, c := range []struct {
		text string
		want any
	}{
		{`!Ref Given`, "yes"},
		{`!Ref Zones`, []any{"a", "b"}},
		{`!Ref Fixed`, "7"},
		{`!Ref Only`, "one"},
		{`!Ref Open`, "?the parameter Open has no value"},
		{`!Ref Stored`, "?the parameter Stored is read from Parameter Store"},
		{`!Ref Nowhere`, "?the template has no parameter and no resource Nowhere"},
		{`!Ref Named`, "shop-data"},
		{`!Ref Data`, "?Data gets its identity when it is made"},
		{`!GetAtt Data.Arn`, "?Arn of Data is known when it is made"},
		{`!Sub "${Named.Arn}/*"`, "arn:aws:s3:::shop-data/*"},
		{`!GetAtt Worker.Arn`, "arn:aws:iam::111122223333:role/jobs/worker"},
		{`!GetAtt Nameless.Arn`, "?Arn of Nameless is known when it is made"},
		{`!GetAtt Jobs.Arn`, "arn:aws:sqs:eu-central-1:111122223333:jobs"},
		{`!GetAtt Named.BucketName`, "shop-data"},
		{`{"Fn::GetAtt": [Data, Arn]}`, "?Arn of Data is known when it is made"},
		{`!Sub "arn:${AWS::Partition}:s3:::${Named}/*"`, "arn:aws:s3:::shop-data/*"},
		{`!Sub ["${a}-${!b}-${AWS::Region}", {a: !Ref Given}]`, "yes-${b}-eu-central-1"},
		{`!Sub "${Data.Arn}/*"`, `?of the text "${Data.Arn}/*" a part is not known: Arn of Data is known when it is made`},
		{`!Sub "${Data"`, "?Fn::Sub cannot be read: a ${ has no }"},
		{`!Join ["-", [a, !Ref Given, !Ref "AWS::NoValue", 3]]`, "a-yes-3"},
		{`!Join [",", !Ref Zones]`, "a,b"},
		{`!Join ["", [a, !Ref Open]]`, `?of the text "a${Open}" a part is not known: the parameter Open has no value`},
		{`!Select [1, !Ref Zones]`, "b"},
		{`!Select ["0", !GetAZs ""]`, "?the availability zones are those of the account"},
		{`!Select [5, !Ref Zones]`, "?Fn::Select cannot be read: the list of 2 has no element 5"},
		{`!Select [1, !Split [".", a.b.c]]`, "b"},
		{`!If [Yes, a, b]`, "a"},
		{`!If [No, a, b]`, "b"},
		{`!If [Or, a, b]`, "a"},
		{`!If [And, a, b]`, "b"},
		{`!If [Maybe, a, a]`, "a"},
		{`!If [Maybe, a, b]`, "?the condition Maybe is not known: the parameter Open has no value"},
		{`!If [Both, a, b]`, "?the condition Both is not known: the condition Maybe is not known: the parameter Open has no value"},
		{`!If [Yes, !Ref "AWS::NoValue", b]`, nil},
		{`!FindInMap [M, !Ref "AWS::Region", ami]`, "ami-1"},
		{`!FindInMap [M, !Ref "AWS::Region", list]`, []any{"x", "y"}},
		{`!FindInMap [M, us-east-1, ami, {DefaultValue: none}]`, "none"},
		{`!FindInMap [M, us-east-1, ami]`, `?Fn::FindInMap cannot be read: there is no "us-east-1", a key of the map`},
		{`!Base64 abc`, "YWJj"},
		{`!Cidr [10.0.0.0/16, 2, 8]`, []any{"10.0.0.0/24", "10.0.1.0/24"}},
		{`!Cidr ["2001:db8::/56", 2, 64]`, []any{"2001:db8::/64", "2001:db8:0:1::/64"}},
		{`!Cidr [10.0.0.0/24, 3, 8]`, "?Fn::Cidr cannot be read: the block is too small"},
		{`!ImportValue net-vpc`, "?it is exported by another stack as net-vpc"},
		{`{"Fn::Length": !Ref Zones}`, int64(2)},
		{`{"Fn::ToJsonString": {a: [1, true, !Ref Given]}}`, `{"a":[1,true,"yes"]}`},
		{`{"Fn::Transform": {Name: M}}`, "?the macro M writes it when the stack is made"},
		{`"{{resolve:ssm:/a/b:1}}"`, "?it is read from Parameter Store when the stack is made"},
		{`!Sub "x{{resolve:secretsmanager:${Given}:SecretString:p}}"`, `?of the text "x${resolve:secretsmanager:yes:SecretString:p}" a part is not known: it is read from Secrets Manager when the stack is made`},
		{`{a: !Ref "AWS::NoValue", b: [!Ref "AWS::NoValue", 1.5]}`, map[string]any{"b": []any{1.5}}},
		{`012345678901`, "012345678901"},
		{`!Select [0, !Split ["-", !Sub "${Data.Arn}-x"]]`, `?of the text "${Data.Arn}-x" a part is not known: Arn of Data is known when it is made`},
		{`!Unheard x`, "?the function Fn::Unheard is not known"},
	} {
		t.Run(c.text, func(t *testing.T) {
			d, err := cfn.Read("t.yaml", []byte(head+c.text+"\n"), given())
			if err != nil {
				t.Fatal(err)
			}
			r := d.Resources[5]
			if arn := d.Resources[2].ARN; arn != "arn:aws:iam::111122223333:role/jobs/worker" || d.Resources[3].ARN != "" {
				t.Errorf("the ARN is %q", arn)
			}
			if strings.Contains(strings.TrimSuffix(c.text, `Data"`), "Data") && (len(d.Links) != 1 || d.Links[0].To != "Data") {
				t.Errorf("links are %+v", d.Links)
			}
			got := r.Properties["V"]
			for _, u := range r.Unknown {
				if u.Path == "properties.V" {
					got = "?" + u.Cause
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// one reads a template that has to be read, and gives a resource of it.
func one(t *testing.T, text, name string, o cfn.Options) (design.Declared, design.Document) {
	t.Helper()
	d, err := cfn.Read("t.yaml", []byte(text), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range d.Resources {
		if r.Name == name {
			return r, d
		}
	}
	t.Fatalf("there is no %s in %+v", name, d.Resources)
	return design.Declared{}, d
}

// TestPolicyAsText: a policy that is written as a text with unknown parts is judged part by part.
func TestPolicyAsText(t *testing.T) {
	r, d := one(t, `
Resources:
  Data: {Type: "AWS::S3::Bucket"}
  P:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Data
      PolicyDocument: !Sub '{"Statement": [{"Principal": "*", "Resource": ["${Data.Arn}/*", "${AWS::Region}"]}]}'
`, "P", cfn.Options{})
	want := map[string]any{"PolicyDocument": map[string]any{"Statement": []any{map[string]any{"Principal": "*", "Resource": []any{nil, nil}}}}}
	if diff := cmp.Diff(want, r.Properties); diff != "" {
		t.Error(diff)
	}
	var paths []string
	for _, u := range r.Unknown {
		if !u.Present {
			t.Errorf("%s is there for certain", u.Path)
		}
		paths = append(paths, u.Path)
	}
	const leaf = "properties.PolicyDocument.Statement[0].Resource"
	if diff := cmp.Diff([]string{"properties.Bucket", leaf + "[0]", leaf + "[1]"}, paths); diff != "" {
		t.Error(diff)
	}
	links := []design.Link{
		{From: "P", Path: "properties.Bucket", To: "Data"},
		{From: "P", Path: leaf + "[0]", To: "Data", Attribute: "Arn", Text: "${Data.Arn}/*"},
	}
	if diff := cmp.Diff(links, d.Links); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]string{leaf + "[0]": "${Data.Arn}/*"}, r.Partly); diff != "" {
		t.Error(diff)
	}
}

// TestCoerced: texts become what the schema wants; what cannot is left and named, as are names that there are not.
func TestCoerced(t *testing.T) {
	r, d := one(t, `
Resources:
  G:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: 12
      SecurityGroupIngress: {IpProtocol: tcp, FromPort: "22", ToPort: many, CidrIP: 198.51.100.0/24}
      Tags: [{Key: Team, Value: shop}, {Key: "a:b", Value: !Ref "AWS::Region"}]
  D:
    Type: AWS::RDS::DBInstance
    Properties: {StorageEncrypted: "True", MultiAZ: yes, AssociatedRoles: None, ProcessorFeatures: ""}
  X: {Type: "AWS::S3::Buckett"}
`, "G", cfn.Options{})
	want := map[string]any{
		"GroupDescription":     "12",
		"SecurityGroupIngress": []any{map[string]any{"IpProtocol": "tcp", "FromPort": int64(22), "ToPort": "many", "CidrIP": "198.51.100.0/24"}},
		"Tags":                 []any{map[string]any{"Key": "Team", "Value": "shop"}, map[string]any{"Key": "a:b"}},
	}
	if diff := cmp.Diff(want, r.Properties); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]string{"Team": "shop"}, r.Tags); diff != "" {
		t.Error(diff)
	}
	var paths []string
	for _, u := range r.Unknown {
		paths = append(paths, u.Path)
	}
	if diff := cmp.Diff([]string{"properties.Tags[1].Value", `tags["a:b"]`}, paths); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]any{"StorageEncrypted": true, "MultiAZ": true}, d.Resources[1].Properties); diff != "" {
		t.Error(diff)
	}
	var problems []string
	for _, p := range d.Problems {
		problems = append(problems, p.Place.String()+" "+p.Path+": "+p.Why)
	}
	if diff := cmp.Diff([]string{
		"t.yaml:7:30 properties.SecurityGroupIngress: one value stands where a list is wanted: it is read as a list of one",
		`t.yaml:7:71 properties.SecurityGroupIngress[0].ToPort: "many" stands where a whole number is wanted`,
		"t.yaml:7:85 properties.SecurityGroupIngress[0].CidrIP: Ingress has no property CidrIP: CidrIp is the nearest",
		`t.yaml:11:75 properties.AssociatedRoles: "None" stands where a list is wanted: it is read as nothing`,
		`t.yaml:11:100 properties.ProcessorFeatures: "" stands where a list is wanted: it is read as nothing`,
		"t.yaml:12:3 properties: CloudFormation has no type AWS::S3::Buckett: its properties are read as they are",
	}, problems); diff != "" {
		t.Error(diff)
	}
	if at := r.Where("properties.SecurityGroupIngress[0].CidrIP").String(); at != "t.yaml:7:85" {
		t.Error(at)
	}
	if at := r.Where(`tags["a:b"]`).String(); at != "t.yaml:8:60" {
		t.Error(at)
	}
}

// TestConditions: false drops, unknown stays and is marked, and within it the condition counts as true.
func TestConditions(t *testing.T) {
	r, d := one(t, `
Parameters: {Open: {Type: String}}
Conditions:
  No: !Equals [a, b]
  Maybe: !Equals [!Ref Open, a]
  Self: !Not [!Condition Self]
Resources:
  A: {Type: "AWS::S3::Bucket", Condition: No}
  B:
    Type: AWS::S3::Bucket
    Condition: Maybe
    Properties: {BucketName: !If [Maybe, data-one, data-two]}
  C: {Type: "AWS::S3::Bucket", Condition: Self}
  D: {Type: "Shop::Net::Base::MODULE"}
`, "B", cfn.Options{})
	if r.ID != "data-one" || r.Perhaps != "the condition Maybe is not known: the parameter Open has no value" || len(r.Unknown) > 0 {
		t.Errorf("%+v", r)
	}
	if len(d.Resources) != 2 || !strings.Contains(d.Resources[1].Perhaps, "depends on itself") {
		t.Errorf("%+v", d.Resources)
	}
	var why []string
	for _, s := range d.Skipped {
		why = append(why, s.Name+": "+s.Why)
	}
	if diff := cmp.Diff([]string{"A: it is not made: the condition No is false", "D: what a module makes is known when the stack is made"}, why); diff != "" {
		t.Error(diff)
	}
}

// TestLoops runs loops over resources and properties.
func TestLoops(t *testing.T) {
	r, d := one(t, `
Transform: AWS::LanguageExtensions
Conditions:
  Fn::ForEach::Is: [Zone, !Ref Zones, {"Is${Zone}": !Equals [!Ref Zone, a]}]
Parameters: {Zones: {Type: CommaDelimitedList, Default: "a,b"}, Open: {Type: CommaDelimitedList}}
Resources:
  Fn::ForEach::Zones:
    - Zone
    - !Ref Zones
    - Bucket${Zone}:
        Type: AWS::S3::Bucket
        Properties:
          BucketName: !Sub data-${Zone}
          Fn::ForEach::Lists: [P, [Tags], {"${P}": [{Key: Zone, Value: !Ref Zone}]}]
      Policy&{Zone}:
        Type: AWS::S3::BucketPolicy
        Properties: {Bucket: !Ref "Bucket${Zone}", PolicyDocument: {}}
  Late: {Type: "AWS::S3::Bucket", Condition: Isb, Properties: {BucketName: !Select [0, !Split ["-", !Sub "${Bare.Arn}-x"]]}}
  Bare: {Type: "AWS::SNS::Topic", Condition: Isa}
  Fn::ForEach::More: [X, !Ref Open, {"B${X}": {Type: "AWS::S3::Bucket"}}]
`, "Policyb", cfn.Options{})
	if r.Properties["Bucket"] != "data-b" {
		t.Errorf("%+v", r.Properties)
	}
	if len(d.Resources) != 5 || d.Resources[0].Tags["Zone"] != "a" || d.Resources[4].Name != "Bare" {
		t.Errorf("%+v", d.Resources)
	}
	if len(d.Skipped) != 2 || d.Skipped[0].Name != "Fn::ForEach::More" || d.Skipped[1].Why != "it is not made: the condition Isb is false" {
		t.Errorf("%+v", d.Skipped)
	}
}

// TestMacro: what a macro may change is not known.
func TestMacro(t *testing.T) {
	r, d := one(t, "Transform: [Mine, AWS::CodeDeployBlueGreen]\nResources: {A: {Type: 'AWS::S3::Bucket'}}\n", "A", cfn.Options{})
	if len(r.Unknown) != 1 || r.Unknown[0].Path != "properties" || len(d.Skipped) != 2 {
		t.Errorf("%+v %+v", r.Unknown, d.Skipped)
	}
}
