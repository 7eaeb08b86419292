package design

import "fmt"

// Coverage is how much of a text was understood. What is not is never passed over: see Skipped, Problems and Unknown.
type Coverage struct {
	Resources, OfResources int // read, of those that the text asks for
	Values, OfValues       int // texts, numbers and booleans that were put where they belong, of those that the resources read have
	Unknown                int // values that only deployment will tell, beyond those
}

// String is the coverage for a person, such as 41 of 43 resources, 96 % of values.
func (c Coverage) String() string {
	percent := 100
	if c.OfValues > 0 {
		percent = 100 * c.Values / c.OfValues
	}
	return fmt.Sprintf("%d of %d resources, %d %% of values, %d unknown", c.Resources, c.OfResources, percent, c.Unknown)
}
