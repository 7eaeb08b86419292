package drift_test

import (
	"testing"

	"jobzero/internal/design/cfn"
	"jobzero/internal/design/drift"
	"jobzero/internal/resource"
)

const stack = `Resources:
  Data:
    Type: AWS::S3::Bucket
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Data
      PolicyDocument:
        Statement:
          - {Effect: Deny, Principal: "*", Action: "s3:*", Resource: !Sub "${Data.Arn}/*"}
  Web:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: web
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/8}
  Ssh:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {GroupId: !GetAtt Web.GroupId, IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.0.0/8}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: []}
      Policies:
        - {PolicyName: own, PolicyDocument: {Statement: {Effect: Allow, Action: "s3:Get*", Resource: "*"}}}
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
  More:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: more
      Roles: [!Ref Role]
      PolicyDocument: {Statement: {Effect: Allow, Action: "sqs:*", Resource: "*"}}
  Other:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {Statement: []}, ManagedPolicyArns: [!Ref Managed]}
  Managed:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Roles: [!Ref Role]
      PolicyDocument: {Statement: {Effect: Allow, Action: "sns:*", Resource: "*"}}
`

// TestStack: what other resources of a stack add to one is no drift of it, and each of them is found in it.
func TestStack(t *testing.T) {
	ids := map[string]string{
		"Data": "data-1", "Policy": "data-1", "Web": "sg-1", "Ssh": "sgr-9", "Role": "role-1", "Other": "role-2", "More": "shop-More-1", "Managed": "arn:aws:iam::111122223333:policy/managed",
	}
	made := func(name, attribute string) (string, bool) {
		switch name + "." + attribute {
		case "Data.Arn":
			return "arn:aws:s3:::data-1", true
		case "Web.GroupId":
			return "sg-1", true
		}
		id, ok := ids[name]
		return id, ok && attribute == ""
	}
	d, err := cfn.Read("shop", []byte(stack), cfn.Options{Account: account, Region: region, Made: made})
	if err != nil {
		t.Fatal(err)
	}
	live := map[string]map[string]any{
		"data-1": {},
		"sg-1": parsed(t, `{"GroupDescription":"web","SecurityGroupIngress":[{"IpProtocol":"tcp","FromPort":22,"ToPort":22,"CidrIp":"10.0.0.0/8"},
			{"IpProtocol":"tcp","FromPort":443,"ToPort":443,"CidrIp":"10.0.0.0/8"}]}`),
		"role-1": parsed(t, `{"AssumeRolePolicyDocument":{"Statement":[]},"ManagedPolicyArns":["arn:aws:iam::111122223333:policy/managed","arn:aws:iam::aws:policy/ReadOnlyAccess"],
			"Policies":[{"PolicyName":"own","PolicyDocument":{"Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}},
			{"PolicyName":"more","PolicyDocument":{"Statement":[{"Effect":"Allow","Action":"sqs:*","Resource":"*"}]}}]}`),
		"role-2": parsed(t, `{"AssumeRolePolicyDocument":{"Statement":[]},"ManagedPolicyArns":["arn:aws:iam::111122223333:policy/managed"]}`),
		"arn:aws:iam::111122223333:policy/managed": parsed(t, `{"Roles":["role-1","role-2"],"PolicyDocument":{"Statement":[{"Effect":"Allow","Action":"sns:*","Resource":"*"}]}}`),
	}
	related := map[string]any{"policy": parsed(t, `{"PolicyDocument":{"Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::data-1/*"}]}}`)}
	look := func() map[string]string {
		w := drift.World{Account: account, Region: region, IDs: ids, Read: map[string]resource.Resource{}}
		for _, x := range d.Resources {
			refs, why := w.Refs(x)
			if _, there := ids[x.Name]; why != "" && there {
				t.Errorf("%s: %s", x.Name, why)
			}
			for _, ref := range refs {
				w.Read[ref.Key()] = resource.Resource{Ref: ref, Properties: live[ref.ID], Related: related}
			}
		}
		out := map[string]string{}
		for _, c := range drift.Compare(d, w) {
			if text := told(c); text != "" {
				out[c.Name] = text
			}
		}
		return out
	}
	if got := look(); len(got) > 0 {
		t.Errorf("as it was made: %v", got)
	}
	live["sg-1"] = parsed(t, `{"GroupDescription":"web","SecurityGroupIngress":[{"IpProtocol":"tcp","FromPort":443,"ToPort":443,"CidrIp":"10.0.0.0/8"},
		{"IpProtocol":"tcp","FromPort":3389,"ToPort":3389,"CidrIp":"0.0.0.0/0"}]}`)
	related["policy"] = nil
	live["role-1"]["Policies"] = []any{}
	got := look()
	for name, want := range map[string]string{"Ssh": "gone ", "Web": "added SecurityGroupIngress", "Policy": "gone ", "More": "gone ", "Role": "missing Policies[0]"} {
		if got[name] != want {
			t.Errorf("%s: got %q, want %q", name, got[name], want)
		}
	}
	if len(got) != 5 {
		t.Error(got)
	}
	delete(ids, "Web")
	ids["Another"] = "x"
	got = look()
	if got["Web"] != "missing " || got["Another"] != "open " {
		t.Errorf("a text that is not the stack's own: %v", got)
	}
}
