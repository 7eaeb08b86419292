package hcl

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"jobzero/internal/design"
	"jobzero/internal/design/terraform"
	"jobzero/internal/expect"
)

// planned is a plan of new resources, one a line: address | after | after_unknown | expressions.
func planned(t *testing.T, lines string) design.Document {
	t.Helper()
	var changes, said []string
	for line := range strings.Lines(strings.TrimSpace(lines)) {
		f := strings.Split(strings.TrimSpace(line), " | ")
		typ, name, _ := strings.Cut(f[0], ".")
		changes = append(changes, `{"address":"`+f[0]+`","mode":"managed","type":"`+typ+`","name":"`+name+
			`","provider_name":"registry.terraform.io/hashicorp/aws","change":{"actions":["create"],"after":`+f[1]+`,"after_unknown":`+f[2]+`}}`)
		said = append(said, `{"address":"`+f[0]+`","mode":"managed","type":"`+typ+`","name":"`+name+`","provider_config_key":"aws","expressions":`+f[3]+`}`)
	}
	doc, err := terraform.Read("plan.json", []byte(`{"format_version":"1.2","resource_changes":[`+strings.Join(changes, ",")+
		`],"configuration":{"provider_config":{"aws":{"name":"aws","expressions":{"region":{"constant_value":"eu-west-1"}}}},"root_module":{"resources":[`+
		strings.Join(said, ",")+`]}}}`))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// states are the same things as a folder and as a plan.
func states() map[string][2]string {
	return map[string][2]string{
		"bucket": {`
resource "aws_s3_bucket" "b" {
  bucket = "shop-data"
  tags   = { Team = "shop" }
}
resource "aws_s3_bucket_versioning" "b" {
  bucket = aws_s3_bucket.b.id
  versioning_configuration { status = "Enabled" }
}
resource "aws_s3_bucket_public_access_block" "b" {
  bucket                  = aws_s3_bucket.b.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
}
resource "aws_s3_bucket_server_side_encryption_configuration" "b" {
  bucket = aws_s3_bucket.b.bucket
  rule {
    apply_server_side_encryption_by_default { sse_algorithm = "AES256" }
  }
}
`, `aws_s3_bucket.b | {"bucket":"shop-data","force_destroy":false,"tags":{"Team":"shop"},"tags_all":{"Team":"shop"},"timeouts":null} | {"id":true,"arn":true,"acl":true,"versioning":true,"logging":true,"tags":{},"tags_all":{},"website":true,"server_side_encryption_configuration":true,"cors_rule":true,"grant":true,"policy":true,"lifecycle_rule":true,"replication_configuration":true,"object_lock_configuration":true,"object_lock_enabled":true,"acceleration_status":true,"bucket_prefix":true,"request_payer":true} | {"bucket":{"constant_value":"shop-data"},"tags":{"constant_value":{"Team":"shop"}}}
aws_s3_bucket_versioning.b | {"expected_bucket_owner":null,"mfa":null,"versioning_configuration":[{"status":"Enabled"}]} | {"bucket":true,"id":true,"versioning_configuration":[{"mfa_delete":true}]} | {"bucket":{"references":["aws_s3_bucket.b.id","aws_s3_bucket.b"]},"versioning_configuration":[{"status":{"constant_value":"Enabled"}}]}
aws_s3_bucket_public_access_block.b | {"block_public_acls":true,"block_public_policy":true,"ignore_public_acls":true,"restrict_public_buckets":false} | {"bucket":true,"id":true} | {"bucket":{"references":["aws_s3_bucket.b.id","aws_s3_bucket.b"]}}
aws_s3_bucket_server_side_encryption_configuration.b | {"bucket":"shop-data","expected_bucket_owner":null,"rule":[{"apply_server_side_encryption_by_default":[{"kms_master_key_id":"","sse_algorithm":"AES256"}],"bucket_key_enabled":null}]} | {"id":true} | {"bucket":{"references":["aws_s3_bucket.b.bucket","aws_s3_bucket.b"]}}`},
		"group": {`
resource "aws_security_group" "g" {
  name   = "shop"
  vpc_id = "vpc-1"
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_security_group_rule" "r" {
  security_group_id        = aws_security_group.g.id
  type                     = "egress"
  from_port                = 0
  to_port                  = 0
  protocol                 = "-1"
  source_security_group_id = aws_security_group.h.id
}
resource "aws_security_group" "h" {
  name        = "other"
  description = "Other"
}
resource "aws_vpc_security_group_ingress_rule" "s" {
  security_group_id = aws_security_group.h.id
  cidr_ipv4         = "198.51.100.0/24"
  from_port         = 22
  to_port           = 22
  ip_protocol       = "tcp"
}
`, `aws_security_group.g | {"name":"shop","description":"Managed by Terraform","vpc_id":"vpc-1","ingress":[{"cidr_blocks":["0.0.0.0/0"],"description":"","from_port":443,"to_port":443,"protocol":"tcp","ipv6_cidr_blocks":[],"prefix_list_ids":[],"security_groups":[],"self":false}],"revoke_rules_on_delete":false,"tags":null,"timeouts":null} | {"id":true,"arn":true,"egress":true,"name_prefix":true,"owner_id":true,"tags_all":true} | {"name":{"constant_value":"shop"},"vpc_id":{"constant_value":"vpc-1"},"ingress":{"constant_value":[]}}
aws_security_group_rule.r | {"type":"egress","from_port":0,"to_port":0,"protocol":"-1","self":false,"cidr_blocks":null,"description":null} | {"id":true,"security_group_id":true,"source_security_group_id":true,"security_group_rule_id":true} | {"security_group_id":{"references":["aws_security_group.g.id","aws_security_group.g"]},"source_security_group_id":{"references":["aws_security_group.h.id","aws_security_group.h"]}}
aws_security_group.h | {"name":"other","description":"Other","revoke_rules_on_delete":false,"tags":null,"timeouts":null} | {"id":true,"arn":true,"egress":true,"ingress":true,"name_prefix":true,"owner_id":true,"tags_all":true,"vpc_id":true} | {"name":{"constant_value":"other"},"description":{"constant_value":"Other"}}
aws_vpc_security_group_ingress_rule.s | {"cidr_ipv4":"198.51.100.0/24","from_port":22,"to_port":22,"ip_protocol":"tcp","description":null,"cidr_ipv6":null,"tags":null} | {"id":true,"arn":true,"security_group_id":true,"security_group_rule_id":true,"tags_all":{}} | {"security_group_id":{"references":["aws_security_group.h.id","aws_security_group.h"]}}`},
		"role": {`
resource "aws_iam_role" "r" {
  name               = "shop"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
}
resource "aws_iam_role_policy" "i" {
  name   = "inline"
  role   = aws_iam_role.r.name
  policy = data.aws_iam_policy_document.p.json
}
data "aws_iam_policy_document" "p" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
}
resource "aws_iam_role_policy_attachment" "a" {
  role       = aws_iam_role.r.id
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
`, `aws_iam_role.r | {"name":"shop","path":"/","description":null,"force_detach_policies":false,"max_session_duration":3600,"permissions_boundary":null,"tags":null,"assume_role_policy":"{\"Statement\":[{\"Action\":\"sts:AssumeRole\",\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"ec2.amazonaws.com\"}}],\"Version\":\"2012-10-17\"}"} | {"arn":true,"create_date":true,"id":true,"inline_policy":true,"managed_policy_arns":true,"name_prefix":true,"tags_all":true,"unique_id":true} | {"name":{"constant_value":"shop"},"assume_role_policy":{}}
aws_iam_role_policy.i | {"name":"inline","role":"shop","policy":"{\"Statement\":[{\"Action\":\"s3:GetObject\",\"Effect\":\"Allow\",\"Resource\":\"*\"}],\"Version\":\"2012-10-17\"}"} | {"id":true,"name_prefix":true} | {"name":{"constant_value":"inline"},"role":{"references":["aws_iam_role.r.name","aws_iam_role.r"]},"policy":{"references":["data.aws_iam_policy_document.p.json","data.aws_iam_policy_document.p"]}}
aws_iam_role_policy_attachment.a | {"policy_arn":"arn:aws:iam::aws:policy/AdministratorAccess"} | {"id":true,"role":true} | {"role":{"references":["aws_iam_role.r.id","aws_iam_role.r"]},"policy_arn":{"constant_value":"arn:aws:iam::aws:policy/AdministratorAccess"}}`},
		"database": {`
resource "aws_db_instance" "d" {
  identifier        = "shop"
  engine            = "postgres"
  instance_class    = "db.t4g.micro"
  allocated_storage = 20
  storage_encrypted = true
  kms_key_id        = aws_kms_key.k.arn
  username          = "shop"
  manage_master_user_password = true
  skip_final_snapshot = true
}
resource "aws_kms_key" "k" {
  enable_key_rotation = true
}
`, `aws_db_instance.d | {"identifier":"shop","engine":"postgres","instance_class":"db.t4g.micro","allocated_storage":20,"allow_major_version_upgrade":null,"apply_immediately":false,"auto_minor_version_upgrade":true,"copy_tags_to_snapshot":false,"delete_automated_backups":true,"deletion_protection":null,"iam_database_authentication_enabled":null,"iops":null,"manage_master_user_password":true,"max_allocated_storage":null,"monitoring_interval":0,"performance_insights_enabled":false,"publicly_accessible":false,"skip_final_snapshot":true,"storage_encrypted":true,"username":"shop","dedicated_log_volume":false,"tags":null} | {"id":true,"arn":true,"address":true,"endpoint":true,"kms_key_id":true,"tags_all":true} | {"identifier":{"constant_value":"shop"},"kms_key_id":{"references":["aws_kms_key.k.arn","aws_kms_key.k"]}}
aws_kms_key.k | {"bypass_policy_lockout_safety_check":false,"custom_key_store_id":null,"customer_master_key_spec":"SYMMETRIC_DEFAULT","deletion_window_in_days":null,"enable_key_rotation":true,"is_enabled":true,"key_usage":"ENCRYPT_DECRYPT","tags":null} | {"arn":true,"id":true,"key_id":true,"description":true,"multi_region":true,"policy":true,"rotation_period_in_days":true,"tags_all":true} | {"enable_key_rotation":{"constant_value":true}}`},
	}
}

// TestEqual: the same state is the same resources as a folder and as a plan, and every expectation says the same of it.
func TestEqual(t *testing.T) {
	set, errs := expect.Load(os.DirFS(filepath.Join("..", "..", "..", "..", "content")), "expectations")
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	for name, s := range states() {
		t.Run(name, func(t *testing.T) {
			folder, plan := read(t, "provider \"aws\" {\n  region = \"eu-west-1\"\n}\n"+s[0], Options{}), planned(t, s[1])
			if diff := cmp.Diff(names(plan), names(folder)); diff != "" {
				t.Fatal(diff)
			}
			for i, p := range plan.Resources {
				f := folder.Resources[i]
				for k, v := range p.Properties { // elements that AWS may add
					if list, ok := v.([]any); ok && list[len(list)-1] == nil {
						p.Properties[k] = list[:len(list)-1]
					}
				}
				if diff := cmp.Diff(p.Properties, f.Properties); diff != "" {
					t.Errorf("%s: %s", p.Name, diff)
				}
				if diff := cmp.Diff(p.Related, f.Related, cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("%s: %s", p.Name, diff)
				}
				if p.Type != f.Type || p.ID != f.ID || p.Region != f.Region || cmp.Diff(p.Tags, f.Tags, cmpopts.EquateEmpty()) != "" {
					t.Errorf("%+v, want %+v", f, p)
				}
				got := verdicts(set, f)
				for id, want := range verdicts(set, p) {
					// A plan does not know what AWS gives to what nobody writes; a text does not ask.
					if got[id] != want && want != expect.Unknown {
						t.Errorf("%s: %s says %s, of the plan %s", p.Name, id, got[id], want)
					}
				}
			}
			if diff := cmp.Diff(plan.Links, folder.Links, cmpopts.SortSlices(func(a, b design.Link) bool { return a.From+a.Path+a.To < b.From+b.Path+b.To })); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func verdicts(set *expect.Set, d design.Declared) map[string]expect.Result {
	out := map[string]expect.Result{}
	for _, v := range set.Check(d.Resource, expect.Facts{Now: time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)}) {
		out[v.Expectation.ID] = v.Result
	}
	return out
}
