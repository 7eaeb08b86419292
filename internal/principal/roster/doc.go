// Package roster is a file of everybody who works somewhere, as departments of personnel hand it out.
//
// It is: tables with a line of headings (CSV, however its cells are parted and its letters are written) and JSON, an object a line.
// It takes: the bytes of a file, and whom is known already.
// It gives: people with the lines they stand in, errors with file and line, and what an import would change.
// Next door: principal/person is who comes out; cli reads files and has the store keep what changes.
package roster
