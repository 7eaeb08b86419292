package hcl

import "testing"

// TestPolicy: a policy document is what the provider makes of it.
func TestPolicy(t *testing.T) {
	doc := read(t, `
data "aws_iam_policy_document" "base" {
  statement {
    sid       = "One"
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
  statement {
    sid       = "Two"
    actions   = ["s3:PutObject", "s3:DeleteObject"]
    resources = ["${aws_s3_bucket.b.arn}/*"]
  }
}
data "aws_iam_policy_document" "all" {
  policy_id               = "p"
  source_policy_documents = [data.aws_iam_policy_document.base.json]
  statement {
    sid         = "One"
    effect      = "Deny"
    not_actions = ["s3:*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
    condition {
      test     = "StringLike"
      variable = "aws:PrincipalArn"
      values   = ["a", "b"]
    }
  }
  statement {
    resources = [data.aws_partition.here.partition]
    not_principals {
      type        = "AWS"
      identifiers = ["111122223333", "444455556666"]
    }
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
  override_policy_documents = [jsonencode({ Statement = { Sid = "Three", Effect = "Allow" } })]
}
data "aws_partition" "here" {}
resource "aws_s3_bucket" "b" {}
resource "aws_s3_bucket_policy" "p" {
  bucket = aws_s3_bucket.b.id
  policy = data.aws_iam_policy_document.all.json
}
`, Options{Region: "eu-central-1"})
	p := find(t, doc, "aws_s3_bucket_policy.p")
	properties(t, p, `{"PolicyDocument":{"Id":"p","Version":"2012-10-17","Statement":[
		{"Sid":"One","Effect":"Deny","NotAction":"s3:*","Principal":"*","Condition":{"Bool":{"aws:SecureTransport":"false"},"StringLike":{"aws:PrincipalArn":["a","b"]}}},
		{"Sid":"Two","Effect":"Allow","Action":["s3:PutObject","s3:DeleteObject"]},
		{"Effect":"Allow","Resource":"aws","NotPrincipal":{"AWS":["444455556666","111122223333"]},"Principal":{"Service":"ec2.amazonaws.com"}},
		{"Sid":"Three","Effect":"Allow"}]}}`)
	if got := unknowns(p); got != "properties.Bucket properties.PolicyDocument.Statement[1].Resource" {
		t.Error(got)
	}
	if got := p.Partly["properties.PolicyDocument.Statement[1].Resource"]; got != "${aws_s3_bucket.b.arn}/*" {
		t.Error(got)
	}
	b := find(t, doc, "aws_s3_bucket.b")
	if got := unknowns(b); got != "related.policy.PolicyDocument.Statement[1].Resource related.policy.PolicyText" {
		t.Error(got)
	}
	if len(doc.Problems) != 0 {
		t.Error(problems(doc))
	}
}
