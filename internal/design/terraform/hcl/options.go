package hcl

import "strings"

// Options are what is known besides the texts. The zero value knows nothing, and leaves unknown what needs it.
type Options struct {
	// Variables are values by name: a text for a variable that takes one, otherwise an expression such as [1, 2].
	Variables map[string]string
	Account   string // twelve digits
	Region    string // such as eu-central-1
	Partition string // aws, aws-cn, aws-us-gov; follows from the region when it is empty
	Workspace string // of terraform.workspace
	// Assume says how conditions go that nothing else decides, by their names in design.Document.Open, to see one way of them.
	Assume map[string]bool
}

// partition of a region; empty when it is not known.
func (o Options) partition(region string) string {
	switch {
	case o.Partition != "" || region == "":
		return o.Partition
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	case strings.Contains(region, "iso"), strings.HasPrefix(region, "eusc-"):
		return ""
	}
	return "aws"
}

// The limits of one folder and all that it uses. A text may be hostile: each of them ends in a problem or an error, with a place.
const (
	maxFile   = 4 << 20  // bytes of one file
	maxAll    = 64 << 20 // bytes of all files
	maxFiles  = 5000
	maxNest   = 100     // brackets and templates within one another
	maxChain  = 1000    // operators and steps of one expression
	maxDepth  = 500     // values that refer to one another
	maxSize   = 200_000 // parts of one value
	maxWide   = 8192    // elements of one list or map: the library compares the types of all with one another
	maxText   = 4 << 20 // bytes of one text
	maxSteps  = 1_000_000
	maxBytes  = 512 << 20 // of all texts that are put together
	maxScopes = 2000      // uses of modules
	maxCalls  = 20        // modules within one another
	maxMake   = 20_000    // resources
	maxNotes  = 2000      // problems
	maxSymbol = 500_000

	maxSearched = 2000
)
