// Package slack tells people in Slack, and hears what they press there.
//
// It is: messages of Block Kit with buttons, and Socket Mode: the program opens the connection, so that nothing of ours is open to the internet.
// It takes: two tokens, letters of deliveries, and who of us a member of Slack is.
// It gives: messages that show what became of them; presses and commands as those of a person of ours. Of strangers it takes nothing.
// Next door: notify carries deliveries by it; app says what a press does.
package slack
