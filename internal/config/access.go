package config

import "time"

// Access is who may do what, for expectations and rules that ask about it.
type Access struct {
	From []string      `yaml:"from"` // files and folders that jobzero access collect has written; none: nobody reads it, and it is not known
	Look time.Duration `yaml:"look"` // how often it is looked whether they have changed
}
