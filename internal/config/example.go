package config

import _ "embed"

//go:embed example.yaml
var example string

// Example is a file of settings with every key, its default and what it means. Lines that begin with "#" and a key switch
// something on when the "#" is removed; as it stands the file means the same as no file at all.
func Example() string { return example }
