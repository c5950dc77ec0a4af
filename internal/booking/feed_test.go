package booking_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"guildhall/internal/booking"
	"guildhall/internal/fault"
)

// at is a calendar whose address is its key.
func at(address string) booking.Elsewhere { return booking.Elsewhere{Address: address} }

// A calendar server is read with the name and the word, all calendars on it together; one of
// them that cannot be trusted makes all of it unknown.
func TestFeeds_signedInTo(t *testing.T) {
	each(t, func(h *hall) {
		there := booking.Elsewhere{Address: "https://calendar.example/ana/", Login: "ana", Word: "a word for programs"}
		var files []string
		h.Calendars = func(_ context.Context, asked booking.Elsewhere, from, to time.Time) (out [][]byte, err error) {
			if asked != there || !from.Before(h.at) || to.Sub(from) < booking.MaxAhead*24*time.Hour {
				h.t.Errorf("asked for %+v from %v to %v", asked, from, to)
			}
			if len(files) == 0 {
				return nil, fault.New(fault.Invalid, "caldav.refused").Because(errors.New("401"))
			}
			for _, f := range files {
				out = append(out, []byte(f))
			}
			return out, nil
		}
		_, err := h.AddFeed(h.ctx, h.ana, there)
		h.ok(err)
		files = []string{fileOf(on(5, 9), on(5, 10)), fileOf(on(5, 10), on(5, 11))}
		h.ok(h.Refresh(h.ctx))
		h.shows(h.talk, "5T11:00 6T09:00 6T10:00 6T11:00")
		files[1] = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:never\nEND:VEVENT\nEND:VCALENDAR"
		h.at = h.at.Add(time.Hour)
		h.ok(h.Refresh(h.ctx))
		h.shows(h.talk, "5T11:00 6T09:00 6T10:00 6T11:00 unknown since 1T13:00")
		files = nil
		h.ok(h.Refresh(h.ctx))
		list, err := h.Feeds(h.ctx, h.ana)
		h.ok(err)
		if len(list) != 1 || list[0].Login != "ana" || list[0].Why != "caldav.refused" {
			h.t.Errorf("%+v", list)
		}
		for field, e := range map[string]booking.Elsewhere{
			"word":    {Address: there.Address, Login: "ana"},
			"word ":   {Address: there.Address, Word: "x"},
			"word  ":  {Address: there.Address, Login: "ana", Word: strings.Repeat("x", 201)},
			"login":   {Address: there.Address, Login: strings.Repeat("x", 201), Word: "x"},
			"address": {Address: "http://calendar.example/", Login: "ana", Word: "x"},
		} {
			_, err := h.AddFeed(h.ctx, h.ana, e)
			if f := fault.From(err); f.Kind != fault.Invalid || f.Field != strings.TrimSpace(field) {
				h.t.Errorf("%s: %v", field, err)
			}
		}
	})
}
