// Package config is the settings of the whole house.
//
// It is: one struct that composes what each room can be told, and the one way to fill it.
// It takes: a YAML file, the environment (JOBZERO_*) and what the command line says, the later before the earlier.
// It gives: settings that are complete and checked, or all that is wrong with them, with file, line and key.
// Next door: cli loads it, app builds the house from it.
package config
