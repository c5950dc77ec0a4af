package account

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"guildhall/internal/alliance"
	"guildhall/internal/booking"
	"net/netip"
	"time"

	"guildhall/internal/blob"
	"guildhall/internal/call"
	"guildhall/internal/consultation"
	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/forum"
	"guildhall/internal/job"
	"guildhall/internal/member"
	"guildhall/internal/member/key"
	"guildhall/internal/message"
	"guildhall/internal/moderation"
	"guildhall/internal/news"
	"guildhall/internal/notice"
	"guildhall/internal/pass"
	"guildhall/internal/platform"
	"guildhall/internal/proof"
	"guildhall/internal/question"
	"guildhall/internal/representative"
	"guildhall/internal/space"
	"guildhall/internal/web/answer"
	accountpage "guildhall/internal/web/page/account"
	"guildhall/internal/web/quota"
)

// Door is the account's web side. Package app fills it in.
type Door struct {
	DB         *db.DB
	Members    *member.Room
	Faces      *face.Room
	Forum      *forum.Room
	Moderation *moderation.Room
	Passes     *pass.Room
	Spaces     *space.Room
	Questions  *question.Room
	// Platforms forgets what she proposed.
	Platforms *platform.Room
	// Representatives forgets for whom she spoke.
	Representatives *representative.Room
	Pictures        *blob.Store
	// Consultations forgets who answered what.
	Consultations *consultation.Room
	// News forgets what she was told.
	News *news.Room
	// Alliances knows whom she knows, for the export.
	Alliances *alliance.Room
	// Bookings knows who has booked her, and which calendars of hers are read.
	Bookings *booking.Room
	// Messages says how much waits for her, and forgets her devices.
	Messages *message.Room
	Calls    *call.Room
	// Notices brings news to her devices.
	Notices *notice.Room
	// PushKey is the key to which a browser subscribes.
	PushKey string
	// Left ends the lines to open pages of a browser that was signed out; of all for "".
	Left func(face, browser string)
	// HasMail says that the hall sends mail.
	HasMail bool
	// Named counts the rows of every table that name her.
	Named func(context.Context, member.Session) ([]accountpage.Kind, error)
	// Proofs looks at platforms' mails; here it is asked only whether it knows any.
	Proofs *proof.Checker
	// MailKey gives the key that signs mail passes of an epoch; nil: none are taken.
	MailKey func(ctx context.Context, epoch int) (*rsa.PublicKey, error)
	Seal    *key.Sealer
	Gate    *key.Gate
	Now     func() time.Time
	// Secret is the hall's, from which the price of joining is made.
	Secret []byte
	// URL is the hall's own origin: passkeys belong to it.
	URL string
	// Hall is the hall's name as authenticators show it.
	Hall string
	// Cookie names the cookie that signs in; Secure says that it goes by https
	// only.
	Cookie string
	Secure bool
	// Proxies are those whose word about addresses is believed.
	Proxies []netip.Prefix
	// Jobs does what need not be waited for.
	Jobs *job.Queue

	work      *key.Work
	passkeys  *key.Passkeys // nil where browsers refuse passkeys
	addresses *quota.Addresses
	joining   *quota.Meter // by address
	guessing  *quota.Meter // by address: login codes that opened nothing
	exporting *quota.Meter // by account
	renaming  *quota.Meter // by account
	changing  *quota.Meter // by account
	serving   *quota.Meter // by account
	ringing   *quota.Meter // by account
	adding    *quota.Meter // by account: addresses that are asked
	asked     *quota.Meter // by address that is asked, whoever wishes it
	trying    *quota.Meter // by account: trials that ring addresses, too
	hearing   *quota.Meter // by address or account: what devices and pages say they have shown
	joins     *joins
}

// Register puts every route of the door on the mux.
func (d *Door) Register(m *answer.Mux) {
	d.begin()
	d.registerJoin(m)
	d.registerSignIn(m)
	d.registerHub(m)
	d.registerProfile(m)
	d.registerLook(m)
	d.registerKeys(m)
	d.registerBlocked(m)
	d.registerStored(m)
	d.registerExport(m)
	d.registerErasure(m)
	d.registerSteward(m)
	d.registerPasses(m)
	d.registerVouches(m)
	d.registerReach(m)
}

// begin makes what lives as long as the program.
func (d *Door) begin() {
	d.work = key.NewWork(d.Secret, "join", rand.Reader, d.Now)
	d.passkeys, _ = key.NewPasskeys(d.URL, d.Hall, d.Seal) // refused on a bare address: the pages then offer none
	d.addresses = quota.NewAddresses(d.Proxies...)
	meter := func(n int, per time.Duration) *quota.Meter { return quota.New(d.Now, quota.Limit{Count: n, Per: per}) }
	d.joining = meter(60, time.Hour)
	d.guessing = meter(300, time.Hour) // many share an address, and nobody guesses 115 bits
	d.exporting = meter(6, 24*time.Hour)
	d.renaming = meter(6, 24*time.Hour)
	d.changing = meter(200, time.Hour)
	d.serving = meter(120, time.Hour) // a request is thirty signatures
	d.ringing = meter(60, time.Hour)
	d.adding = meter(8, 24*time.Hour)
	d.asked = meter(4, 24*time.Hour)
	d.trying = meter(6, time.Hour)
	d.hearing = meter(1200, time.Hour) // many share an address
	d.joins = newJoins(d.Now)
}
