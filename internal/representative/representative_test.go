package representative_test

import (
	"encoding/json"
	"fmt"
	"guildhall/internal/face"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/representative"
)

func TestClaim(t *testing.T) {
	each(t, func(h *hall) {
		_, err := h.Claim(h.ctx, h.nobody, "gigharbour", "Support")
		h.refused(err, fault.SignIn, "", "fault.sign_in")
		_, err = h.Claim(h.ctx, h.ana, "nowhere", "Support")
		h.refused(err, fault.NotFound, "", "representative.no_platform")
		_, err = h.Claim(h.ctx, h.ana, "gigharbour", " \n ")
		h.refused(err, fault.Invalid, "role", "fault.empty")
		for role, key := range map[string]string{
			"Send us your user name: help": "guard.asks", "help@gigharbour.example": "guard.asks", "Call +34 600 123 456": "guard.personal.number",
			"Support \u202etroppuS": "guard.hidden", "S\u200bupport": "guard.hidden",
		} {
			_, err = h.Claim(h.ctx, h.ana, "gigharbour", role)
			h.refused(err, fault.Invalid, "role", key)
		}
		_, err = h.Claim(h.ctx, h.ana, "gigharbour", strings.Repeat("é", representative.MaxRole+1))
		h.refused(err, fault.Invalid, "role", "fault.too_long")
		m := h.claim(h.ana, " Trust  &\tSafety ")
		if m.Role != "Trust & Safety" || m.Domain != "gigharbour.example" || m.State(h.at) != representative.Waits {
			t.Errorf("%+v", m)
		}
		if !strings.HasPrefix(m.Text, "guildhall-representative=hall.test/gigharbour/") || strings.Contains(m.Text, string(h.ana.Face)) || len(m.Text) > 255 {
			t.Error(m.Text)
		}
		_, err = h.Claim(h.ctx, h.ana, "gigharbour", "Support")
		h.refused(err, fault.Conflict, "", "representative.already")
		if n := h.claim(h.bo, "Support"); n.Text == m.Text {
			t.Error("two people have one text")
		}
		if !h.told("mandates:gigharbour") {
			t.Error(h.touched)
		}
		_, err = h.Acting(h.ctx, h.ana, "gigharbour")
		h.refused(err, fault.Forbidden, "", "representative.may.waits")
	})
}

func TestCheck_bothWays(t *testing.T) {
	each(t, func(h *hall) {
		m := h.claim(h.ana, "Support")
		_, err := h.Check(h.ctx, h.bo, m.ID)
		h.refused(err, fault.NotFound, "", "representative.none")
		_, err = h.Check(h.ctx, h.nobody, m.ID)
		h.refused(err, fault.SignIn, "", "fault.sign_in")
		if x := h.check(h.ana, m); x.DNSFault != "representative.dns.none" || x.FileFault != "representative.file.none" || !x.First.IsZero() {
			t.Errorf("%+v", x)
		}
		if len(h.asked) != 2 || h.asked[0] != "_guildhall.gigharbour.example." || h.asked[1] != "https://gigharbour.example/.well-known/guildhall.txt" {
			t.Error(h.asked)
		}
		h.file, h.fileErr = "# who speaks for us\r\n"+m.Text+"\r\n", nil
		if x := h.check(h.ana, m); x.Way != representative.ByFile || !x.Found.Equal(h.at) || x.State(h.at) != representative.Proven {
			t.Errorf("%+v", x)
		}
		h.publish(m)
		h.at = h.at.Add(time.Hour)
		if x := h.check(h.ana, m); x.Way != representative.ByDNS || !x.First.Equal(h.at.Add(-time.Hour)) {
			t.Errorf("%+v", x)
		}
		if a, err := h.Acting(h.ctx, h.ana, "gigharbour"); err != nil || a.ID != m.ID {
			t.Error(a, err)
		}
		_, err = h.Acting(h.ctx, h.bo, "gigharbour")
		h.refused(err, fault.Forbidden, "", "representative.may.act")
		_, err = h.Acting(h.ctx, h.nobody, "gigharbour")
		h.refused(err, fault.SignIn, "", "fault.sign_in")
		if a, err := h.Acts(h.ctx, h.bo, "gigharbour"); err != nil || a.ID != "" {
			t.Error(a, err)
		}
		if a, err := h.Acts(h.ctx, h.nobody, "gigharbour"); err != nil || a.ID != "" {
			t.Error(a, err)
		}
	})
}

// What a stranger's domain may answer.
func TestCheck_hostile(t *testing.T) {
	each(t, func(h *hall) {
		m, other := h.claim(h.ana, "Support"), h.claim(h.bo, "Support")
		huge := make([]string, 5000)
		for i := range huge {
			huge[i] = strings.Repeat("x", 60000)
		}
		for name, c := range map[string]struct {
			txt     []string
			txtErr  error
			file    string
			fileErr error
			dns, at string
		}{
			"another person's":     {txt: []string{other.Text}, file: other.Text, dns: "other", at: "other"},
			"inside another text":  {txt: []string{m.Text + "x", "x " + m.Text}, file: "see " + m.Text, dns: "other", at: "other"},
			"huge records":         {txt: append(huge, m.Text), fileErr: noFile, dns: "other", at: "none"},
			"huge file":            {file: strings.Repeat("x\n", representative.MaxFile) + m.Text, dns: "other", at: "other"},
			"many lines":           {file: strings.Repeat("\n", 300) + m.Text, dns: "other", at: "other"},
			"one long line":        {file: strings.Repeat(" ", representative.MaxFile) + m.Text, dns: "other", at: "other"},
			"a page":               {file: "<p>" + m.Text + "</p>", dns: "other", at: "other"},
			"upper case":           {txt: []string{strings.ToUpper(m.Text)}, dns: "other", at: "other"},
			"elsewhere":            {txtErr: errDown, fileErr: fault.New(fault.Invalid, "fetch.elsewhere"), dns: "down", at: "elsewhere"},
			"private":              {txtErr: &net.DNSError{IsTimeout: true}, fileErr: fault.New(fault.Invalid, "fetch.closed"), dns: "down", at: "closed"},
			"too large to be read": {fileErr: fault.New(fault.Invalid, "fetch.too_large", 1), dns: "other", at: "large"},
			"broken":               {fileErr: fault.New(fault.Unavailable, "fetch.unreachable"), dns: "other", at: "down"},
			"right, but an error":  {txt: []string{m.Text}, txtErr: errDown, file: m.Text, fileErr: errDown, dns: "down", at: "down"},
		} {
			h.txt, h.txtErr, h.file, h.fileErr = c.txt, c.txtErr, c.file, c.fileErr
			if x := h.check(h.ana, m); x.DNSFault != "representative.dns."+c.dns || x.FileFault != "representative.file."+c.at || x.Way != "" || !x.First.IsZero() {
				t.Errorf("%s: %s, %s, %q", name, x.DNSFault, x.FileFault, x.Way)
			}
		}
		h.publish(m)
		h.domain = "xn--ggharbour-41a.example" // the steward's word on the domain was another one
		if x := h.check(h.ana, m); x.DNSFault != "representative.no_platform" || !x.First.IsZero() {
			t.Errorf("%+v", x)
		}
	})
}

// A proof that is not found again for three days lapses; found once more it goes on.
func TestLapse(t *testing.T) {
	each(t, func(h *hall) {
		m := h.proven(h.ana, "Support")
		if !slices.Equal(h.began, []representative.ID{m.ID}) {
			t.Errorf("told of %v", h.began)
		}
		found := h.at
		h.silence()
		acts := func(yes bool) {
			t.Helper()
			x, err := h.Acts(h.ctx, h.ana, "gigharbour")
			if h.ok(err); (x.ID != "") != yes {
				t.Errorf("%s after: acts is not %v", h.at.Sub(found), yes)
			}
		}
		for hour := 1; hour <= 72; hour++ {
			h.at = found.Add(time.Duration(hour) * time.Hour)
			h.ok(h.CheckDue(h.ctx))
			acts(hour < 72)
		}
		if n := len(h.asked); n != 2*3+1 { // the press found it in the DNS; each daily look asked both
			t.Errorf("asked %d times", n)
		}
		_, err := h.Acting(h.ctx, h.ana, "gigharbour")
		h.refused(err, fault.Forbidden, "", "representative.may.lapsed")
		list, err := h.OfPlatform(h.ctx, h.nobody, "gigharbour")
		if err != nil || len(list) != 1 || list[0].State(h.at) != representative.Lapsed || !list[0].Found.Equal(found) {
			t.Error(list, err)
		}
		h.touched = nil
		h.ok(h.CheckDue(h.ctx))
		if !h.told("mandate:" + string(m.ID)) {
			t.Error("pages that were kept still say that it is proven")
		}
		h.publish(m)
		h.at = h.at.Add(24 * time.Hour)
		h.ok(h.CheckDue(h.ctx))
		acts(true)
		h.domain = "" // stewards refuse the platform after all
		acts(false)
		h.domain = "gigharbour.example"
		// Found nothing for a month: the hall looks no more by itself.
		h.silence()
		h.at = h.at.AddDate(0, 0, 31)
		h.asked = nil
		h.ok(h.CheckDue(h.ctx))
		if len(h.asked) != 0 {
			t.Error(h.asked)
		}
	})
}

// Nobody learns who it is unless she wishes it; what was never proven is her own.
func TestShow_andVeil(t *testing.T) {
	each(t, func(h *hall) {
		h.claim(h.bo, "Never proven")
		m := h.proven(h.ana, "Trust & Safety")
		steward := representative.Actor{Face: h.bo.Face, Steward: true}
		secret := func(a representative.Actor) {
			t.Helper()
			list, err := h.OfPlatform(h.ctx, a, "gigharbour")
			h.ok(err)
			x, err := h.Mandate(h.ctx, a, m.ID)
			h.ok(err)
			by, err := h.Mandates(h.ctx, a, m.ID, "", m.ID, "nothing")
			h.ok(err)
			b, err := json.Marshal([]any{list, x, by})
			h.ok(err)
			if s := string(b); len(by) != 1 || strings.Contains(s, string(h.ana.Face)) || strings.Contains(s, m.Text) || a == h.nobody && strings.Contains(s, "Never") {
				t.Error(s)
			}
		}
		secret(h.nobody)
		secret(steward)
		bs, err := h.Badges(h.ctx, h.ana.Face)
		if err != nil || len(bs) != 0 {
			t.Error(bs, err)
		}
		h.refused(h.Show(h.ctx, h.bo, m.ID, true, true), fault.NotFound, "", "representative.none")
		h.ok(h.Show(h.ctx, h.ana, m.ID, true, true))
		x, err := h.Mandate(h.ctx, h.nobody, m.ID)
		if err != nil || x.Face.Name != "ana" || x.Text != "" {
			t.Error(x, err)
		}
		if bs, err = h.Badges(h.ctx, h.ana.Face); err != nil || len(bs) != 1 || bs[0].Role != "Trust & Safety" {
			t.Error(bs, err)
		}
		_, err = h.OfFace(h.ctx, h.nobody)
		h.refused(err, fault.SignIn, "", "fault.sign_in")
		if own, err := h.OfFace(h.ctx, h.ana); err != nil || len(own) != 1 || own[0].Text == "" {
			t.Error(own, err)
		}
		if _, err := h.Mandate(h.ctx, h.nobody, "nothing"); err == nil {
			t.Error("a mandate out of nothing")
		}
	})
}

// Claims of strangers hold up nobody who speaks for a platform, nor the hall.
func TestCheckDue_provenFirstAndNotForEver(t *testing.T) {
	each(t, func(h *hall) {
		for i := range 60 {
			h.claim(representative.Actor{Face: face.ID(fmt.Sprint("stranger", i))}, "Support")
		}
		m := h.proven(h.ana, "Trust & Safety")
		h.at = h.at.AddDate(0, 0, 1)
		h.asked, h.slow = nil, 7*time.Second
		h.ok(h.CheckDue(h.ctx)) // claims are asked for in the DNS and in the file
		x, err := h.Mandate(h.ctx, h.ana, m.ID)
		if h.ok(err); !x.Found.After(m.Found) || len(h.asked) < 5 || len(h.asked) > 10 {
			t.Errorf("found %s, asked %d times", x.Found, len(h.asked))
		}
		h.asked, h.slow = nil, 0
		h.txtErr, h.fileErr = errDown, errDown
		h.at = h.at.AddDate(0, 0, 1)
		if h.ok(h.CheckDue(h.ctx)); len(h.asked) != 2 {
			t.Errorf("a domain that is down is asked %d times", len(h.asked))
		}
	})
}

func TestEnd_andErase(t *testing.T) {
	each(t, func(h *hall) {
		m, waits := h.proven(h.ana, "Support"), h.claim(h.bo, "Support")
		h.refused(h.End(h.ctx, h.bo, m.ID), fault.NotFound, "", "representative.none")
		h.ok(h.End(h.ctx, h.ana, m.ID))
		h.refused(h.End(h.ctx, h.ana, m.ID), fault.Conflict, "", "representative.may.ended")
		_, err := h.Acting(h.ctx, h.ana, "gigharbour")
		h.refused(err, fault.Forbidden, "", "representative.may.act")
		h.ok(h.End(h.ctx, h.bo, waits.ID))
		list, err := h.OfPlatform(h.ctx, h.bo, "gigharbour")
		if err != nil || len(list) != 1 || list[0].State(h.at) != representative.Ended {
			t.Error(list, err)
		}
		again := h.proven(h.ana, "Policy")
		h.ok(h.Show(h.ctx, h.ana, again.ID, true, true))
		h.ok(h.Erase(h.ctx, h.ana.Face))
		list, err = h.OfPlatform(h.ctx, h.nobody, "gigharbour")
		if err != nil || len(list) != 2 || list[1].Face.ID != "" || list[1].State(h.at) != representative.Ended {
			t.Error(list, err)
		}
		// What was never proven is forgotten after a month.
		h.claim(h.bo, "Support")
		h.silence()
		h.at = h.at.AddDate(0, 0, 32)
		h.ok(h.CheckDue(h.ctx))
		if own, err := h.OfFace(h.ctx, h.bo); err != nil || len(own) != 0 {
			t.Error(own, err)
		}
	})
}

func TestMay(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	ana, bo := representative.Actor{Face: "ana"}, representative.Actor{Face: "bo", Steward: true}
	m := representative.Mandate{ID: "m", First: now, Found: now}
	m.Face.ID = "ana"
	lapsed, waits, ended := m, m, m
	lapsed.Found, waits.First, ended.Ended = now.Add(-representative.Lasts), time.Time{}, now
	for what, c := range map[string]struct {
		err error
		key string
	}{
		"claim":         {representative.MayClaim(ana), ""},
		"claim, nobody": {representative.MayClaim(representative.Actor{}), "fault.sign_in"},
		"keep":          {representative.MayKeep(ana, m), ""},
		"keep, another": {representative.MayKeep(bo, m), "representative.none"},
		"keep, ended":   {representative.MayKeep(ana, ended), "representative.may.ended"},
		"act":           {representative.MayAct(ana, m, now), ""},
		"act, steward":  {representative.MayAct(bo, m, now), "representative.may.act"},
		"act, none":     {representative.MayAct(ana, representative.Mandate{}, now), "representative.may.act"},
		"act, waits":    {representative.MayAct(ana, waits, now), "representative.may.waits"},
		"act, lapsed":   {representative.MayAct(ana, lapsed, now), "representative.may.lapsed"},
		"act, ended":    {representative.MayAct(ana, ended, now), "representative.may.ended"},
	} {
		if got := fault.From(c.err); (c.err == nil) != (c.key == "") || c.err != nil && got.Key != c.key {
			t.Errorf("%s: %v, want %q", what, c.err, c.key)
		}
	}
}
