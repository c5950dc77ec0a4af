//go:build browser

package browser

import (
	"github.com/chromedp/cdproto/network"
)

// traffic adds up what goes over the wire.
type traffic struct {
	requests int
	bytes    float64
	urls     map[network.RequestID]string
	each     map[string]float64
}

func (w *traffic) hear(event any) {
	if w.urls == nil {
		w.urls, w.each = map[network.RequestID]string{}, map[string]float64{}
	}
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		w.urls[e.RequestID] = e.Request.URL
	case *network.EventLoadingFinished:
		if e.EncodedDataLength == 0 {
			return // came from memory
		}
		w.requests++
		w.bytes += e.EncodedDataLength
		w.each[w.urls[e.RequestID]] += e.EncodedDataLength
	}
}

// weigh empties the scale and gives what it showed.
func (p *visitor) weigh() traffic {
	p.mu.Lock()
	defer p.mu.Unlock()
	w := p.traffic
	p.traffic = traffic{}
	return w
}
