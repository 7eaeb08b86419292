package org

import "jobzero/internal/doc"

// glob reports whether s matches: a star stands for any text, also an empty one, and a question mark for one character.
// It goes back to the last star only, so that it takes at most len(pattern)*len(s) steps.
func glob(pattern, s string) bool {
	p, i, star, mark := 0, 0, -1, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == s[i]):
			p++
			i++
		case star >= 0:
			mark++
			p, i = star+1, mark
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

// nearest is the known word that was most likely meant, or nothing when none is near.
func nearest(word string, known []string) string {
	best, least := "", 1+len(word)/3
	if least > 3 {
		least = 3
	}
	for _, k := range known {
		if d := doc.Distance(word, k); d <= least && d < len(word) {
			if d < least || best == "" {
				best, least = k, d
			}
		}
	}
	return best
}
