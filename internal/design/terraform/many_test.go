package terraform

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// manyPlan has buckets, each with what a fold says of it; the text of half of the folds does not say whose they are.
func manyPlan(n int) []byte {
	var changes, text []string
	for i := range n {
		address := fmt.Sprintf("aws_s3_bucket.b%d", i)
		changes = append(changes,
			made(address, `{"bucket":null,"acl":"private","tags":{"Owner":"shop"},"tags_all":{"Owner":"shop","Stage":"prod"},"force_destroy":false,"server_side_encryption_configuration":[{"rule":[{"apply_server_side_encryption_by_default":[{"sse_algorithm":"aws:kms"}]}]}]}`,
				`{"bucket":true,"id":true,"arn":true,"versioning":true,"logging":true,"website":true}`),
			made(fmt.Sprintf("aws_s3_bucket_versioning.b%d", i), `{"versioning_configuration":[{"status":"Enabled"}]}`, `{"bucket":true,"id":true}`))
		ref := refs(address+".id", address)
		if i%2 == 1 {
			ref = refs("local.name")
		}
		text = append(text, said(address, ``), said(fmt.Sprintf("aws_s3_bucket_versioning.b%d", i), `"bucket":`+ref))
	}
	return []byte(planText(root(text...), changes...))
}

// TestMany: a large plan takes seconds, and a larger one is refused.
func TestMany(t *testing.T) {
	const many = 2000
	start := time.Now()
	doc, err := Read("plan.json", manyPlan(many))
	if err != nil || len(doc.Resources) != many {
		t.Fatal(err, len(doc.Resources))
	}
	took := time.Since(start)
	t.Logf("%d changes in %s: %s", 2*many, took, doc.Coverage)
	if took > time.Minute {
		t.Errorf("it took %s", took)
	}
	small := made("aws_vpc.v", `{}`, `{}`)
	if _, err := Read("plan.json", []byte(planText("", slices.Repeat([]string{small}, MaxChanges+1)...))); err == nil || !strings.Contains(err.Error(), "split the workspace") {
		t.Errorf("a larger one: %v", err)
	}
}

// TestCircle: modules that give one another what they get are followed to an end.
func TestCircle(t *testing.T) {
	inner := `{"outputs":{"o":{"expression":` + refs("var.a", "var.a", "module.inner.o") + `}},"module_calls":{"inner":{"expressions":{},"module":{"outputs":{"o":{"expression":` + refs("var.a") + `}}}}}}`
	var twice []string
	for range 40 {
		twice = append(twice, "module.m.o")
	}
	text := `{"module_calls":{"m":{"expressions":{"a":` + refs(append(twice, "module.m.x")...) + `},"module":` + inner + `}},"resources":[` +
		said("aws_s3_bucket.b", ``) + `,` + said("aws_s3_bucket_versioning.v", `"bucket":`+refs("module.m.o")) + `]}`
	doc := read(t, planText(text, made("aws_s3_bucket.b", `{"bucket":"b"}`, `{}`),
		made("aws_s3_bucket_versioning.v", `{"versioning_configuration":[{"status":"Enabled"}]}`, `{"bucket":true}`)))
	if got := unknowns(find(t, doc, "aws_s3_bucket.b")); got != "properties.VersioningConfiguration" {
		t.Errorf("unknown: %s", got)
	}
}

func BenchmarkRead(b *testing.B) {
	data := manyPlan(500)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := Read("plan.json", data); err != nil {
			b.Fatal(err)
		}
	}
}
