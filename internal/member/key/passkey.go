package key

import (
	"crypto/sha256"
	"encoding/json"
	"io"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"
	"github.com/go-webauthn/webauthn/webauthn"

	"guildhall/internal/fault"
)

// Passkey is all that is kept of a passkey. The maker's number (AAGUID) and the
// signature counter are not: the one names a device, the other would change
// with each visit.
type Passkey struct {
	ID             []byte // credential id, unique in the hall
	PublicKey      []byte // COSE
	BackupEligible bool   // may live in a cloud; the check of a signature wants to know
	Transports     string // "internal,hybrid": which way the browser should ask
}

// Handle is the random name under which an account is known to authenticators,
// HandleSize bytes. It is made once per account and says nothing.
type Handle []byte

// HandleSize is the length of a Handle in bytes.
const HandleSize = 32

// NewHandle draws a handle for a new account.
func NewHandle(random io.Reader) Handle { return draw(random, HandleSize) }

// ceremonyTTL is how long a person may look for the finger or the stick.
const ceremonyTTL = 10 * time.Minute

// credentialMax bounds what a browser may send as a credential, in bytes.
const credentialMax = 16 << 10

// Passkeys speaks WebAuthn for one origin of the hall. Between the two requests
// of a ceremony the hall keeps nothing: its state travels sealed. An answer to
// Ask is good once.
type Passkeys struct {
	rp     *webauthn.WebAuthn
	sealer *Sealer
	spent  *spent
}

// NewPasskeys serves one origin such as "https://hall.example" or
// "http://localhost:8080"; hall is the name authenticators show.
// Faults: Invalid for an origin on which browsers refuse passkeys.
func NewPasskeys(origin, hall string, sealer *Sealer) (*Passkeys, error) {
	u, err := url.Parse(origin)
	if err != nil || !mayHold(u) {
		return nil, fault.New(fault.Invalid, "key.passkey.origin")
	}
	rp, err := webauthn.New(&webauthn.Config{RPID: u.Hostname(), RPDisplayName: hall, RPOrigins: []string{u.Scheme + "://" + u.Host}})
	if err != nil {
		return nil, fault.New(fault.Invalid, "key.passkey.origin").Because(err)
	}
	return &Passkeys{rp: rp, sealer: sealer, spent: newSpent(ceremonyTTL, sealer.now)}, nil
}

// mayHold tells whether browsers hold passkeys for an origin: it has a name, not
// a number, and is safe.
func mayHold(u *url.URL) bool {
	if _, err := netip.ParseAddr(u.Hostname()); err == nil || u.Hostname() == "" {
		return false
	}
	return u.Scheme == "https" || (u.Scheme == "http" && u.Hostname() == "localhost")
}

// Ceremony is what a browser needs for one ceremony.
type Ceremony struct {
	Sealed string          `json:"ceremony"`  // comes back with the answer
	Public json.RawMessage `json:"publicKey"` // WebAuthn's options in their JSON form
}

// Offer begins the making of a passkey for the account of handle, shown under
// name; held are the account's passkeys, which the authenticator will not double.
// bound ties the ceremony to its page, and to the member when one is signed in.
func (p *Passkeys) Offer(bound string, handle Handle, name string, held []Passkey) (c Ceremony, err error) {
	defer fault.Wrap(&err, "key.Offer")
	options, session, err := p.rp.BeginRegistration(account{handle: handle, name: name},
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(),
			UserVerification: protocol.VerificationRequired,
		}),
		webauthn.WithConveyancePreference(protocol.PreferNoAttestation),
		webauthn.WithCredentialParameters(algorithms),
		webauthn.WithExclusions(descriptors(held)),
	)
	if err != nil {
		return c, err
	}
	return p.seal("offer "+bound, ceremony{session.Challenge, handle}, options.Response)
}

// Accept finishes what Offer began with the credential the browser made (JSON),
// and gives what to keep. Faults: those of Sealer.Open, and Invalid
// "key.passkey.refused".
func (p *Passkeys) Accept(bound, sealed string, credential []byte) (Handle, Passkey, error) {
	refused := fault.New(fault.Invalid, "key.passkey.refused")
	c, err := p.open("offer "+bound, sealed)
	if err != nil {
		return nil, Passkey{}, err
	}
	if len(credential) > credentialMax {
		return nil, Passkey{}, refused
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(credential)
	if err != nil {
		return nil, Passkey{}, refused.Because(err)
	}
	made, err := p.rp.CreateCredential(account{handle: c.Handle}, webauthn.SessionData{
		Challenge: c.Challenge, UserID: c.Handle, UserVerification: protocol.VerificationRequired, CredParams: algorithms,
	}, parsed)
	if err != nil {
		return nil, Passkey{}, refused.Because(err)
	}
	return c.Handle, Passkey{
		ID: made.ID, PublicKey: made.PublicKey, BackupEligible: made.Flags.BackupEligible, Transports: transports(made.Transport),
	}, nil
}

// Ask begins signing in by any passkey of this hall; no name is needed.
func (p *Passkeys) Ask() (c Ceremony, err error) {
	defer fault.Wrap(&err, "key.Ask")
	options, session, err := p.rp.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return c, err
	}
	return p.seal("ask", ceremony{Challenge: session.Challenge}, options.Response)
}

// Recognise finishes what Ask began. find looks the credential id up and gives
// the passkey and the handle of its account, or a fault of its own, which is
// returned. Faults: those of Sealer.Open, Conflict when the ceremony was used,
// Invalid "key.passkey.refused".
func (p *Passkeys) Recognise(sealed string, credential []byte, find func(id []byte) (Passkey, Handle, error)) (Passkey, error) {
	refused := fault.New(fault.Invalid, "key.passkey.refused")
	c, err := p.open("ask", sealed)
	if err != nil {
		return Passkey{}, err
	}
	if len(credential) > credentialMax {
		return Passkey{}, refused
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(credential)
	if err != nil {
		return Passkey{}, refused.Because(err)
	}
	found, handle, err := find(parsed.RawID)
	if err != nil {
		return Passkey{}, err
	}
	session := webauthn.SessionData{Challenge: c.Challenge, UserVerification: protocol.VerificationRequired}
	owner := account{handle: handle, held: []Passkey{found}}
	if _, err = p.rp.ValidateDiscoverableLogin(func(_, _ []byte) (webauthn.User, error) { return owner, nil }, session, parsed); err != nil {
		return Passkey{}, refused.Because(err)
	}
	sum := sha256.Sum256([]byte(c.Challenge))
	if err := p.spent.take([16]byte(sum[:])); err != nil {
		return Passkey{}, fault.New(fault.Conflict, "key.seal.old").Because(err)
	}
	return found, nil
}

// ceremony is the sealed state between two requests.
type ceremony struct {
	Challenge string `json:"c"`
	Handle    Handle `json:"h,omitempty"`
}

func (p *Passkeys) seal(purpose string, c ceremony, options any) (Ceremony, error) {
	public, err := json.Marshal(options)
	if err != nil {
		return Ceremony{}, err
	}
	state, err := json.Marshal(c)
	if err != nil {
		return Ceremony{}, err
	}
	return Ceremony{Sealed: p.sealer.Seal("passkey "+purpose, state, ceremonyTTL), Public: public}, nil
}

func (p *Passkeys) open(purpose, sealed string) (c ceremony, err error) {
	state, err := p.sealer.Open("passkey "+purpose, sealed)
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal(state, &c); err != nil {
		return c, fault.New(fault.Invalid, "key.seal.broken").Because(err)
	}
	return c, nil
}

// algorithms are those every authenticator on sale knows one of.
var algorithms = []protocol.CredentialParameter{
	{Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.AlgES256},
	{Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.AlgEdDSA},
	{Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.AlgRS256},
}

// account is a member as go-webauthn wants to see one.
type account struct {
	handle Handle
	name   string
	held   []Passkey
}

func (a account) WebAuthnID() []byte          { return a.handle }
func (a account) WebAuthnName() string        { return a.name }
func (a account) WebAuthnDisplayName() string { return a.name }
func (a account) WebAuthnCredentials() []webauthn.Credential {
	cs := make([]webauthn.Credential, len(a.held))
	for i, k := range a.held {
		cs[i] = webauthn.Credential{ID: k.ID, PublicKey: k.PublicKey, Flags: webauthn.CredentialFlags{BackupEligible: k.BackupEligible}}
	}
	return cs
}

func descriptors(held []Passkey) []protocol.CredentialDescriptor {
	ds := make([]protocol.CredentialDescriptor, len(held))
	for i, k := range held {
		ds[i] = protocol.CredentialDescriptor{Type: protocol.PublicKeyCredentialType, CredentialID: k.ID}
		for t := range strings.SplitSeq(k.Transports, ",") {
			if t != "" {
				ds[i].Transport = append(ds[i].Transport, protocol.AuthenticatorTransport(t))
			}
		}
	}
	return ds
}

// transports keeps the known ways only: what a browser sends here is shown to
// nobody but comes back to browsers.
func transports(ts []protocol.AuthenticatorTransport) string {
	var keep []string
	for _, t := range ts {
		switch t {
		case protocol.USB, protocol.NFC, protocol.BLE, protocol.Hybrid, protocol.Internal:
			keep = append(keep, string(t))
		}
	}
	return strings.Join(keep, ",")
}
