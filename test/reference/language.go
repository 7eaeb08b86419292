package main

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"jobzero/internal/playbook/book"
)

// titles are the headings of the structs of the language; the whole is the first.
var titles = map[string]string{
	"Definition": "The playbook", "Trigger": "when", "Guard": "guards", "Step": "steps", "Branch": "decide and parallel", "On": "on", "Wait": "wait",
	"Approval": "approval and approve", "Manual": "manual", "Notify": "notify", "Webhook": "webhook", "Lambda": "lambda", "Document": "document", "Retry": "retry",
}

// language is the page of the language of playbooks, made from its source.
func language() (string, error) {
	all, err := book.Language()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("# The language of playbooks\n\nA playbook is one YAML document. Here is every key, with what the program itself says of it; [the how-to](../how-to/write-a-playbook.md) " +
		"leads through writing one, and [the JSON schema](playbook.schema.json) is for editors. A duration is written as 30s, 10m or 4h. An expression is CEL.\n")
	for _, t := range all {
		title := titles[t.Name]
		if title == "" {
			return "", fmt.Errorf("the page of the language has no title for %s", t.Name)
		}
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| key | value | |\n| --- | --- | --- |\n", title, t.Doc)
		for _, f := range t.Fields {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", f.Key, value(f.Type), cell(f.Doc))
		}
	}
	b.WriteString("\n## What conditions may ask\n\nWhat is not known makes a condition unknown, which is never true: a guard does not hold then, and a step whose `if` is unknown fails. " +
		"Besides the functions of CEL there are those of [expectations](../how-to/expectations.md) that ask who may do what.\n\n| word | |\n| --- | --- |\n")
	for _, w := range book.Words() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", w.Name, cell(w.Text))
	}
	b.WriteString("\n## What a gather step reads\n\nWhat it gave is in `steps.ID.output.WORD`; what could not be read is null there.\n\n| word | |\n| --- | --- |\n")
	for _, w := range book.GathererWords() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", w.Name, cell(w.Text))
	}
	return b.String(), nil
}

// value is the form of a value in words.
func value(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == reflect.TypeFor[time.Duration]() {
		return "duration"
	}
	switch t.Kind() {
	case reflect.Slice:
		return "list of " + strings.TrimPrefix(value(t.Elem()), "a ")
	case reflect.Map:
		return "name to text"
	case reflect.Struct:
		return "[" + titles[t.Name()] + "](#" + strings.ReplaceAll(strings.ToLower(titles[t.Name()]), " ", "-") + ")"
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "number"
	default:
		return "text"
	}
}
