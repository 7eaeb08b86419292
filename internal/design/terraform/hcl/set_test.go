package hcl_test

import (
	"bytes"
	"strings"
	"testing"

	"jobzero/internal/design/terraform/hcl"
)

const block = `# the shop
resource "aws_s3_bucket_public_access_block" "shop" {
  bucket              = aws_s3_bucket.shop.id
  block_public_acls   = false # for now
  block_public_policy = var.open
  note                = "as it is"
  versioning {
    enabled = false
  }
}
`

func TestSet(t *testing.T) {
	for line, c := range map[int]struct {
		value any
		want  string // a line of the text, or a part of the error
	}{
		4: {true, "  block_public_acls   = true # for now\n"},
		8: {true, "    enabled = true\n"},
		6: {"a ${b}", "  note                = \"a $${b}\"\n"},
		5: {true, "is made by an expression"},
		3: {"x", "is made by an expression"},
		1: {true, "no argument is written here"},
		2: {true, "no argument is written here"},
	} {
		out, err := hcl.Set("main.tf", []byte(block), line, c.value)
		if err != nil {
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("line %d: %v", line, err)
			}
			continue
		}
		if !strings.Contains(string(out), c.want) || strings.Count(string(out), "\n") != strings.Count(block, "\n") {
			t.Errorf("line %d:\n%s", line, out)
		}
	}
	if _, err := hcl.Set("main.tf", []byte(block), 4, []any{"x"}); err == nil {
		t.Error("a list was written")
	}
}

// FuzzSet: whatever the text, nothing but one value changes, and what comes out can be read again.
func FuzzSet(f *testing.F) {
	f.Add([]byte(block), 4)
	f.Add([]byte("a = 1"), 1)
	f.Add([]byte("a {\n b = \"x\" \n}"), 2)
	f.Fuzz(func(t *testing.T, text []byte, line int) {
		out, err := hcl.Set("main.tf", text, line, true)
		if err != nil {
			return
		}
		if again, err := hcl.Set("main.tf", out, line, true); err != nil || !bytes.Equal(again, out) {
			t.Errorf("%q became %q, and then %q, %v", text, out, again, err)
		}
	})
}
