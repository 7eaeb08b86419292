// Package notify carries what people are told to them.
//
// It is: the durable leg from a delivery to a person, channel after channel, and what a channel is.
// It takes: deliveries that were queued in somebody's transaction, whom there is, how each wants to be told, and the channels of the settings.
// It gives: a row that says what was tried, what took it and who answered; and presses of buttons, as commands of a person of ours.
// Next door: notice is the noun; its parts are the channels, one a folder; app hands over the people and what a press does.
package notify
