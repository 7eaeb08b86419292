package hcl

import (
	"github.com/zclconf/go-cty/cty"
)

// looked is an attribute of a data source that is known without looking anything up.
func (in *instance) looked(name string) (cty.Value, bool) {
	home := in.setup(in.b)
	text := func(s string) (cty.Value, bool) {
		if s == "" {
			return cty.NilVal, false
		}
		return cty.StringVal(s), true
	}
	switch in.b.labels[0] {
	case "aws_iam_policy_document":
		switch name {
		case "json", "minified_json":
			return in.policy(), true
		}
	case "aws_caller_identity":
		if name == "account_id" || name == "id" {
			return text(home.account)
		}
	case "aws_region":
		switch name {
		case "name", "id", "region":
			return text(home.region)
		}
	case "aws_partition":
		partition := in.l.o.partition(home.region)
		suffix := map[string]string{"aws": "amazonaws.com", "aws-us-gov": "amazonaws.com", "aws-cn": "amazonaws.com.cn"}[partition]
		switch name {
		case "partition", "id":
			return text(partition)
		case "dns_suffix":
			return text(suffix)
		case "reverse_dns_prefix":
			return text(map[string]string{"amazonaws.com": "com.amazonaws", "amazonaws.com.cn": "cn.com.amazonaws"}[suffix])
		}
	}
	return cty.NilVal, false
}
