package relate_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"jobzero/internal/design"
	"jobzero/internal/design/cfn"
	"jobzero/internal/design/relate"
)

// told reads a template, and gives what one resource is told, with the paths that are unknown and why.
func told(t *testing.T, text, name string, change ...func(*design.Document)) (related map[string]any, unknown []string) {
	t.Helper()
	d, err := cfn.Read("t.yaml", []byte(text), cfn.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range change {
		c(&d)
	}
	relate.Document(&d)
	i := slices.IndexFunc(d.Resources, func(r design.Declared) bool { return r.Name == name })
	if i < 0 {
		t.Fatalf("there is no %s", name)
	}
	for _, u := range d.Resources[i].Unknown {
		if path, ok := strings.CutPrefix(u.Path, "related."); ok {
			unknown = append(unknown, path+": "+u.Cause)
		}
	}
	return d.Resources[i].Related, unknown
}

const doc = `PolicyDocument: {Statement: [{Effect: Allow, Action: "s3:*"}]}`

// An entry of a network access list is told of the others of its list, and never of itself.
func TestEntriesOfAList(t *testing.T) {
	entry := func(name, list string) string {
		return "  " + name + ": {Type: AWS::EC2::NetworkAclEntry, Properties: {NetworkAclId: " + list + ", RuleNumber: 100}}\n"
	}
	for name, c := range map[string]struct {
		text    string
		others  int
		unknown string
	}{
		"of a list here":         {"Resources:\n  L: {Type: AWS::EC2::NetworkAcl}\n  K: {Type: AWS::EC2::NetworkAcl}\n" + entry("E", "!Ref L") + entry("F", "!Ref L") + entry("G", "!Ref K"), 1, ""},
		"alone":                  {"Resources:\n  L: {Type: AWS::EC2::NetworkAcl}\n" + entry("E", "!Ref L"), 0, ""},
		"of a list elsewhere":    {"Resources:\n" + entry("E", "acl-1") + entry("F", "acl-1") + entry("G", "acl-2"), 1, "entries[+]: NetworkAclId names something that is not to be seen here"},
		"of a list by parameter": {"Parameters: {Q: {Type: String}, R: {Type: String}}\nResources:\n" + entry("E", "!Ref Q") + entry("F", "!Ref Q") + entry("G", "!Ref R"), 1, "entries[+]: "},
		"by a part of one":       {"Parameters: {Q: {Type: String}}\nResources:\n" + entry("E", "!Sub 'acl-${Q}'") + entry("F", "!Sub 'acl-${Q}'"), 0, "entries[+]: "},
	} {
		t.Run(name, func(t *testing.T) {
			related, unknown := told(t, c.text, "E")
			if list, _ := related["entries"].([]any); len(list) != c.others {
				t.Errorf("it is told of %v", related["entries"])
			}
			unknown = slices.DeleteFunc(unknown, func(u string) bool { return !strings.HasPrefix(u, "entries[+]") })
			if got := strings.Join(unknown, "; "); !strings.HasPrefix(got, c.unknown) || (got == "") != (c.unknown == "") {
				t.Errorf("unknown is %q, want %q", got, c.unknown)
			}
		})
	}
}

func TestBucketPolicy(t *testing.T) {
	const policy = "  P: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: %, " + doc + "}}\n"
	named := "  B: {Type: AWS::S3::Bucket, Properties: {BucketName: shop-data}}\n"
	half := "  B: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub \"${Q}-data\"}}\n"
	plain := "  B: {Type: AWS::S3::Bucket}\n"
	maybe := "Parameters: {Q: {Type: String}}\nConditions: {C: !Equals [!Ref Q, a]}\nResources:\n"
	for name, c := range map[string]struct {
		text    string
		change  func(*design.Document)
		has     bool
		unknown string
	}{
		"none":           {text: "Resources:\n" + plain},
		"by reference":   {text: "Resources:\n" + plain + with(policy, "!Ref B"), has: true},
		"by name":        {text: "Resources:\n" + named + with(policy, "shop-data"), has: true},
		"by one text":    {text: "Parameters: {Q: {Type: String}}\nResources:\n" + half + with(policy, "!Sub \"${Q}-data\""), has: true},
		"by other texts": {text: "Parameters: {Q: {Type: String}}\nResources:\n" + half + with(policy, "!Sub \"${Q}-logs\""), unknown: "policy: P names something that is not known"},
		"by parameters":  {text: "Parameters: {Q: {Type: String}}\nResources:\n" + named + with(policy, "!Ref Q"), unknown: "policy: P names something that is not known"},
		"made nameless":  {text: "Parameters: {Q: {Type: String}}\nResources:\n" + plain + with(policy, "!Ref Q")},
		"of another":     {text: "Resources:\n" + named + with(policy, "shop-logs")},
		"perhaps":        {text: maybe + plain + "  P: {Type: AWS::S3::BucketPolicy, Condition: C, Properties: {Bucket: !Ref B, " + doc + "}}\n", unknown: "policy: whether P is made"},
		"both perhaps":   {text: maybe + "  B: {Type: AWS::S3::Bucket, Condition: C}\n  P: {Type: AWS::S3::BucketPolicy, Condition: C, Properties: {Bucket: !Ref B, " + doc + "}}\n", has: true},
		"one of two":     {text: maybe + plain + "  O: {Type: AWS::S3::Bucket}\n" + with(policy, "!If [C, !Ref B, !Ref O]"), unknown: "policy: P may name another"},
		"an excerpt":     {text: "Resources:\n" + plain, change: func(d *design.Document) { d.Excerpt = true }, unknown: "policy: what else names it"},
		"of an excerpt":  {text: "Resources:\n" + plain + with(policy, "!Ref B"), change: func(d *design.Document) { d.Excerpt = true }, has: true},
		"there already":  {text: "Resources:\n" + plain, change: func(d *design.Document) { d.Resources[0].Standing = true }, unknown: "policy: what else names it"},
		"partly unknown": {text: "Parameters: {Q: {Type: String}}\nResources:\n" + plain + "  P: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Ref B, PolicyDocument: {Statement: [{Effect: Allow, Action: !Ref Q}]}}}\n", has: true, unknown: "policy.Statement[0].Action: P: the parameter Q"},
		"all unknown":    {text: "Parameters: {Q: {Type: String}}\nResources:\n" + plain + "  P: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Ref B, PolicyDocument: !Ref Q}}\n", unknown: "policy: P: the parameter Q"},
	} {
		t.Run(name, func(t *testing.T) {
			change := c.change
			if change == nil {
				change = func(*design.Document) {}
			}
			related, unknown := told(t, c.text, "B", change)
			if got := related["policy"] != nil; got != c.has {
				t.Errorf("policy is %v, want one: %v", related["policy"], c.has)
			}
			unknown = slices.DeleteFunc(unknown, func(u string) bool { return !strings.HasPrefix(u, "policy") })
			if got := strings.Join(unknown, "; "); !strings.HasPrefix(got, c.unknown) || (got == "") != (c.unknown == "") {
				t.Errorf("unknown is %q, want %q", got, c.unknown)
			}
		})
	}
}

func with(text, bucket string) string { return strings.Replace(text, "%", bucket, 1) }

const network = `Parameters: {Shared: {Type: String}}
Resources:
  Vpc: {Type: AWS::EC2::VPC}
  Net: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc}}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Joined: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Net, RouteTableId: !Ref Table}}
  Out: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Shared}}
  Front: {Type: AWS::EC2::SecurityGroup, Properties: {SecurityGroupIngress: [{CidrIp: 0.0.0.0/0, FromPort: 443}, {CidrIp: !Ref Shared, FromPort: 22}]}}
  More: {Type: AWS::EC2::SecurityGroupIngress, Properties: {GroupId: !GetAtt Front.GroupId, CidrIp: 198.51.100.0/24, FromPort: 80}}
  Machine: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref Net, SecurityGroupIds: [!GetAtt Front.GroupId, !Ref Shared, !Ref Front]}}
`

// TestWays: several hops, several ways, lists, what is elsewhere, and each only once.
func TestWays(t *testing.T) {
	related, unknown := told(t, network, "Machine")
	got, _ := json.Marshal(map[string]any{"routes": related["routes"], "ingress": related["ingress"], "addresses": related["addresses"]})
	want := `{"addresses":[],"ingress":[{"CidrIp":"0.0.0.0/0","FromPort":443},{"FromPort":22},{"CidrIp":"198.51.100.0/24","FromPort":80}],` +
		`"routes":[{"DestinationCidrBlock":"0.0.0.0/0"}]}`
	var a, b any
	_ = json.Unmarshal(got, &a)
	_ = json.Unmarshal([]byte(want), &b)
	for _, e := range a.(map[string]any)["ingress"].([]any) {
		delete(e.(map[string]any), "GroupId")
	}
	delete(a.(map[string]any)["routes"].([]any)[0].(map[string]any), "RouteTableId")
	if d := cmp.Diff(b, a); d != "" {
		t.Error(d)
	}
	for _, want := range []string{
		"ingress[1].CidrIp: Front: ", "ingress[+]: SecurityGroupIds[1] names something that is not to be seen here",
		"routes[0].GatewayId: Out: ", "security_groups[+]: ",
	} {
		if !slices.ContainsFunc(unknown, func(u string) bool { return strings.HasPrefix(u, want) }) {
			t.Errorf("no %q in %q", want, unknown)
		}
	}
	if list, _ := related["security_groups"].([]any); len(list) != 1 {
		t.Errorf("%d groups", len(list))
	}
}

// TestAccessList: the short name of a bucket's access list is as good as the list.
func TestAccessList(t *testing.T) {
	for property, want := range map[string]int{"": 0, "AccessControl: PublicReadWrite": 2, "AccessControl: Private": 0, "AccessControl: AuthenticatedRead": 1} {
		related, _ := told(t, "Resources: {B: {Type: AWS::S3::Bucket, Properties: {"+property+"}}}", "B")
		acl, _ := related["acl"].(map[string]any)
		if grants, ok := acl["Grants"].([]any); !ok || len(grants) != want {
			t.Errorf("%s: %v", property, related["acl"])
		}
	}
	_, unknown := told(t, "Resources: {B: {Type: AWS::S3::Bucket, Properties: {AccessControl: Open}}}", "B")
	if !slices.Contains(unknown, "acl: S3 has no access list Open") {
		t.Error(unknown)
	}
	_, unknown = told(t, "Parameters: {Q: {Type: String}}\nResources: {B: {Type: AWS::S3::Bucket, Properties: {AccessControl: !Ref Q}}}", "B")
	if !slices.ContainsFunc(unknown, func(u string) bool { return strings.HasPrefix(u, "acl: ") }) {
		t.Error(unknown)
	}
}

// TestRing: resources that name one another end, and many that do end soon.
func TestRing(t *testing.T) {
	var b strings.Builder
	b.WriteString("Resources:\n")
	const n = 2000
	for i := range n {
		b.WriteString("  G" + strings.Repeat("x", i%7) + itoa(i) + ": {Type: AWS::IAM::Group, Properties: {ManagedPolicyArns: [!Ref P]}}\n")
	}
	b.WriteString("  P: {Type: AWS::IAM::ManagedPolicy, Properties: {Groups: [!Ref G0], " + doc + "}}\n")
	related, _ := told(t, b.String(), "G0")
	if list, _ := related["policies"].([]any); len(list) != 1 {
		t.Errorf("%d policies", len(list))
	}
}

func itoa(i int) string { s, _ := json.Marshal(i); return string(s) }

// TestAnybody: whatever names a group uses it, but for its own rules and for what it names itself.
func TestAnybody(t *testing.T) {
	text := `Resources:
  Used: {Type: AWS::EC2::SecurityGroup}
  Left: {Type: AWS::EC2::SecurityGroup}
  Rule: {Type: AWS::EC2::SecurityGroupIngress, Properties: {GroupId: !GetAtt Left.GroupId, SourceSecurityGroupId: !GetAtt Left.GroupId, IpProtocol: tcp}}
  Door: {Type: AWS::Lambda::Function, Properties: {VpcConfig: {SecurityGroupIds: [!GetAtt Used.GroupId]}}}
`
	for name, want := range map[string]int{"Used": 1, "Left": 0} {
		related, unknown := told(t, text, name)
		if list, _ := related["interfaces"].([]any); len(list) != want || slices.ContainsFunc(unknown, func(u string) bool { return strings.HasPrefix(u, "interfaces[+]") }) {
			t.Errorf("%s: %v, unknown %q", name, related["interfaces"], unknown)
		}
	}
	_, unknown := told(t, text, "Left", func(d *design.Document) { d.Excerpt = true })
	if !slices.ContainsFunc(unknown, func(u string) bool { return strings.HasPrefix(u, "interfaces[+]: ") }) {
		t.Errorf("of an excerpt: %q", unknown)
	}
}

// TestOrigins: what the values of a property come from, one for each, also what is written out.
func TestOrigins(t *testing.T) {
	const head = `Parameters: {P: {Type: String}}
Resources:
  Cert: {Type: AWS::CertificateManager::Certificate, Properties: {DomainName: shop.example.com}}
  Up: {Type: AWS::IAM::ServerCertificate, Properties: {Path: /}}
  L: {Type: AWS::ElasticLoadBalancing::LoadBalancer, Properties: {Listeners: [`
	cert := map[string]any{"DomainName": "shop.example.com"}
	for list, c := range map[string]struct {
		want    []any
		unknown string
	}{
		"{SSLCertificateId: !Ref Cert}, {SSLCertificateId: !Ref Cert}":                    {want: []any{cert, cert}},
		"{SSLCertificateId: !Ref Cert}, {SSLCertificateId: arn}, {Protocol: TCP}":         {want: []any{map[string]any{"Written": "arn"}, cert}},
		"{SSLCertificateId: !GetAtt Up.Arn}":                                              {unknown: "certificates[+]: Listeners[0].SSLCertificateId comes from Up, which is another type"},
		"{SSLCertificateId: !Ref P}":                                                      {unknown: "certificates[+]: where Listeners[0].SSLCertificateId comes from is not known"},
		"{Protocol: TCP}":                                                                 {},
		"!If [Nobody, {SSLCertificateId: !Ref Cert}, {SSLCertificateId: !GetAtt Up.Arn}]": {unknown: "certificates[+]: "},
	} {
		related, unknown := told(t, head+list+"]}}\n", "L")
		got, _ := related["certificates"].([]any)
		if d := cmp.Diff(c.want, got, cmpopts.EquateEmpty()); d != "" {
			t.Errorf("%s: %s", list, d)
		}
		if len(unknown) > 1 || (len(unknown) == 1) != (c.unknown != "") || len(unknown) == 1 && !strings.HasPrefix(unknown[0], c.unknown) {
			t.Errorf("%s: unknown %q", list, unknown)
		}
	}
}

// TestEvery: what records all of a kind names none of it.
func TestEvery(t *testing.T) {
	const bucket, trail = "  B: {Type: AWS::S3::Bucket}\n", "  T: {Type: AWS::CloudTrail::Trail, Properties: {IsLogging: true, S3BucketName: elsewhere}}\n"
	maybe := "Parameters: {Q: {Type: String}}\nConditions: {C: !Equals [!Ref Q, a]}\nResources:\n" + bucket
	for name, c := range map[string]struct {
		text    string
		excerpt bool
		count   int
		unknown string
	}{
		"none":       {"Resources:\n" + bucket, false, 0, ""},
		"one":        {"Resources:\n" + bucket + trail, false, 1, ""},
		"two":        {"Resources:\n" + bucket + trail + strings.Replace(trail, "T:", "U:", 1), false, 2, ""},
		"perhaps":    {maybe + strings.Replace(trail, "Trail,", "Trail, Condition: C,", 1), false, 0, "recorders[+]: whether T is made"},
		"an excerpt": {"Resources:\n" + bucket, true, 0, "recorders[+]: what else there is of AWS::CloudTrail::Trail"},
	} {
		t.Run(name, func(t *testing.T) {
			related, unknown := told(t, c.text, "B", func(d *design.Document) { d.Excerpt = c.excerpt })
			list, ok := related["recorders"].([]any)
			if !ok || len(list) != c.count || c.count > 0 && list[0].(map[string]any)["S3BucketName"] != "elsewhere" {
				t.Errorf("got %v", related["recorders"])
			}
			unknown = slices.DeleteFunc(unknown, func(u string) bool { return !strings.HasPrefix(u, "recorders") })
			if got := strings.Join(unknown, "; "); !strings.HasPrefix(got, c.unknown) || (got == "") != (c.unknown == "") {
				t.Errorf("unknown is %q, want %q", got, c.unknown)
			}
		})
	}
}

// TestStand: of one that names nothing, texts made of a bucket's name or ARN are filled in, and it stays as it was.
func TestStand(t *testing.T) {
	const text = `Parameters: {Q: {Type: String}}
Resources:
  B: {Type: AWS::S3::Bucket}
  N: {Type: AWS::S3::Bucket, Properties: {BucketName: shop-data}}
  R: {Type: AWS::SNS::Topic}
  T:
    Type: AWS::CloudTrail::Trail
    Properties:
      IsLogging: true
      S3BucketName: !Ref B
      EventSelectors:
      - DataResources:
        - {Type: "AWS::S3::Object", Values: [!Sub "${B.Arn}/", !Sub "${N.Arn}/a/", !Sub "arn:aws:s3:::${B}/", !GetAtt B.Arn, !Sub "${B.Arn}/${Q}", !Ref R, !Sub "arn:${Q}:s3:::${B}/"]}
`
	var before string
	var holes int
	var doc *design.Document
	related, unknown := told(t, text, "B", func(d *design.Document) {
		doc = d
		before, holes = written(t, d.Resources[3].Properties), len(d.Resources[3].Unknown)
	})
	trail := related["recorders"].([]any)[0].(map[string]any)
	got := trail["EventSelectors"].([]any)[0].(map[string]any)["DataResources"].([]any)[0].(map[string]any)["Values"]
	want := []any{"arn:aws:s3:::${B}/", "arn:aws:s3:::shop-data/a/", "arn:aws:s3:::${B}/", "arn:aws:s3:::${B}", nil, nil, nil}
	if d := cmp.Diff(any(want), got); d != "" || trail["S3BucketName"] != "${B}" {
		t.Errorf("%s, into %v", d, trail["S3BucketName"])
	}
	unknown = slices.DeleteFunc(unknown, func(u string) bool { return !strings.HasPrefix(u, "recorders[0].") })
	if len(unknown) != 3 {
		t.Errorf("unknown is %q", unknown)
	}
	if after := written(t, doc.Resources[3].Properties); after != before || len(doc.Resources[3].Unknown) < holes {
		t.Errorf("it was changed:\n%s\n%s", before, after)
	}
}

func written(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
