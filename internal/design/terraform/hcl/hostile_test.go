package hcl

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"jobzero/internal/design"
)

// chain is a local value made of the one before, and so on.
func chain(first, next string, n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "locals {\n  v0 = %s\n", first)
	for i := range n {
		fmt.Fprintf(&b, "  v%d = %s\n", i+1, strings.ReplaceAll(next, "$v", fmt.Sprintf("local.v%d", i)))
	}
	b.WriteString("}\nresource \"aws_sqs_queue\" \"q\" {\n  name = \"${local.v" + fmt.Sprint(n) + "}\"\n}\n")
	return b.String()
}

// TestHostile: whatever a text does, it ends soon, and says what is wrong where.
func TestHostile(t *testing.T) {
	deep := func(open, middle, shut string) string {
		return "locals {\n  a = " + strings.Repeat(open, 10_000) + middle + strings.Repeat(shut, 10_000) + "\n}\n"
	}
	for name, c := range map[string]struct{ text, want string }{
		"brackets":           {deep("[", "1", "]"), "nested deeper"},
		"parentheses":        {deep("(", "1", ")"), "nested deeper"},
		"templates":          {deep(`"${`, "1", `}"`), "nested deeper"},
		"blocks":             {strings.Repeat("a {\n", 10_000), "nested deeper"},
		"not":                {deep("!", "true", ""), "more than"},
		"minus":              {deep("-", "1", ""), "more than"},
		"sum":                {deep("1 + ", "1", ""), "more than"},
		"sum over lines":     {deep("", "(1 "+strings.Repeat("+\n1 ", 100_000)+")", ""), "more than"},
		"choices":            {deep("true ? 1 : ", "1", ""), "more than"},
		"indexes":            {"locals {\n  a = local.b" + strings.Repeat("[local.c]", 50_000) + "\n}\n", "more than"},
		"controls":           {"locals {\n  a = \"" + strings.Repeat("%{ if true }", 10_000) + "\"\n}\n", "more than"},
		"number":             {"locals {\n  a = \"${1e999999999}\"\n}\n", "too large"},
		"json":               {"== a.tf.json\n{\"locals\":{\"a\":" + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + "}}", "max depth"},
		"json template":      {"== a.tf.json\n{\"locals\":{\"a\":\"" + strings.Repeat("${", 10_000) + "\"}}", "nested deeper"},
		"laughs":             {chain(`"ha"`, `"${$v}${$v}${$v}${$v}${$v}${$v}${$v}${$v}${$v}${$v}"`, 30), "too large"},
		"laughing lists":     {chain(`["ha"]`, `[$v, $v, $v, $v, $v, $v, $v, $v, $v, $v]`, 30), "too large"},
		"growing lists":      {chain(`["ha"]`, `concat($v, $v)`, 60), "too large"},
		"growing numbers":    {chain(`10`, `$v * $v`, 60), "too large"},
		"products":           {chain(`range(1000)`, `setproduct($v, $v, $v)`, 3), "too large"},
		"long chain":         {chain(`1`, `$v`, 5000), "more than 500"},
		"cycle":              {"locals {\n  a = local.b\n  b = local.a\n}\nresource \"aws_sqs_queue\" \"q\" {\n  name = local.a\n}\n", "is made of itself"},
		"cycle of resources": {"resource \"aws_sqs_queue\" \"a\" {\n  name = aws_sqs_queue.b.name\n}\nresource \"aws_sqs_queue\" \"b\" {\n  name = aws_sqs_queue.a.name\n}\n", "is made of itself"},
		"count of itself":    {"resource \"aws_sqs_queue\" \"a\" {\n  count = length(aws_sqs_queue.a)\n}\n", "is repeated for itself"},
		"cycle of documents": {"data \"aws_iam_policy_document\" \"a\" {\n  source_policy_documents = [data.aws_iam_policy_document.a.json]\n}\nresource \"aws_iam_policy\" \"p\" {\n  policy = data.aws_iam_policy_document.a.json\n}\n", "is made of itself"},
		"count":              {"resource \"aws_sqs_queue\" \"q\" {\n  count = 1000000000\n}\n", "want from 0 to 20000"},
		"for_each":           {"resource \"aws_sqs_queue\" \"q\" {\n  for_each = toset([for x in setproduct(range(200), range(200)) : join(\"-\", x)])\n}\n", "too large"},
		"loops":              {"locals {\n  r = range(1000)\n  a = [for a in local.r : [for b in local.r : [for c in local.r : [for d in local.r : a]]]]\n}\nresource \"aws_sqs_queue\" \"q\" {\n  name = local.a\n}\n", "more than can be read"},
		"width":              {"resource \"aws_sqs_queue\" \"q\" {\n  name = format(\"%1000000000d\", 1)\n}\n", "too large"},
		"replace":            {chain(`"aaaaaaaaaa"`, `replace($v, "a", $v)`, 9), "too large"},
		"module in itself":   {"module \"m\" {\n  source = \"./\"\n}\n", "uses itself"},
		"modules in a ring":  {"== main.tf\nmodule \"m\" {\n  source = \"./a\"\n}\n== a/a.tf\nmodule \"m\" {\n  source = \"../b\"\n}\n== b/b.tf\nmodule \"m\" {\n  source = \"../a\"\n}\n", "uses itself"},
		"modules, many":      {"== main.tf\nmodule \"m\" {\n  source = \"./a\"\n  count = 1000\n}\n== a/a.tf\nmodule \"m\" {\n  source = \"../b\"\n  count = 1000\n}\n== b/b.tf\nresource \"aws_sqs_queue\" \"q\" {}\n", "are used"},
		"a text of symbols":  {"locals {\n  a = \"\U000F0000\"\n}\n", "U+F0000"},
		"broken":             {"resource \"aws_sqs_queue\" \"q\" {\n  name =\n}\n", "main.tf:2"},
		"twice":              {"resource \"aws_sqs_queue\" \"q\" {}\nresource \"aws_sqs_queue\" \"q\" {}\n", "written twice"},
		"wrong type":         {"variable \"a\" {\n  type = number\n  default = \"x\"\n}\nresource \"aws_sqs_queue\" \"q\" {\n  delay_seconds = var.a\n}\n", "does not have the type"},
		"no such function":   {"resource \"aws_sqs_queue\" \"q\" {\n  name = nofunction(1)\n}\n", "main.tf:2"},
		"no such name":       {"resource \"aws_sqs_queue\" \"q\" {\n  name = local.nothing\n}\n", "local.nothing stands nowhere"},
		"outside":            {"== main.tf\nresource \"aws_sqs_queue\" \"q\" {\n  name = file(\"../../etc/passwd\")\n  count = \"x\"\n}\n", "count wants a number"},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			doc, err := Read(folder(c.text), ".", Options{})
			said := problems(doc)
			if err != nil {
				said += err.Error()
			}
			if !strings.Contains(said, c.want) {
				t.Errorf("%.300q, want %s", said, c.want)
			}
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
}

// TestBroken: one broken file is an error with its place, and the others count.
func TestBroken(t *testing.T) {
	doc, err := Read(folder("== a.tf\nresource \"x\" {\n== b.tf\nresource \"aws_sqs_queue\" \"q\" {\n  name = local.elsewhere\n}\n"), ".", Options{})
	if err == nil || !strings.HasPrefix(err.Error(), "a.tf:1:") {
		t.Error(err)
	}
	if got := unknowns(find(t, doc, "aws_sqs_queue.q")); got != "properties.QueueName" || len(doc.Problems) != 0 {
		t.Errorf("%s %s", got, problems(doc))
	}
	if _, err := ReadFile(folder("== a.tf\n}"), "a.tf", Options{}); err == nil || !strings.HasPrefix(err.Error(), "a.tf:1:1") {
		t.Error(err)
	}
	if _, err := Read(folder("== a.tf\n"), "nothing", Options{}); err == nil || !strings.HasPrefix(err.Error(), "nothing:") {
		t.Error(err)
	}
	_ = design.Document{}
}

// FuzzRead: whatever the text, there is a document or an error with the file's name, and what is unknown has a path and a cause.
func FuzzRead(f *testing.F) {
	f.Add([]byte("resource \"aws_sqs_queue\" \"q\" {\n  name = \"a-${aws_sqs_queue.b.arn}\"\n count = 2\n}\n"), false)
	f.Add([]byte("locals {\n a = [for x in [1,2] : x if x > 1]\n b = {for k, v in {a = 1} : k => v}\n}\nresource \"aws_security_group\" \"g\" {\n dynamic \"ingress\" {\n for_each = local.a\n content {\n from_port = ingress.value\n}\n}\n description = jsonencode(local.b)\n}\n"), false)
	f.Add([]byte("data \"aws_iam_policy_document\" \"d\" {\n statement {\n actions = [\"s3:*\"]\n principals {\n type = \"AWS\"\n identifiers = var.x\n}\n}\n}\nvariable \"x\" { type = list(string) }\nresource \"aws_iam_policy\" \"p\" {\n policy = data.aws_iam_policy_document.d.json\n}\n"), false)
	f.Add([]byte(`{"resource":{"aws_sqs_queue":{"q":{"name":"${upper("x")}","tags":{"a":"${var.x}"}}}},"variable":{"x":{}}}`), true)
	f.Fuzz(func(t *testing.T, data []byte, json bool) {
		name := "main.tf"
		if json {
			name = "main.tf.json"
		}
		doc, err := Read(folder("== "+name+"\n"+string(data)), ".", Options{})
		if err != nil && !strings.HasPrefix(err.Error(), "main.tf") && !strings.HasPrefix(err.Error(), "terraform.tfvars") {
			t.Fatalf("an error without a place: %v", err)
		}
		for _, r := range doc.Resources {
			for _, u := range r.Unknown {
				top, _, _ := strings.Cut(strings.ReplaceAll(u.Path, "[", "."), ".")
				if u.Cause == "" || top != "properties" && top != "related" && top != "tags" {
					t.Fatalf("%s: %+v", r.Name, u)
				}
				r.Where(u.Path)
			}
		}
		if c := doc.Coverage; c.Resources > c.OfResources || c.Values > c.OfValues {
			t.Fatal(c)
		}
	})
}
