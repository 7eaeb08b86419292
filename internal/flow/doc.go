// Package flow is the corridor: it moves work from room to room and sees that none of it is forgotten.
//
// It is: legs that run for ever (stream) or handle one named thing at a time (durable), and the engine that drives them.
// It takes: the legs in the order of the road, a Book (the truth, in SQL), a Bus (the motion, NATS JetStream) and a Clock.
// It gives: each durable thing to its leg's handler, when it is due, one replica at a time, again after a failure or a crash.
// Next door: store implements Book; app lists the legs; this is the only room that knows NATS.
package flow
