// Package fault is the one vocabulary of errors.
//
// It is: a code that says what kind of thing went wrong, carried inside an ordinary error.
// It takes: a code and a sentence, or a cause to wrap.
// It gives: errors that the doors translate into exit codes and HTTP statuses in one table.
// Next door: every room; fault itself knows none of them.
package fault

import (
	"errors"
	"fmt"
)

// Code is the kind of an error; the zero value means Internal.
type Code string

// The codes. Doors map each to an exit code and an HTTP status.
const (
	Internal    Code = "internal"    // our own defect
	Invalid     Code = "invalid"     // the input is wrong; the text says what to do
	NotFound    Code = "not-found"   // the named thing does not exist
	Conflict    Code = "conflict"    // the world moved on since the caller looked
	Denied      Code = "denied"      // not allowed: by AWS, a guard or a brake
	Unavailable Code = "unavailable" // try again later: throttled, network, closed
)

// Error is an error with a code. Wrap it freely: CodeOf looks through the chain.
type Error struct {
	Code Code
	Text string
	Err  error // the cause, or nil
}

// Error gives the text and the cause.
func (e *Error) Error() string {
	if e.Err == nil {
		return e.Text
	}
	return e.Text + ": " + e.Err.Error()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// New makes an error of a code from a format.
func New(code Code, format string, args ...any) error {
	text := fmt.Sprintf(format, args...)
	return &Error{Code: code, Text: text}
}

// Wrap gives err a code and says what was being done; nil stays nil.
func Wrap(code Code, err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return &Error{Code: code, Text: fmt.Sprintf(format, args...), Err: err}
}

// CodeOf is the code of the outermost coded error in the chain, Internal when there is none.
func CodeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return Internal
}

// Is reports whether err carries the code.
func Is(err error, code Code) bool { return err != nil && CodeOf(err) == code }
