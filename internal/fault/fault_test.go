package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"jobzero/internal/fault"
)

func TestCodesSurviveWrapping(t *testing.T) {
	cause := errors.New("no route to host")
	err := fmt.Errorf("sweep: %w", fault.Wrap(fault.Unavailable, cause, "read %s", "orders"))
	if !fault.Is(err, fault.Unavailable) || !errors.Is(err, cause) {
		t.Errorf("code %s, cause kept: %v", fault.CodeOf(err), errors.Is(err, cause))
	}
	if got := err.Error(); got != "sweep: read orders: no route to host" {
		t.Errorf("text: %s", got)
	}
	outer := fault.Wrap(fault.Invalid, err, "settings")
	if fault.CodeOf(outer) != fault.Invalid {
		t.Error("the outermost code counts")
	}
}

func TestWhatHasNoCodeIsInternal(t *testing.T) {
	if got := fault.CodeOf(errors.New("x")); got != fault.Internal {
		t.Errorf("got %s", got)
	}
	if fault.Is(nil, fault.Internal) || fault.Wrap(fault.Invalid, nil, "x") != nil {
		t.Error("nil is no error")
	}
}
