package hcl

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/design"
)

func names(doc design.Document) (out []string) {
	for _, r := range doc.Resources {
		out = append(out, r.Name)
	}
	return out
}

// TestRepeated: count, for_each and dynamic make as many as they say; what is not known is one that says so.
func TestRepeated(t *testing.T) {
	doc := read(t, `
variable "many" {}
variable "ports" { default = { ssh = 22, web = 443 } }
resource "aws_sqs_queue" "c" {
  count = 2
  name  = "q${count.index}"
}
resource "aws_sqs_queue" "none" { count = var.ports.ssh == 22 ? 0 : 1 }
resource "aws_sqs_queue" "e" {
  for_each      = toset(["a", "b.c"])
  name          = "${each.key}-${each.value}"
  delay_seconds = aws_sqs_queue.c[1].delay_seconds
}
resource "aws_sqs_queue" "doubt" {
  count = var.many
  name  = "q${count.index}"
}
resource "aws_sqs_queue" "keys" {
  for_each = toset([aws_sqs_queue.c[0].arn])
  name     = each.key
}
resource "aws_security_group" "g" {
  name        = "g"
  description = join(",", aws_sqs_queue.c[*].name)
  dynamic "ingress" {
    for_each = var.ports
    iterator = port
    content {
      description = port.key
      from_port   = port.value
      to_port     = port.value
      protocol    = "tcp"
      cidr_blocks = ["198.51.100.0/24"]
    }
  }
  dynamic "egress" {
    for_each = var.many
    content {
      from_port = egress.value
    }
  }
}
`, Options{})
	want := []string{
		"aws_sqs_queue.c[0]", "aws_sqs_queue.c[1]", `aws_sqs_queue.e["a"]`, `aws_sqs_queue.e["b.c"]`, "aws_sqs_queue.doubt", "aws_sqs_queue.keys",
		"aws_security_group.g",
	}
	if diff := cmp.Diff(want, names(doc)); diff != "" {
		t.Error(diff)
	}
	properties(t, find(t, doc, "aws_sqs_queue.c[1]"), `{"QueueName":"q1"}`)
	e := find(t, doc, `aws_sqs_queue.e["b.c"]`)
	properties(t, e, `{"QueueName":"b.c-b.c"}`)
	if got := unknowns(e); got != "properties.DelaySeconds" || e.Perhaps != "" {
		t.Errorf("%s %q", got, e.Perhaps)
	}
	doubt := find(t, doc, "aws_sqs_queue.doubt")
	if doubt.Perhaps != "count = var.many is not known: the variable many has no value" || doubt.Partly["properties.QueueName"] != "q${count.index}" {
		t.Errorf("%q %v", doubt.Perhaps, doubt.Partly)
	}
	if k := find(t, doc, "aws_sqs_queue.keys"); k.Perhaps == "" || unknowns(k) != "properties.QueueName" {
		t.Errorf("%q %s", k.Perhaps, unknowns(k))
	}
	g := find(t, doc, "aws_security_group.g")
	properties(t, g, `{"GroupName":"g","GroupDescription":"q0,q1","SecurityGroupIngress":[
		{"CidrIp":"198.51.100.0/24","Description":"ssh","FromPort":22,"ToPort":22,"IpProtocol":"tcp"},
		{"CidrIp":"198.51.100.0/24","Description":"web","FromPort":443,"ToPort":443,"IpProtocol":"tcp"}],"SecurityGroupEgress":[null]}`)
	if got := unknowns(g); got != "properties.SecurityGroupEgress[0]" {
		t.Error(got)
	}
	if at := g.Where("properties.SecurityGroupIngress[1].CidrIp").String(); at != "main.tf:33:7" {
		t.Error(at)
	}
	if len(doc.Problems) != 0 {
		t.Error(problems(doc))
	}
}

// TestModules: inputs and outputs flow, providers and their tags are handed on, what lies elsewhere is told.
func TestModules(t *testing.T) {
	doc := read(t, `
== main.tf
provider "aws" {
  region = "eu-west-1"
  default_tags { tags = { Owner = "shop", Team = "x" } }
}
provider "aws" {
  alias  = "us"
  region = "us-east-1"
}
module "eu" {
  source = "./bucket"
  for_each = { a = "one", b = "two" }
  name   = each.value
}
module "us" {
  source    = "./bucket"
  name      = null
  providers = { aws = aws.us }
}
module "away" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "5.0.0"
}
resource "aws_s3_bucket_versioning" "v" {
  bucket = module.eu["b"].id
  versioning_configuration { status = "Enabled" }
}
resource "aws_s3_bucket_versioning" "w" {
  bucket = module.us.bucket.id
  versioning_configuration { status = "Suspended" }
}
resource "aws_subnet" "s" {
  vpc_id     = module.away.vpc_id
  cidr_block = cidrsubnet("198.51.100.0/24", 2, 1)
  tags       = { Team = "y" }
}
== bucket/main.tf
variable "name" {}
resource "aws_s3_bucket" "b" { bucket = var.name }
module "inner" {
  source = "../logging"
  bucket = aws_s3_bucket.b.bucket
}
output "id" { value = aws_s3_bucket.b.id }
output "bucket" { value = aws_s3_bucket.b }
== logging/main.tf
variable "bucket" {}
resource "aws_s3_bucket_logging" "l" {
  bucket        = var.bucket
  target_bucket = "logs"
  target_prefix = "${path.module}/"
}
`, Options{Account: "111122223333"})
	b := find(t, doc, `module.eu["b"].aws_s3_bucket.b`)
	properties(t, b, `{"BucketName":"two","VersioningConfiguration":{"Status":"Enabled"},
		"LoggingConfiguration":{"DestinationBucketName":"logs","LogFilePrefix":"logging/"},
		"Tags":[{"Key":"Owner","Value":"shop"},{"Key":"Team","Value":"x"}]}`)
	if b.Region != "eu-west-1" || b.Account != "111122223333" || b.Place.String() != "bucket/main.tf:2:1" {
		t.Errorf("%s %s %s", b.Region, b.Account, b.Place)
	}
	if got := b.Where("properties.VersioningConfiguration.Status").String(); got != "main.tf:25:30" {
		t.Error(got)
	}
	us := find(t, doc, "module.us.aws_s3_bucket.b")
	properties(t, us, `{"VersioningConfiguration":{"Status":"Suspended"},"LoggingConfiguration":{"DestinationBucketName":"logs","LogFilePrefix":"logging/"}}`)
	if us.Region != "us-east-1" {
		t.Error(us.Region)
	}
	s := find(t, doc, "aws_subnet.s")
	properties(t, s, `{"CidrBlock":"198.51.100.64/26","AssignIpv6AddressOnCreation":false,"EnableDns64":false,"MapPublicIpOnLaunch":false,"Tags":[{"Key":"Owner","Value":"shop"},{"Key":"Team","Value":"y"}]}`)
	if unknowns(s) != "properties.VpcId" || s.Tags["Team"] != "y" || s.Tags["Owner"] != "shop" {
		t.Errorf("%s %v", unknowns(s), s.Tags)
	}
	if len(doc.Skipped) == 0 || doc.Skipped[0].Name != "module.away" || doc.Skipped[0].Why != "its source is not in these files: terraform-aws-modules/vpc/aws" {
		t.Errorf("%+v", doc.Skipped)
	}
	if len(doc.Problems) != 0 {
		t.Error(problems(doc))
	}
	_, uses, err := ReadUses(folder(`
== main.tf
module "a" { source = "./x" }
== x/x.tf
module "b" { source = "../y" }
== y/y.tf
`), ".", Options{})
	if got := strings.Join(uses, " "); got != "x y" || err != nil {
		t.Errorf("uses %q, %v", got, err)
	}
}

// TestJSON: the syntax in JSON says the same, and override files change what others say.
func TestJSON(t *testing.T) {
	doc := read(t, `
== main.tf.json
{"//": "a comment", "variable": {"env": {"type": "string", "default": "dev"}},
 "locals": {"name": "q-${var.env}"},
 "resource": {"aws_sqs_queue": {"q": {"name": "${local.name}", "count": 1, "tags": {"Env": "${var.env}"}}},
  "aws_security_group": [{"g": {"name": "g", "ingress": [{"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}],
   "dynamic": {"egress": {"for_each": ["a"], "content": {"from_port": 1, "to_port": 1, "protocol": "tcp", "description": "${egress.value}"}}}}}]}}
== other.tf
resource "aws_s3_bucket" "b" {
  bucket = "one"
  acl    = "private"
  versioning { enabled = false }
}
== b_override.tf
resource "aws_s3_bucket" "b" {
  bucket = "two"
  versioning { enabled = true }
}
locals { name = "over-${var.env}" }
`, Options{})
	properties(t, find(t, doc, "aws_sqs_queue.q[0]"), `{"QueueName":"over-dev","Tags":[{"Key":"Env","Value":"dev"}]}`)
	properties(t, find(t, doc, "aws_security_group.g"), `{"GroupName":"g","GroupDescription":"Managed by Terraform",
		"SecurityGroupIngress":[{"CidrIp":"0.0.0.0/0","FromPort":22,"ToPort":22,"IpProtocol":"tcp"}],
		"SecurityGroupEgress":[{"FromPort":1,"ToPort":1,"IpProtocol":"tcp","Description":"a"}]}`)
	properties(t, find(t, doc, "aws_s3_bucket.b"), `{"BucketName":"two","AccessControl":"Private","VersioningConfiguration":{"Status":"Enabled"}}`)
	if len(doc.Problems) != 0 {
		t.Error(problems(doc))
	}
}
