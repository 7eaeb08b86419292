// Package chart is a playbook as a picture.
//
// It is: the steps and the ways between them, with how far a run is where one is given.
// It takes: the tree of a definition, and the states of the steps.
// It gives: a graph for programs, SVG for people and DOT for Graphviz.
// Next door: book has the tree; draw draws.
package chart
