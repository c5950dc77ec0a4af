package push

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"guildhall/internal/fault"
	"guildhall/internal/fetch"
)

// Note is what an address is sent that is no browser's. Its service reads it.
type Note struct {
	ID          string // what is handed over twice has the same
	Title, Text string
	Link        string // where in the hall it leads
	Seen        Seen
	Urgency     Urgency
}

// Seen is how a note is acknowledged: by a form with these two fields.
type Seen struct {
	URL    string `json:"url"`
	Token  string `json:"token"`
	Notice string `json:"notice"`
	Label  string `json:"-"` // on a button
}

// CheckNtfy refuses an address that is none of a topic. Faults: Invalid.
func (c *Client) CheckNtfy(endpoint string) error {
	_, _, err := c.topic(endpoint)
	return err
}

// CheckHook refuses an address to which nothing could be sent. Faults: Invalid.
func (c *Client) CheckHook(endpoint string) error {
	_, err := c.hook(endpoint)
	return err
}

func (c *Client) hook(endpoint string) (*url.URL, error) {
	u, why := c.address(endpoint)
	if why == "" && !c.local && fetch.Closed(u.Hostname()) {
		why = "closed"
	}
	if why != "" {
		return nil, fault.New(fault.Invalid, "push.address").Because(errors.New(why))
	}
	return u, nil
}

// topic reads https://server/topic.
func (c *Client) topic(endpoint string) (server *url.URL, topic string, err error) {
	u, err := c.hook(endpoint)
	if err != nil {
		return nil, "", err
	}
	at := strings.LastIndexByte(u.Path, '/')
	if at < 0 || at == len(u.Path)-1 {
		return nil, "", fault.New(fault.Invalid, "push.topic")
	}
	topic, root := u.Path[at+1:], *u
	root.Path, root.RawPath = u.Path[:at+1], ""
	return &root, topic, nil
}

type ntfyAction struct {
	Action  string            `json:"action"`
	Label   string            `json:"label"`
	URL     string            `json:"url"`
	Method  string            `json:"method"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
	Clear   bool              `json:"clear"`
}

type ntfyNote struct {
	Topic    string       `json:"topic"`
	Title    string       `json:"title"`
	Message  string       `json:"message"`
	Click    string       `json:"click"`
	Priority int          `json:"priority"`
	Actions  []ntfyAction `json:"actions"`
}

var ntfyPriority = map[Urgency]int{Low: 2, Normal: 3, High: 5}

// Ntfy publishes a note on a topic of ntfy (docs.ntfy.sh/publish, "Publish as JSON"), with a
// button that says it was seen. Faults: Invalid.
func (c *Client) Ntfy(ctx context.Context, endpoint string, n Note) (o Outcome, err error) {
	defer fault.Wrap(&err, "push.Ntfy")
	server, topic, err := c.topic(endpoint)
	if err != nil {
		return o, err
	}
	seen := url.Values{"token": {n.Seen.Token}, "notice": {n.Seen.Notice}}.Encode()
	note := ntfyNote{Topic: topic, Title: n.Title, Message: n.Text, Click: n.Link, Priority: ntfyPriority[n.Urgency], Actions: []ntfyAction{{
		Action: "http", Label: n.Seen.Label, URL: n.Seen.URL, Method: http.MethodPost, Body: seen, Clear: true,
		Headers: map[string]string{"Content-Type": "application/x-www-form-urlencoded"},
	}}}
	body, _ := json.Marshal(note) // of texts only: it cannot fail
	return c.post(ctx, server, http.Header{}, body)
}

// Hook sends a note to a program of somebody's, signed as Standard Webhooks has it
// (standardwebhooks.com, "v1"). secret is base64. Faults: Invalid.
func (c *Client) Hook(ctx context.Context, endpoint, secret string, n Note) (o Outcome, err error) {
	defer fault.Wrap(&err, "push.Hook")
	u, err := c.hook(endpoint)
	if err != nil {
		return o, err
	}
	k, err := base64.StdEncoding.DecodeString(secret)
	if err != nil {
		return o, fault.New(fault.Internal, "fault.internal").Because(errors.New("a secret is damaged"))
	}
	body, _ := json.Marshal(struct {
		Type string `json:"type"`
		Text string `json:"text"`
		Link string `json:"link"`
		Seen Seen   `json:"seen"`
	}{"notice", n.Text, n.Link, n.Seen})
	at := strconv.FormatInt(c.rests.now().Unix(), 10)
	mac := hmac.New(sha256.New, k)
	mac.Write([]byte(n.ID + "." + at + "."))
	mac.Write(body)
	return c.post(ctx, u, http.Header{
		"Webhook-Id": {n.ID}, "Webhook-Timestamp": {at}, "Webhook-Signature": {"v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))},
	}, body)
}

// post hands a body to an address as to a push service: that it is not taken is an Outcome.
func (c *Client) post(ctx context.Context, u *url.URL, h http.Header, body []byte) (o Outcome, err error) {
	if err := refuseInTx(ctx); err != nil {
		return o, err
	}
	if wait := c.rests.left(u.Host); wait > 0 {
		return Outcome{Kind: Resting, After: wait}, nil
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(body))
	if err != nil {
		return o, fault.New(fault.Invalid, "push.address")
	}
	r.Header = h
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Guildhall")
	resp, err := c.http.Do(r)
	return c.settle(ctx, u, resp, err)
}
