package terraform

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/design"
)

func groupPlan() string {
	rule := func(kind string) string {
		return said("aws_security_group_rule."+kind, `"security_group_id":`+refs("aws_security_group.a.id", "aws_security_group.a")+`,"cidr_blocks":`+refs("aws_eip.x"))
	}
	return planText(root(said("aws_security_group.a", `"name":{"constant_value":"shop"}`), rule("in"), rule("out")),
		made("aws_security_group.a", `{"name":"shop","description":"Shop"}`, `{"id":true,"ingress":true,"egress":true}`),
		made("aws_security_group_rule.in", `{"type":"ingress","from_port":22,"to_port":22,"protocol":"tcp","cidr_blocks":["0.0.0.0/0","198.51.100.0/24"],"self":false}`,
			`{"security_group_id":true,"id":true,"cidr_blocks":[false,false]}`),
		made("aws_security_group_rule.out", `{"type":"egress","from_port":0,"to_port":0,"protocol":"all"}`, `{"security_group_id":true,"cidr_blocks":true}`))
}

// TestGroup: rules of their own come before what the group may have itself, which only the making will tell.
func TestGroup(t *testing.T) {
	a := find(t, read(t, groupPlan()), "aws_security_group.a")
	properties(t, a, `{"GroupName":"shop","GroupDescription":"Shop",
		"SecurityGroupIngress":[{"CidrIp":"0.0.0.0/0","FromPort":22,"ToPort":22,"IpProtocol":"tcp"},
			{"CidrIp":"198.51.100.0/24","FromPort":22,"ToPort":22,"IpProtocol":"tcp"},null],
		"SecurityGroupEgress":[{"FromPort":0,"ToPort":0,"IpProtocol":"-1"},null]}`)
	want := "properties.SecurityGroupEgress[0].CidrIp properties.SecurityGroupEgress[1] properties.SecurityGroupIngress[2]"
	if got := unknowns(a); got != want {
		t.Errorf("unknown: %s", got)
	}
}

// modulePlan has a module that is repeated, whose parts belong together by inputs, outputs and keys.
func modulePlan() string {
	inner := `{"resources":[` + said("aws_s3_bucket_versioning.v", `"bucket":`+refs("var.bucket")) + `]}`
	outer := `{"outputs":{"name":{"expression":` + refs("aws_s3_bucket.b.id", "aws_s3_bucket.b") + `}},"resources":[` +
		said("aws_s3_bucket.b", ``) + `],"module_calls":{"inner":{"expressions":{"bucket":` + refs("aws_s3_bucket.b.id", "aws_s3_bucket.b") + `},"module":` + inner + `}}}`
	each := strings.Replace(said("aws_s3_bucket_logging.l", `"bucket":`+refs("each.value.id", "each.value")), `"expressions"`,
		`"for_each_expression":`+refs("aws_s3_bucket.e")+`,"expressions"`, 1)
	text := `{"resources":[` + said("aws_s3_bucket_public_access_block.p", `"bucket":`+refs("module.m[\"eu\"].name", "module.m")) + `,` +
		said("aws_s3_bucket.e", ``) + `,` + each + `],"module_calls":{"m":{"for_each_expression":{},"module":` + outer + `}}}`
	bucket, part := `{"bucket":null}`, `{"bucket":true}`
	return planText(text,
		made(`module.m["eu"].aws_s3_bucket.b`, bucket, part), made(`module.m["us"].aws_s3_bucket.b`, bucket, part),
		made(`module.m["eu"].module.inner.aws_s3_bucket_versioning.v`, `{"versioning_configuration":[{"status":"Enabled"}]}`, part),
		made("aws_s3_bucket_public_access_block.p", `{"block_public_acls":true}`, part),
		made(`aws_s3_bucket.e["x"]`, bucket, part), made(`aws_s3_bucket.e["y.z"]`, bucket, part),
		made(`aws_s3_bucket_logging.l["y.z"]`, `{"target_bucket":"logs","target_prefix":""}`, part))
}

func TestFollow(t *testing.T) {
	doc := read(t, modulePlan())
	for name, want := range map[string]string{
		`module.m["eu"].aws_s3_bucket.b`: `{"VersioningConfiguration":{"Status":"Enabled"},"PublicAccessBlockConfiguration":{"BlockPublicAcls":true}}`,
		`module.m["us"].aws_s3_bucket.b`: `{}`,
		`aws_s3_bucket.e["x"]`:           `{}`,
		`aws_s3_bucket.e["y.z"]`:         `{"LoggingConfiguration":{"DestinationBucketName":"logs"}}`,
	} {
		properties(t, find(t, doc, name), want)
	}
}

// TestDoubtful: what may belong to several is unknown on each, but not on one that has its own.
func TestDoubtful(t *testing.T) {
	doc := read(t, planText(root(
		said("aws_s3_bucket.a", ``), said("aws_s3_bucket.b", ``), said("aws_s3_bucket.c", ``),
		said("aws_s3_bucket_versioning.c", `"bucket":`+refs("aws_s3_bucket.c.id")),
		said("aws_s3_bucket_versioning.x", `"bucket":`+refs("local.name"))),
		made("aws_s3_bucket.a", `{"bucket":"a"}`, `{}`), made("aws_s3_bucket.b", `{"bucket":"b"}`, `{}`), made("aws_s3_bucket.c", `{"bucket":"c"}`, `{}`),
		made("aws_s3_bucket_versioning.x", `{"versioning_configuration":[{"status":"Enabled"}]}`, `{"bucket":true}`),
		made("aws_s3_bucket_versioning.c", `{"versioning_configuration":[{"status":"Suspended"}]}`, `{"bucket":true}`)))
	for name, want := range map[string]string{"a": "properties.VersioningConfiguration", "b": "properties.VersioningConfiguration", "c": ""} {
		d := find(t, doc, "aws_s3_bucket."+name)
		if got := unknowns(d); got != want {
			t.Errorf("%s: unknown %q", name, got)
		}
	}
	properties(t, find(t, doc, "aws_s3_bucket.c"), `{"BucketName":"c","VersioningConfiguration":{"Status":"Suspended"}}`)
}

// TestLocal: what a local value is a plan does not say; where only one bucket can be meant, that one is.
func TestLocal(t *testing.T) {
	inner := func(more string) string {
		return `{"resources":[` + said("aws_s3_bucket_versioning.v", `"bucket":`+refs("local.bucket")) + more + `]}`
	}
	plan := func(more string, changes ...string) string {
		call := func(bucket string) string {
			return `{"expressions":{"bucket":` + refs(bucket+".id", bucket) + `},"module":` + inner(more) + `}`
		}
		text := `{"resources":[` + said("aws_s3_bucket.a", ``) + `,` + said("aws_s3_bucket.b", ``) + `],"module_calls":{"m":` +
			call("aws_s3_bucket.a") + `,"n":` + call("aws_s3_bucket.b") + `}}`
		version := func(module, status string) string {
			return made("module."+module+".aws_s3_bucket_versioning.v", `{"versioning_configuration":[{"status":"`+status+`"}]}`, `{"bucket":true}`)
		}
		return planText(text, append(changes, made("aws_s3_bucket.a", `{"bucket":"a"}`, `{}`), made("aws_s3_bucket.b", `{"bucket":"b"}`, `{}`),
			version("m", "Enabled"), version("n", "Suspended"))...)
	}
	doc := read(t, plan(""))
	properties(t, find(t, doc, "aws_s3_bucket.a"), `{"BucketName":"a","VersioningConfiguration":{"Status":"Enabled"}}`)
	properties(t, find(t, doc, "aws_s3_bucket.b"), `{"BucketName":"b","VersioningConfiguration":{"Status":"Suspended"}}`)
	pet := made("module.m.random_pet.p", `{}`, `{"id":true}`)
	for name, text := range map[string]string{
		"data":           plan(`,{"mode":"data","type":"external","name":"e"}`),
		"another source": plan("", pet, strings.ReplaceAll(pet, "module.m.", "module.n.")),
	} {
		doc := read(t, text)
		for _, bucket := range []string{"aws_s3_bucket.a", "aws_s3_bucket.b"} {
			if got := unknowns(find(t, doc, bucket)); got != "properties.VersioningConfiguration" {
				t.Errorf("%s: %s: unknown %q", name, bucket, got)
			}
		}
	}
}

// TestByName: without a text there are names; what belongs to nobody that the text has is outside, unless it is judged alone.
func TestByName(t *testing.T) {
	doc := read(t, planText("",
		made("aws_iam_role.r", `{"name":"shop","assume_role_policy":"{\"Statement\":[]}"}`, `{"id":true}`),
		made("aws_iam_role_policy.p", `{"name":"read","role":"shop","policy":"{\"Statement\":[{\"Effect\":\"Allow\"}]}"}`, `{}`),
		made("aws_iam_role_policy.q", `{"name":"later","role":"shop"}`, `{"policy":true}`),
		made("aws_iam_role_policy_attachment.a", `{"role":"shop","policy_arn":"arn:aws:iam::aws:policy/ReadOnlyAccess"}`, `{}`),
		made("aws_iam_role_policy_attachment.b", `{"role":"other","policy_arn":"arn:aws:iam::aws:policy/AdministratorAccess"}`, `{}`),
		made("aws_iam_policy_attachment.c", `{"name":"c","users":["anna"],"roles":["shop"],"policy_arn":"arn:aws:iam::aws:policy/ViewOnlyAccess"}`, `{}`),
		made("aws_iam_policy_attachment.d", `{"name":"d","users":["anna"],"groups":["staff"],"policy_arn":"arn:aws:iam::aws:policy/ViewOnlyAccess"}`, `{}`),
		made("aws_iam_user_group_membership.m", `{"user":"anna","groups":["staff"]}`, `{}`)))
	r := find(t, doc, "aws_iam_role.r")
	properties(t, r, `{"RoleName":"shop","AssumeRolePolicyDocument":{"Statement":[]},
		"ManagedPolicyArns":["arn:aws:iam::aws:policy/ReadOnlyAccess","arn:aws:iam::aws:policy/ViewOnlyAccess"],
		"Policies":[{"PolicyName":"read","PolicyDocument":{"Statement":[{"Effect":"Allow"}]}},{"PolicyName":"later"}]}`)
	if got := unknowns(r); got != "properties.Policies[1].PolicyDocument" {
		t.Errorf("unknown: %s", got)
	}
	properties(t, find(t, doc, "aws_iam_role_policy_attachment.b"), `{"Roles":["other"],"PolicyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}`)
	properties(t, find(t, doc, "aws_iam_policy_attachment.d"), `{"Users":["anna"],"Groups":["staff"],"PolicyArn":"arn:aws:iam::aws:policy/ViewOnlyAccess"}`)
	if slices.ContainsFunc(doc.Resources, func(d design.Declared) bool { return d.Name == "aws_iam_policy_attachment.c" }) {
		t.Error("an attachment of which one is in the text comes twice")
	}
	last := doc.Skipped[len(doc.Skipped)-1]
	if last.Name != "aws_iam_user_group_membership.m" || !strings.Contains(last.Why, "that the plan does not have") {
		t.Errorf("%+v", last)
	}
}

// TestPasswords: what a plan calls known after apply, and nobody wrote, AWS does not ask for.
func TestPasswords(t *testing.T) {
	text := root(said("aws_iam_account_password_policy.p", `"minimum_password_length":{"constant_value":14},"require_symbols":{"constant_value":true}`))
	doc := read(t, planText(text, made("aws_iam_account_password_policy.p", `{"minimum_password_length":14,"require_symbols":true}`,
		`{"id":true,"require_numbers":true,"password_reuse_prevention":true,"max_password_age":true}`)))
	p := find(t, doc, "aws_iam_account_password_policy.p")
	properties(t, p, `{"PasswordPolicy":{"MinimumPasswordLength":14,"RequireSymbols":true}}`)
	if got := unknowns(p); got != "" {
		t.Errorf("unknown: %s", got)
	}
}

// TestStrange: an attribute that nothing is known of makes everything unknown that it could have set, and nothing else.
func TestStrange(t *testing.T) {
	doc := read(t, planText("", made("aws_s3_bucket.a", `{"bucket":"a","acl":"private","brand_new":[{"thing":true}],"nothing":""}`, `{}`)))
	a := find(t, doc, "aws_s3_bucket.a")
	properties(t, a, `{"BucketName":"a","AccessControl":"Private"}`)
	if got := unknowns(a); !strings.Contains(got, "properties.VersioningConfiguration") || strings.Contains(got, "BucketName ") {
		t.Errorf("unknown: %s", got)
	}
	if len(doc.Problems) != 1 || !strings.Contains(doc.Problems[0].Why, "brand_new of aws_s3_bucket is not read") || doc.Coverage.OfValues-doc.Coverage.Values != 1 {
		t.Errorf("%+v, %s", doc.Problems, doc.Coverage)
	}
}

func TestCloudControl(t *testing.T) {
	doc := read(t, planText(root(said("awscc_s3_bucket.a", `"bucket_name":{"constant_value":"a"},"tags":{}`)),
		made("awscc_s3_bucket.a", `{"bucket_name":"a","tags":[{"key":"Owner","value":"shop"}],"versioning_configuration":{"status":"Enabled"},
			"bucket_encryption":{"server_side_encryption_configuration":[{"server_side_encryption_by_default":{"sse_algorithm":"aws:kms"}}]}}`,
			`{"id":true,"arn":true,"domain_name":true,"website_configuration":true,"bucket_encryption":{"server_side_encryption_configuration":[{"server_side_encryption_by_default":{"kms_master_key_id":true}}]}}`),
		made("awscc_iam_role.r", `{"role_name":"r","assume_role_policy_document":"{\"Statement\":[]}","max_session_duration":"3600"}`, `{"role_id":true}`),
		made("awscc_nothing_here.x", `{}`, `{}`)))
	a := find(t, doc, "awscc_s3_bucket.a")
	properties(t, a, `{"BucketName":"a","Tags":[{"Key":"Owner","Value":"shop"}],"VersioningConfiguration":{"Status":"Enabled"},
		"BucketEncryption":{"ServerSideEncryptionConfiguration":[{"ServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms"}}]}}`)
	if got := unknowns(a); got != "properties.BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.KMSMasterKeyID" || a.Tags["Owner"] != "shop" {
		t.Errorf("unknown: %s; tags %v", got, a.Tags)
	}
	properties(t, find(t, doc, "awscc_iam_role.r"), `{"RoleName":"r","AssumeRolePolicyDocument":{"Statement":[]},"MaxSessionDuration":3600}`)
	if len(doc.Skipped) != 1 || doc.Coverage.String() != "2 of 3 resources, 100 % of values, 1 unknown" {
		t.Errorf("%+v, %s", doc.Skipped, doc.Coverage)
	}
}

// TestBlank: a plan that does not say what a resource has makes it unknown, and all that it may be a part of.
func TestBlank(t *testing.T) {
	doc := read(t, planText("", made("aws_s3_bucket.a", `{"bucket":"a"}`, `{}`),
		made("aws_s3_bucket.b", `null`, `{}`), made("aws_s3_bucket_public_access_block.p", `null`, `true`)))
	for name, want := range map[string]string{
		"a": "properties.PublicAccessBlockConfiguration", "b": "properties.PublicAccessBlockConfiguration properties tags",
	} {
		if got := unknowns(find(t, doc, "aws_s3_bucket."+name)); got != want {
			t.Errorf("%s: unknown %q", name, got)
		}
	}
}

// TestNothing: what says that there is none makes no empty object, which would look as if there were one.
func TestNothing(t *testing.T) {
	doc := read(t, planText("", made("aws_kinesis_stream.k", `{"name":"k","encryption_type":"NONE","kms_key_id":""}`, `{}`)))
	properties(t, find(t, doc, "aws_kinesis_stream.k"), `{"Name":"k"}`)
}

// TestApart: what CloudFormation has as a resource of its own is a problem of the text, never passed over.
func TestApart(t *testing.T) {
	doc := read(t, planText("", made("aws_secretsmanager_secret.s", `{"name":"s","rotation_lambda_arn":"arn:aws:lambda:eu-west-1:111122223333:function:f"}`, `{}`)))
	properties(t, find(t, doc, "aws_secretsmanager_secret.s"), `{"Name":"s"}`)
	if len(doc.Problems) != 1 || !strings.Contains(doc.Problems[0].Why, "rotation_lambda_arn of aws_secretsmanager_secret is not read") {
		t.Errorf("%+v", doc.Problems)
	}
}

// TestParts: blocks that CloudFormation has as resources are made such, and name what they stand in; one that is not known is unknown.
func TestParts(t *testing.T) {
	doc := read(t, planText("",
		made("aws_network_acl.n", `{"vpc_id":"vpc-1","ingress":[{"rule_no":100,"protocol":"tcp","action":"allow","cidr_block":"0.0.0.0/0","from_port":22,"to_port":22}],"egress":[]}`, `{"id":true}`),
		made("aws_route_table.t", `{"vpc_id":"vpc-1","route":[{"cidr_block":"0.0.0.0/0","gateway_id":"igw-1","instance_id":""}]}`, `{"id":true}`),
		made("aws_route_table.u", `{"vpc_id":"vpc-1"}`, `{"id":true,"route":true}`),
		made("aws_route_table.k", `{"id":"rtb-1","vpc_id":"vpc-1","route":[{"cidr_block":"10.0.0.0/8"}]}`, `{"route":[{"gateway_id":true}]}`)))
	properties(t, find(t, doc, "aws_network_acl.n"), `{"VpcId":"vpc-1"}`)
	properties(t, find(t, doc, "aws_network_acl.n (2)"), `{"Egress":false,"RuleNumber":100,"Protocol":6,"RuleAction":"allow","CidrBlock":"0.0.0.0/0","PortRange":{"From":22,"To":22}}`)
	properties(t, find(t, doc, "aws_route_table.k (2)"), `{"RouteTableId":"rtb-1","DestinationCidrBlock":"10.0.0.0/8"}`)
	for name, want := range map[string]string{
		"aws_route_table.t (2)": "properties.RouteTableId", "aws_route_table.k (2)": "properties.GatewayId",
	} {
		if got := unknowns(find(t, doc, name)); got != want {
			t.Errorf("%s: unknown %q", name, got)
		}
	}
	if got := unknowns(find(t, doc, "aws_route_table.u (2)")); !strings.Contains(got, "properties.GatewayId ") {
		t.Errorf("unknown %q", got)
	}
	want := []design.Link{
		{From: "aws_network_acl.n (2)", Path: "properties.NetworkAclId", To: "aws_network_acl.n"},
		{From: "aws_route_table.t (2)", Path: "properties.RouteTableId", To: "aws_route_table.t"},
		{From: "aws_route_table.u (2)", Path: "properties.RouteTableId", To: "aws_route_table.u"},
	}
	if d := cmp.Diff(want, doc.Links); d != "" || len(doc.Problems) != 0 {
		t.Errorf("%s %+v", d, doc.Problems)
	}
}

// TestPeers: the group that a rule names is linked, in a block and in a resource of its own.
func TestPeers(t *testing.T) {
	doc := read(t, planText(root(
		said("aws_security_group.a", `"ingress":[{"security_groups":`+refs("aws_security_group.b.id")+`}]`), said("aws_security_group.b", ``),
		said("aws_security_group_rule.r", `"security_group_id":`+refs("aws_security_group.b.id")+`,"source_security_group_id":`+refs("aws_security_group.a.id"))),
		made("aws_security_group.a", `{"ingress":[{"from_port":1,"to_port":1,"protocol":"tcp","cidr_blocks":["198.51.100.0/24"]}]}`, `{"ingress":[{"security_groups":true}]}`),
		made("aws_security_group.b", `{"ingress":[]}`, `{}`),
		made("aws_security_group_rule.r", `{"type":"ingress","from_port":2,"to_port":2,"protocol":"tcp"}`, `{"security_group_id":true,"source_security_group_id":true}`)))
	var got []string
	for _, l := range doc.Links {
		got = append(got, l.From+" "+l.Path+" "+l.To)
	}
	want := []string{
		"aws_security_group.a properties.SecurityGroupIngress[1].SourceSecurityGroupId aws_security_group.b",
		"aws_security_group.b properties.SecurityGroupIngress[0].SourceSecurityGroupId aws_security_group.a",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestAlone: a rule of a group that the plan does not have is a resource of its own, one for each peer.
func TestAlone(t *testing.T) {
	doc := read(t, planText("",
		made("aws_security_group_rule.in", `{"security_group_id":"sg-1","type":"ingress","from_port":22,"to_port":22,"protocol":"tcp","cidr_blocks":["198.51.100.0/24","0.0.0.0/0"],"self":false}`, `{"id":true}`),
		made("aws_security_group_rule.out", `{"security_group_id":"sg-1","type":"egress","from_port":0,"to_port":0,"protocol":"all","ipv6_cidr_blocks":["::/0"]}`, `{}`),
		made("aws_vpc_security_group_ingress_rule.one", `{"security_group_id":"sg-1","from_port":22,"to_port":22,"ip_protocol":"tcp"}`, `{"cidr_ipv4":true}`),
		made("aws_iam_role_policy.p", `{"name":"all","role":"other","policy":"{\"Statement\":[]}"}`, `{}`)))
	for name, want := range map[string]string{
		"aws_security_group_rule.in":              `{"GroupId":"sg-1","CidrIp":"198.51.100.0/24","FromPort":22,"ToPort":22,"IpProtocol":"tcp"}`,
		"aws_security_group_rule.in (2)":          `{"GroupId":"sg-1","CidrIp":"0.0.0.0/0","FromPort":22,"ToPort":22,"IpProtocol":"tcp"}`,
		"aws_security_group_rule.out":             `{"GroupId":"sg-1","CidrIpv6":"::/0","FromPort":0,"ToPort":0,"IpProtocol":"-1"}`,
		"aws_vpc_security_group_ingress_rule.one": `{"GroupId":"sg-1","FromPort":22,"ToPort":22,"IpProtocol":"tcp"}`,
		"aws_iam_role_policy.p":                   `{"RoleName":"other","PolicyName":"all","PolicyDocument":{"Statement":[]}}`,
	} {
		properties(t, find(t, doc, name), want)
	}
	if got := unknowns(find(t, doc, "aws_vpc_security_group_ingress_rule.one")); got != "properties.CidrIp" {
		t.Errorf("unknown: %s", got)
	}
	if doc.Coverage.Resources != doc.Coverage.OfResources || doc.Coverage.OfResources != 4 {
		t.Errorf("%+v", doc.Coverage)
	}
}

// TestPerhaps: a rule of one group or another is judged by itself, and both groups are in doubt.
func TestPerhaps(t *testing.T) {
	group := func(name string) string {
		return made("aws_security_group."+name, `{"name":"`+name+`","ingress":[]}`, `{"id":true}`)
	}
	doc := read(t, planText("", group("a"), group("b"),
		made("aws_security_group_rule.in", `{"type":"ingress","from_port":22,"to_port":22,"protocol":"tcp","cidr_blocks":["0.0.0.0/0"]}`, `{"security_group_id":true}`)))
	properties(t, find(t, doc, "aws_security_group_rule.in"), `{"CidrIp":"0.0.0.0/0","FromPort":22,"ToPort":22,"IpProtocol":"tcp"}`)
	for _, name := range []string{"aws_security_group.a", "aws_security_group.b"} {
		if got := unknowns(find(t, doc, name)); !strings.Contains(got, "properties.SecurityGroupIngress") {
			t.Errorf("%s: unknown %q", name, got)
		}
	}
}
