package media

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
	// Domain and TLS are the name and the port on loopback of the relay inside TLS, which
	// the hall ends; "" and 0 without.
	Domain string `json:"domain,omitempty"`
	TLS    int    `json:"tls,omitempty"`
}

// ready is what the child prints before the port of its web side, once it answers.
const ready = "ready "

// Ready is the line by which the child says that it answers on a port of loopback.
func Ready(port string) string { return ready + port + "\n" }
