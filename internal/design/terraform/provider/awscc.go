package provider

import (
	"strings"
	"sync"

	"jobzero/internal/resource"
	"jobzero/internal/resource/schema"
)

// twins are the types of the provider awscc, which is made from CloudFormation's schemas: AWS::S3::Bucket is awscc_s3_bucket.
var twins = sync.OnceValue(func() map[string]resource.Type {
	out := map[string]resource.Type{}
	for _, name := range schema.Names() {
		p := strings.Split(string(name), "::")
		if len(p) == 3 {
			out[strings.ToLower(p[1])+"_"+strings.ToLower(p[2])] = name
		}
	}
	return out
})

// twin finds the type of an awscc name.
func twin(tf string) (resource.Type, bool) {
	service, rest, ok := strings.Cut(strings.TrimPrefix(tf, "awscc_"), "_")
	if !ok {
		return "", false
	}
	name, ok := twins()[service+"_"+strings.ReplaceAll(rest, "_", "")]
	return name, ok
}

// generic is an entry without rules: every name is CloudFormation's own in another spelling. What nobody writes is not there,
// as in a template: the provider calls it known after apply because AWS may choose it.
func generic(tf string, cfn resource.Type, values map[string]any) *entry {
	e := &entry{tf: tf, cfn: cfn, ignored: map[string]bool{"id": true}, unset: map[string]bool{}, apart: map[string]bool{}, rules: map[string][]rule{}}
	typ, ok := schema.Of(cfn)
	if !ok {
		return e
	}
	_, rest, _ := strings.Cut(strings.TrimPrefix(tf, "awscc_"), "_")
	for name := range values {
		e.unset[name] = true
		if m, ok := typ.Folded(name); ok {
			e.ignored[name] = !settable(&typ.Shape, m)
			continue
		}
		// A name that Terraform keeps for itself has the resource's name before it.
		if m, ok := typ.Folded(strings.TrimPrefix(name, rest+"_")); ok {
			if settable(&typ.Shape, m) {
				e.rules[name] = []rule{{target: []string{m.Name}, do: (*mapping).as}}
			} else {
				e.ignored[name] = true
			}
		}
	}
	return e
}
