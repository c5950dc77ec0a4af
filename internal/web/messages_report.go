package web

import (
	"context"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/message"
	"guildhall/internal/moderation"
	"guildhall/internal/web/answer"
	moderationpage "guildhall/internal/web/page/moderation"
	"guildhall/internal/web/viewer"
)

// spoken is one message as its reader's browser shows it to the stewards.
type spoken struct {
	Face             face.ID
	Day              int
	Words            string
	FileName         string `json:"file_name"`
	FileSize         int64  `json:"file_size"`
	FileSeal         string `json:"file_seal"`
	Proof            sealed
	Cause, Complaint string
}

// reportMessage shows the stewards one message, if its author has signed it, and what is
// complained of.
func (d *Door) reportMessage(r *answer.Request, by face.ID) (any, error) {
	var in spoken
	err := readJSON(r, &in)
	if err == nil {
		err = d.Pace.Take(string(by))
	}
	if err != nil {
		return nil, err
	}
	return done{}, d.DB.Tx(r.Context(), func(ctx context.Context) error {
		a, err := d.moderator(ctx, r)
		if err != nil {
			return err
		}
		id, err := d.Messages.Disclose(ctx, by, message.Spoken{Face: in.Face, Day: in.Day, Words: in.Words,
			FileName: in.FileName, FileSize: in.FileSize, FileSeal: in.FileSeal, Proof: in.Proof})
		if err != nil {
			return err
		}
		return d.Moderation.Report(ctx, a, moderation.Target{Kind: ofMessage, ID: id}, moderation.Cause(in.Cause), in.Complaint)
	})
}

// messageText is text for a message that was shown to the stewards: nobody else sees it.
func (d *Door) messageText(ctx context.Context, a moderationpage.About) (moderationpage.About, error) {
	v := viewer.From(ctx)
	if !v.Steward {
		return a, fault.New(fault.NotFound, "fault.not_found")
	}
	m, err := d.Messages.Disclosed(ctx, a.ID)
	if err != nil {
		return a, err
	}
	faces, err := d.Faces.Faces(ctx, []face.ID{m.Face})
	a.Title, a.Author, a.Plain = v.Lang.T("message.reported.one"), faces[m.Face], m.Words
	if m.FileName != "" {
		a.Plain += "\n" + v.Lang.T("message.reported.file", m.FileName, m.FileSize)
	}
	return a, err
}

// settleMessage throws a message away that stewards have decided about; of other things
// it does nothing.
func (d *Door) settleMessage(ctx context.Context, t moderation.Target, warned bool) error {
	if t.Kind != ofMessage {
		return nil
	}
	return d.Messages.Settle(ctx, t.ID, warned)
}

// warn tells whoever wrote a message why it must not be said, and not who has shown it.
func (d *Door) warn(w *answer.Writer, r *answer.Request) error {
	t := moderation.Target{Kind: ofMessage, ID: r.Text("id")}
	err := d.decide(w, r, moderation.Warn, t, "/moderation", func(ctx context.Context) error { return d.settleMessage(ctx, t, true) })
	if fault.Is(err, fault.Invalid) {
		return d.queueAgain(w, r, t, err)
	}
	return err
}

// messageCauses are what can be complained of in a message, by their names.
func messageCauses() (list []string) {
	for _, c := range moderation.Causes() {
		list = append(list, string(c))
	}
	return list
}
