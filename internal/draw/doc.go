// Package draw is pictures as SVG.
//
// It is: a sheet with boxes, lines and words, which browsers show by day and by night; no script, nothing from elsewhere.
// It takes: places in pixels, texts as they are, and tones: what a thing is to whoever looks.
// It gives: an SVG document that is well-formed whatever the texts hold.
// Next door: access/reach draws who gets where; playbook/chart draws steps.
package draw
