package schema

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"strings"
	"sync"

	"jobzero/internal/resource"
)

// The table's lines:
//
//	T TYPE           begins a type
//	w PATH           a property that is written and never read again, with * for the elements of a list
//	r ACTION …       it can be read through Cloud Control, by who has the actions; only those that read are there
//	l ACTION …       the same of listing
//	o PROPERTY …     listing takes a model with these properties
//
// go run ./test/schemas -handlers FOLDER makes it from the published resource schemas, such as those in the folder
// aws-cloudformation-schema of pulumi/pulumi-aws-native (Apache-2.0) at commit 43eed3b.

//go:embed handlers.txt.gz
var packedHandlers []byte

var handlers = sync.OnceValue(func() string {
	z, err := gzip.NewReader(bytes.NewReader(packedHandlers))
	if err != nil {
		panic(fmt.Errorf("the table of handlers: %w", err)) // it is part of the program, and a test reads all of it
	}
	text, err := io.ReadAll(z)
	if err != nil {
		panic(fmt.Errorf("the table of handlers: %w", err))
	}
	return string(text)
})

// Handlers is what reading a type through AWS Cloud Control takes.
type Handlers struct {
	CanRead, CanList bool
	Read, List       []string // IAM actions that read, which the caller needs besides Cloud Control's own
	Of               []string // properties without which there is no list, such as RestApiId of a stage
	WriteOnly        []string // paths of properties that AWS takes and never gives back: Code.ZipFile, Rules.*.Secret
}

// HandlersOf gives what is known of reading a type; all of it is zero for a type that CloudFormation does not have.
func HandlersOf(t resource.Type) Handlers {
	var h Handlers
	_, block, ok := strings.Cut(handlers(), "\nT "+string(t)+"\n")
	if !ok {
		return h
	}
	for line := range strings.Lines(block) {
		f := strings.Fields(line)
		switch f[0] {
		case "w":
			h.WriteOnly = append(h.WriteOnly, f[1])
		case "r":
			h.CanRead, h.Read = true, f[1:]
		case "l":
			h.CanList, h.List = true, f[1:]
		case "o":
			h.Of = f[1:]
		default:
			return h
		}
	}
	return h
}

// WriteOnly gives the paths of the properties that AWS takes and never gives back: a read that lacks them says nothing of them.
func WriteOnly(t resource.Type) []string { return HandlersOf(t).WriteOnly }
