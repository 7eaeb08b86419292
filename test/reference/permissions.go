package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"jobzero/internal/action"
	"jobzero/internal/action/builtin"
	"jobzero/internal/role"
)

func permissions() string {
	var all []action.Info
	for _, a := range builtin.All(builtin.Options{}) {
		all = append(all, a.Info())
	}
	o := role.Options{
		Partition: "aws", Account: "*", Actions: all, Planned: all, CloudControl: true,
		Roles:  map[role.Name]string{role.Reader: "jobzero-reader", role.Responder: "jobzero-responder", role.Organization: "jobzero-organization", role.Hub: "jobzero-hub"},
		Queues: []string{"arn:aws:sqs:*:*:jobzero-*"}, Objects: []string{"arn:aws:s3:::*/AWSLogs/*"}, Checkpoint: role.Checkpoint{Bucket: "arn:aws:s3:::jobzero-checkpoints-*"},
	}
	var b strings.Builder
	b.WriteString("# Permissions\n\nWhat `jobzero permissions` writes without settings, as policies that fit a managed policy each (6,144 characters).\n")
	for _, n := range role.Names() {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n", n, of[n])
		docs, err := role.Documents(role.Grants(n, o))
		if err != nil {
			panic(err) // the program's own lists
		}
		for _, d := range docs {
			fmt.Fprintf(&b, "\n```json\n%s\n```\n", indented(d))
		}
	}
	d, err := role.Protect(o)
	if err != nil {
		panic(err)
	}
	fmt.Fprintf(&b, "\n## protect\n\nThe service control policy that `jobzero permissions --protect` writes.\n\n```json\n%s\n```\n", indented(d))
	return b.String()
}

var of = map[role.Name]string{
	role.Reader: "For every account. The first policy is for what jobzero reads itself; the others are for the types that AWS Cloud Control reads (`sweep.cloud_control`). " +
		"None of the actions writes, and none reads what people keep: no objects, parameters or secrets.",
	role.Responder:    "Only for accounts where something is enforced. Each session is narrowed further, to the planned calls on the planned resources.",
	role.Organization: "Only where the organisation or Identity Center is administered, and something of it is enforced. Sessions are narrowed in the same way.",
	role.Hub:          "What the program itself runs as.",
}

func indented(d role.Document) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(d); err != nil {
		panic(err)
	}
	return strings.TrimSpace(b.String())
}
