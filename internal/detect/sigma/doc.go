// Package sigma reads Sigma detection rules (specification 2.1.0) and judges events by them.
//
// It is: a parser from YAML to a small tree, and an evaluator that walks the tree over an event's fields.
// It takes: rule files and events with their decoded fields.
// It gives: a detect.Engine, and for each rule that cannot be used an error with file, line and column.
// Next door: doc reads the YAML, detect is the seam, another engine may compile the same tree in another way.
//
// The parts, in one direction: rule.go and detection.go turn a document into the tree of ast.go; modifier.go, pattern.go,
// matcher.go and encode.go turn the values of one line into matchers; condition.go reads conditions; field.go and text.go
// look into events; eval.go, explain.go and engine.go judge.
//
// Where the specification leaves room, this is what happens here:
//
//   - A dotted field descends into objects. A key that really contains the dots is preferred.
//   - An array on the way or at the end means "any element". An object is compared as its compact JSON text, keys in the
//     order of the record; so is each object in an array. For |contains the text of a whole array counts too.
//   - Numbers and booleans equal their text: 443, '443' and true, 'true' are the same; numbers also equal by value (1 and 1.0).
//   - null matches a field that is absent or null. A lone * matches every value but null, the empty text included.
//   - |neq is the negation of the whole line, so it holds for an absent field.
//   - |windash holds the five dash characters for equal.
//   - |re is Go's RE2: it finds a match in linear time, and has no look-around and no back-references.
//   - Keywords are looked for in every value and in the compact JSON text of the whole record.
//   - A rule without level is medium. A rule without id goes by its name, else by an id made of its title.
//
// Not supported yet, each a clear error for that rule alone: |expand, aggregations after | in a condition, timeframe,
// correlation and filter documents.
package sigma
