// Package files is an estate as files: those that jobzero access collect writes, and others of the same forms.
//
// It is: the finding of such files and the opening of them, and a mark of what they are now.
// It takes: paths of files and folders.
// It gives: what estate.ReadFiles reads; a file in another form is left to whoever can read it.
// Next door: estate reads; the command line and the running house ask.
package files
