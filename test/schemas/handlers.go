package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

const handlersTarget = "internal/resource/schema/handlers.txt.gz"

// provider is what is taken of a CloudFormation resource provider schema. The permissions of a handler are those that whoever
// calls it through Cloud Control has to have.
type provider struct {
	Type      string   `json:"typeName"`
	WriteOnly []string `json:"writeOnlyProperties"`
	Handlers  map[string]struct {
		Permissions []string `json:"permissions"`
		Schema      struct {
			Required []string `json:"required"`
			OneOf    []struct {
				Required []string `json:"required"`
			} `json:"oneOf"`
		} `json:"handlerSchema"`
	} `json:"handlers"`
}

// reads are actions that only read. dataReads are those of them that give what people keep rather than how it is set up, or a
// secret: a reader of settings must never have them, and handlers ask for them because they were written for deployments.
var (
	reads     = regexp.MustCompile(`^[a-z0-9-]+:(?i)(BatchDescribe|BatchGet|Describe|Get|List)[a-z0-9]*$`)
	dataReads = regexp.MustCompile(`(?i)^(secretsmanager:GetSecretValue|secretsmanager:GetRandomPassword|ssm:GetParameters?(ByPath|History)?|s3:GetObject.*|` +
		`ecr:GetAuthorizationToken|sts:Get(Federation|Session|WebIdentity|ServiceBearer).*|redshift:GetClusterCredentials.*|rds:Download.*|logs:GetLogEvents|dynamodb:(Batch)?GetItem|` +
		`kinesis:GetRecords|sqs:ReceiveMessage|lambda:GetLayerVersion|codecommit:GetFile|ec2:GetPasswordData|lightsail:GetRelationalDatabaseMasterUserPassword|redshift-serverless:GetCredentials)$`)
)

// handlers writes the table of what the schemas of a folder say of reading: see internal/resource/schema/handlers.go.
func handlers(folder string) error {
	paths, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		return err
	}
	blocks := map[string]string{}
	for _, p := range paths {
		raw, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		var s provider
		if err := json.Unmarshal(raw, &s); err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
		if strings.HasPrefix(s.Type, "AWS::") {
			blocks[s.Type] = lines(s)
		}
	}
	if len(blocks) == 0 {
		return fmt.Errorf("%s: no CloudFormation resource schemas, which are files named *.json with a typeName", folder)
	}
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return err
	}
	fmt.Fprintf(z, "# CloudFormation resource schemas. Made by go run ./test/schemas -handlers FOLDER; do not edit.\n")
	for _, name := range slices.Sorted(maps.Keys(blocks)) {
		fmt.Fprint(z, blocks[name])
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(handlersTarget, out.Bytes(), 0o644)
}

func lines(s provider) string {
	var b strings.Builder
	fmt.Fprintf(&b, "T %s\n", s.Type)
	for _, w := range unique(s.WriteOnly) {
		fmt.Fprintf(&b, "w %s\n", strings.ReplaceAll(strings.TrimPrefix(w, "/properties/"), "/", "."))
	}
	for _, h := range []struct{ sign, name string }{{"r", "read"}, {"l", "list"}} {
		if handler, ok := s.Handlers[h.name]; ok {
			needs := slices.DeleteFunc(unique(handler.Permissions), func(a string) bool { return !reads.MatchString(a) || dataReads.MatchString(a) })
			fmt.Fprintln(&b, strings.TrimSpace(h.sign+" "+strings.Join(needs, " ")))
		}
	}
	list := s.Handlers["list"].Schema
	of := list.Required
	if len(of) == 0 && len(list.OneOf) > 0 {
		of = list.OneOf[0].Required
	}
	if len(of) > 0 {
		fmt.Fprintf(&b, "o %s\n", strings.Join(of, " "))
	}
	return b.String()
}

func unique(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}
