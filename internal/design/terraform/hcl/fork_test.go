package hcl

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/resource"
)

// TestOpen: conditions that nothing decides have a name, and go as they are told.
func TestOpen(t *testing.T) {
	const text = `
variable "live" { type = bool }
variable "kind" {}
variable "many" { type = map(string) }
locals { on = var.live && true }
resource "aws_s3_bucket" "a" {
  bucket        = local.on ? "live" : "test"
  force_destroy = var.kind == "a" ? true : false
  tags          = { for k, v in var.many : k => (v == "x" ? "y" : "z") }
}
resource "aws_s3_bucket" "b" {
  for_each = toset(["x"])
  bucket   = var.many[each.key] == "x" ? "y" : "z"
}
resource "aws_s3_bucket" "c" {
  bucket = true ? "known" : "never"
}
resource "aws_s3_bucket" "d" {
  bucket = local.on ? "live-d" : "test-d"
}
`
	doc := read(t, text, Options{})
	if d := cmp.Diff([]string{"local.on", `var.kind == "a"`}, slices.Sorted(slices.Values(doc.Open))); d != "" {
		t.Error(d)
	}
	doc = read(t, text, Options{Assume: map[string]bool{"local.on": true}})
	for name, want := range map[string]string{"a": "live", "d": "live-d"} {
		if got := find(t, doc, "aws_s3_bucket."+name).Properties["BucketName"]; got != want {
			t.Errorf("%s is %v", name, got)
		}
	}
	if slices.Contains(doc.Open, "local.on") {
		t.Errorf("open: %q", doc.Open)
	}
}

// TestOpenInModules: the same text in two modules is two conditions.
func TestOpenInModules(t *testing.T) {
	doc := read(t, `
== main.tf
variable "x" {}
module "m" {
  source = "./m"
  on     = var.x
}
== m/main.tf
variable "on" {}
resource "aws_s3_bucket" "a" { bucket = var.on == 1 ? "a" : "b" }
`, Options{})
	if d := cmp.Diff([]string{"module.m.var.on == 1"}, doc.Open); d != "" {
		t.Error(d)
	}
}

// TestRefused: a way in which a block is missing that the provider asks for is none; what is perhaps there is not missing.
func TestRefused(t *testing.T) {
	const text = `
resource "aws_s3_bucket" "b" { bucket = "shop" }
resource "aws_s3_bucket_versioning" "b" {
  bucket = aws_s3_bucket.b.id
  dynamic "versioning_configuration" {
    for_each = var.keep ? [1] : []
    content { status = "Enabled" }
  }
}
`
	for assumed, want := range map[string]bool{"": false, "true": false, "false": true} {
		o := Options{}
		if assumed != "" {
			o.Assume = map[string]bool{"var.keep": assumed == "true"}
		}
		if _, refused, err := ReadWay(folder(text), ".", "", o); err != nil || refused != want {
			t.Errorf("%q: %v %v", assumed, refused, err)
		}
	}
}

// TestSameCount: what is repeated by the same text is there when the other is; by another text it may not be.
func TestSameCount(t *testing.T) {
	doc := read(t, `
variable "n" {}
resource "aws_s3_bucket" "a" { count = var.n }
resource "aws_s3_bucket" "b" { count = var.n }
resource "aws_s3_bucket" "c" { count = var.n + 0 }
`, Options{})
	why := func(name string) string { return find(t, doc, "aws_s3_bucket."+name).Perhaps }
	if why("a") == "" || why("a") != why("b") || why("a") == why("c") || !strings.HasPrefix(why("a"), "count = var.n is not known: ") {
		t.Errorf("%q %q %q", why("a"), why("b"), why("c"))
	}
}

// TestAnyElement: an element that is not known comes from any of the collection, and a known one from itself alone.
func TestAnyElement(t *testing.T) {
	doc := read(t, `
variable "n" {}
resource "aws_eip" "a" {}
resource "aws_eip" "b" {}
locals { all = [aws_eip.a.public_ip, aws_eip.b.public_ip] }
resource "aws_route53_record" "any" {
  type    = "A"
  records = [local.all[var.n]]
}
resource "aws_route53_record" "one" {
  type    = "A"
  records = [local.all[1]]
}
resource "aws_route53_record" "old" {
  type    = "A"
  records = ["${aws_eip.a.*.public_ip[var.n]}"]
}
`, Options{})
	got := map[string][]string{}
	for _, l := range doc.Links {
		if l.Path == "properties.ResourceRecords[0]" {
			got[l.From] = append(got[l.From], l.To)
		}
	}
	want := map[string][]string{
		"aws_route53_record.any": {"aws_eip.a", "aws_eip.b"}, "aws_route53_record.one": {"aws_eip.b"}, "aws_route53_record.old": {"aws_eip.a"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestDefaultGroup: rules of their own belong to the default group too, each to the group that it names.
func TestDefaultGroup(t *testing.T) {
	doc := read(t, `
resource "aws_default_security_group" "d" { vpc_id = "vpc-1" }
resource "aws_security_group" "g" { vpc_id = "vpc-1" }
resource "aws_vpc_security_group_ingress_rule" "d" {
  security_group_id = aws_default_security_group.d.id
  cidr_ipv4         = "10.0.0.0/8"
  ip_protocol       = "-1"
}
resource "aws_vpc_security_group_ingress_rule" "g" {
  security_group_id = aws_security_group.g.id
  cidr_ipv4         = "192.168.0.0/16"
  ip_protocol       = "-1"
}
`, Options{})
	for name, want := range map[string]string{"aws_default_security_group.d": "10.0.0.0/8", "aws_security_group.g": "192.168.0.0/16"} {
		r := find(t, doc, name)
		rules, _ := r.Properties["SecurityGroupIngress"].([]any)
		dark := slices.ContainsFunc(r.Unknown, func(u resource.Unknown) bool { return strings.HasPrefix(u.Path, "properties.SecurityGroupIngress") })
		if len(rules) != 1 || dark {
			t.Fatalf("%s: %v, unknown %v", name, rules, r.Unknown)
		}
		if got := rules[0].(map[string]any)["CidrIp"]; got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestStatements: the rules of a web ACL are read however deep they are.
func TestStatements(t *testing.T) {
	doc := read(t, `
resource "aws_wafv2_web_acl" "w" {
  name  = "w"
  scope = "REGIONAL"
  default_action {
    allow {}
  }
  rule {
    name     = "r"
    priority = 1
    action {
      block {}
    }
    statement {
      and_statement {
        statement {
          geo_match_statement { country_codes = ["DE"] }
        }
        statement {
          not_statement {
            statement {
              ip_set_reference_statement { arn = "arn:aws:wafv2:eu-west-1:111122223333:regional/ipset/a/1" }
            }
          }
        }
      }
    }
    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "r"
      sampled_requests_enabled   = true
    }
  }
  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = "w"
    sampled_requests_enabled   = true
  }
}
`, Options{})
	rules, _ := find(t, doc, "aws_wafv2_web_acl.w").Properties["Rules"].([]any)
	if len(rules) != 1 {
		t.Fatal(rules)
	}
	want := map[string]any{"AndStatement": map[string]any{"Statements": []any{
		map[string]any{"GeoMatchStatement": map[string]any{"CountryCodes": []any{"DE"}}},
		map[string]any{"NotStatement": map[string]any{"Statement": map[string]any{
			"IPSetReferenceStatement": map[string]any{"Arn": "arn:aws:wafv2:eu-west-1:111122223333:regional/ipset/a/1"},
		}}},
	}}}
	if d := cmp.Diff(want, rules[0].(map[string]any)["Statement"]); d != "" || len(doc.Problems) != 0 {
		t.Errorf("%s %v", d, doc.Problems)
	}
}
