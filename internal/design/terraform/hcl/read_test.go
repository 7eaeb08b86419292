package hcl

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/design"
)

// folder makes files of a text in which each begins with a line such as == main.tf.
func folder(text string) fstest.MapFS {
	out := fstest.MapFS{}
	for _, part := range strings.Split("\n"+strings.TrimLeft(text, "\n"), "\n== ")[1:] {
		name, body, _ := strings.Cut(part, "\n")
		out[strings.TrimSpace(name)] = &fstest.MapFile{Data: []byte(body + "\n")}
	}
	if len(out) == 0 {
		out["main.tf"] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

func read(t *testing.T, text string, o Options) design.Document {
	t.Helper()
	doc, err := Read(folder(text), ".", o)
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return doc
}

func find(t *testing.T, doc design.Document, name string) design.Declared {
	t.Helper()
	var names []string
	for _, r := range doc.Resources {
		if r.Name == name {
			return r
		}
		names = append(names, r.Name)
	}
	t.Fatalf("there is no %s in %q; skipped %+v; problems %+v", name, names, doc.Skipped, doc.Problems)
	return design.Declared{}
}

func properties(t *testing.T, d design.Declared, want string) {
	t.Helper()
	equal(t, d.Name, d.Properties, want)
}

func equal(t *testing.T, name string, have any, want string) {
	t.Helper()
	var w, got any
	text, err := json.Marshal(have)
	if err == nil {
		err = json.Unmarshal(text, &got)
	}
	if err == nil {
		err = json.Unmarshal([]byte(want), &w)
	}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(w, got); diff != "" {
		t.Errorf("%s: %s", name, diff)
	}
}

func unknowns(d design.Declared) string {
	var out []string
	for _, u := range d.Unknown {
		out = append(out, u.Path)
	}
	return strings.Join(out, " ")
}

func problems(doc design.Document) string {
	var out []string
	for _, p := range doc.Problems {
		out = append(out, p.Place.String()+" "+p.Why)
	}
	return strings.Join(out, "\n")
}

// TestValues: what can be worked out is, whatever it is made of.
func TestValues(t *testing.T) {
	doc := read(t, `
== variables.tf
variable "env" { default = "dev" }
variable "names" {
  type    = list(string)
  default = ["a", "b"]
}
variable "size" { type = number }
variable "object" {
  type = object({ name = string, days = optional(number, 7) })
  default = { name = "x" }
}
== terraform.tfvars
env  = "prod"
size = 3
== z.auto.tfvars.json
{"size": 4}
== main.tf
locals {
  b = "${local.a}-b"
  a = join("-", concat(["shop"], var.names, [var.env]))
  tags = merge({ Team = "shop" }, var.env == "prod" ? { Level = "high" } : {})
}
resource "aws_sqs_queue" "q" {
  name                       = local.b
  delay_seconds              = var.size * 2
  message_retention_seconds  = var.object.days
  receive_wait_time_seconds  = length([for n in var.names : n if n != "a"])
  kms_master_key_id          = <<-EOT
    alias/${upper(var.env)}
  EOT
  tags = local.tags
}
`, Options{Variables: map[string]string{"names": `["c"]`}})
	q := find(t, doc, "aws_sqs_queue.q")
	properties(t, q, `{"QueueName":"shop-c-prod-b","DelaySeconds":8,"MessageRetentionPeriod":7,"ReceiveMessageWaitTimeSeconds":1,
		"KmsMasterKeyId":"alias/PROD\n","Tags":[{"Key":"Level","Value":"high"},{"Key":"Team","Value":"shop"}]}`)
	if len(doc.Problems) != 0 || unknowns(q) != "" {
		t.Errorf("%s; unknown %s", problems(doc), unknowns(q))
	}
	if q.ID != "shop-c-prod-b" && q.ID != "aws_sqs_queue.q" || q.Place.String() != "main.tf:6:1" {
		t.Errorf("%s at %s", q.ID, q.Place)
	}
	for path, want := range map[string]string{
		"properties.DelaySeconds": "main.tf:8:3", "properties.KmsMasterKeyId": "main.tf:11:3", "tags.Team": "main.tf:14:3",
		"properties.FifoQueue": "main.tf:6:1", "properties.Tags[0].Key": "main.tf:14:3",
	} {
		if got := q.Where(path).String(); got != want {
			t.Errorf("%s is at %s, want %s", path, got, want)
		}
	}
}

// TestUnknown: what is not known is a gap exactly where it stands, and what is known of a text is told.
func TestUnknown(t *testing.T) {
	doc := read(t, `
variable "prefix" {}
resource "aws_kms_key" "k" {
  description = "x"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "kms:*", Principal = { AWS = aws_iam_role.r.arn }, Resource = "*" }]
  })
}
resource "aws_iam_role" "r" {
  name               = "${var.prefix}-role"
  assume_role_policy = <<EOF
{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":["arn:aws:iam::${data.aws_caller_identity.me.account_id}:root","*"]}}]}
EOF
}
data "aws_caller_identity" "me" {}
resource "aws_sns_topic" "t" {
  name              = aws_iam_role.r.name
  kms_master_key_id = aws_kms_key.k.arn
  fifo_topic        = var.prefix == "x"
}
`, Options{})
	k := find(t, doc, "aws_kms_key.k")
	properties(t, k, `{"Description":"x","BypassPolicyLockoutSafetyCheck":false,"EnableKeyRotation":false,"Enabled":true,"KeySpec":"SYMMETRIC_DEFAULT","KeyUsage":"ENCRYPT_DECRYPT","KeyPolicy":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:*","Principal":{},"Resource":"*"}]}}`)
	if got := unknowns(k); got != "properties.KeyPolicy.Statement[0].Principal.AWS" {
		t.Error(got)
	}
	r := find(t, doc, "aws_iam_role.r")
	if got := unknowns(r); got != "properties.AssumeRolePolicyDocument.Statement[0].Principal.AWS[0] properties.RoleName" {
		t.Error(got)
	}
	want := map[string]string{
		"properties.RoleName": "${var.prefix}-role",
		"properties.AssumeRolePolicyDocument.Statement[0].Principal.AWS[0]": "arn:aws:iam::${data.aws_caller_identity.me.account_id}:root",
	}
	if diff := cmp.Diff(want, r.Partly); diff != "" {
		t.Error(diff)
	}
	topic := find(t, doc, "aws_sns_topic.t")
	if got := unknowns(topic); got != "properties.FifoTopic properties.KmsMasterKeyId properties.TopicName" {
		t.Error(got)
	}
	links := []design.Link{
		{From: "aws_kms_key.k", Path: "properties.KeyPolicy.Statement[0].Principal.AWS", To: "aws_iam_role.r", Attribute: "Arn"},
		{From: "aws_sns_topic.t", Path: "properties.KmsMasterKeyId", To: "aws_kms_key.k", Attribute: "Arn"},
		{From: "aws_sns_topic.t", Path: "properties.TopicName", To: "aws_iam_role.r", Attribute: "name", Text: "${var.prefix}-role"},
	}
	if diff := cmp.Diff(links, doc.Links); diff != "" {
		t.Error(diff)
	}
	for _, u := range topic.Unknown {
		if u.Path == "properties.FifoTopic" && u.Cause != "the variable prefix has no value" {
			t.Error(u.Cause)
		}
	}
}

// TestSlip: an attribute that is not known makes unknown what it could mean by its name, and nothing else.
func TestSlip(t *testing.T) {
	doc := read(t, "resource \"aws_rds_cluster\" \"a\" {\n  name = \"shop\"\n}\nresource \"aws_rds_cluster\" \"b\" {\n  encryption_of_storage = true\n}\n", Options{})
	for name, want := range map[string]bool{"aws_rds_cluster.a": false, "aws_rds_cluster.b": true} {
		unknown := false
		for _, u := range find(t, doc, name).Unknown {
			unknown = unknown || u.Path == "properties.StorageEncrypted"
		}
		if unknown != want {
			t.Errorf("%s: whether it is encrypted is unknown: %t", name, unknown)
		}
	}
	if len(doc.Problems) != 2 {
		t.Errorf("problems %+v", doc.Problems)
	}
}

// TestMentions: what nothing is known of still tells what it names.
func TestMentions(t *testing.T) {
	doc := read(t, "resource \"aws_security_group\" \"a\" {\n}\nresource \"aws_nothing_known\" \"n\" {\n  door {\n    groups = [aws_security_group.a.id]\n  }\n}\n", Options{})
	if len(doc.Links) != 1 || doc.Links[0].From != "aws_nothing_known.n" || doc.Links[0].To != "aws_security_group.a" {
		t.Errorf("%+v", doc.Links)
	}
}
