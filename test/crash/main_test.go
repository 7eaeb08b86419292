// Package crash kills what jobzero is made of, at random moments and with work under way, and sees that nothing is lost.
//
// It is: the engine, the store, triage and the director in processes of their own, with actions that call a witness outside.
// It takes: how many runs and kills there are, in JOBZERO_CRASH_RUNS and JOBZERO_CRASHES, and a seed, in JOBZERO_CRASH_SEED.
// It gives: a judgement on every run, every effect, every call that the witness saw, and every ticket's chain.
// Next door: story kills the whole program over an emulator of AWS; this kills more often, over more kinds of playbooks.
package crash

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"testing"

	"jobzero/internal/testpg"
)

const childEnv = "JOBZERO_CRASH_CHILD"

// child says what a child process is to be.
type child struct {
	Node     *node    // a NATS server
	Database string   // of a worker
	Dir      string   // of its embedded bus
	Bus      []string // addresses; empty: embedded
	Witness  string   // its address
	Silent   bool     // nobody is told of anything
}

func TestMain(m *testing.M) {
	text := os.Getenv(childEnv)
	if text == "" {
		testpg.Main(m)
	}
	var c child
	err := json.Unmarshal([]byte(text), &c)
	switch {
	case err != nil:
	case c.Node != nil:
		err = c.Node.serve()
	default:
		err = c.work()
	}
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// number is a setting of the environment.
func number(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil && n > 0 {
		return n
	}
	return otherwise
}
