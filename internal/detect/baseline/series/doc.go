// Package series is what is normal for one metric.
//
// It is: a detector for one series of numbers, such as CPU use, bytes or requests a minute, that never looks ahead.
// It takes: values with their times, one at a time, in order.
// It gives: a score for each value, and in words what is unusual about it.
// Next door: detect/baseline does the same for what principals do; the sketches come from detect/baseline/sketch.
package series
