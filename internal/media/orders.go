package media

import "fmt"

// Orders are what the child is told by its input, one line of JSON. When its input ends, it
// ends.
type Orders struct {
	Key    string `json:"key"`
	Secret string `json:"secret"`
	// IP is the address of this machine that browsers are told; on loopback nobody else is
	// served.
	IP string `json:"ip"`
	// UDP and TCP are the ports on which media comes, TURN the one of the relay; 0: any.
	UDP  int `json:"udp"`
	TCP  int `json:"tcp"`
	TURN int `json:"turn"`
	// Domain is the name under which browsers find the relay inside TLS, on port 443, where
	// the hall ends the TLS; "": there is none.
	Domain string `json:"domain,omitempty"`
}

// ready is what the child prints before its ports, once it answers.
const ready = "ready "

// Ready is the line by which the child says that it answers: on which port of loopback its
// web side does, and on which the relay does for those whose TLS the hall has ended; 0: it
// does not.
func Ready(web, relay int) string { return fmt.Sprintf("%s%d %d\n", ready, web, relay) }
