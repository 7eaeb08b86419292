package app

import (
	"flag"
	"testing"

	"go.uber.org/goleak"
)

// TestMain draws less with the race detector, which shows races and makes all else slow: `make memory` draws as much as elsewhere.
func TestMain(m *testing.M) {
	if raceDetector {
		if err := flag.Set("rapid.checks", "15"); err != nil {
			panic(err)
		}
	}
	goleak.VerifyTestMain(m)
}
